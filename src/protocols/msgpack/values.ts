import { err, ok, type Result } from '../../lib/result.ts';
import { amountAt, headAt } from './head.ts';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A value of a message. */
export type Value = string | boolean;

/** Problems with the values of a message. The texts repeat nothing of the message. */
export const WRONG_TYPE = 'a value is of the wrong type';
export const UNKNOWN_ACTION = 'unknown action';

/** Reads the `count` values that begin at `at`, which must be complete. Other types than strings and booleans are an error. */
export function valuesAt(bytes: Uint8Array, at: number, count: number): Result<readonly Value[], string> {
  const values: Value[] = [];
  let next = at;
  while (values.length < count) {
    const head = headAt(bytes, next);
    const body = next + 1 + head.lengthBytes;
    if (head.kind === 'string') {
      next = body + amountAt(bytes, next, head);
      const text = textOf(bytes.subarray(body, next));
      if (text === null) return err('a string is not UTF-8'); // MSGP-07
      values.push(text);
    } else if (head.kind === 'true' || head.kind === 'false') {
      next = body;
      values.push(head.kind === 'true');
    } else return err(WRONG_TYPE); // MSGP-08
  }
  return ok(values);
}

function textOf(bytes: Uint8Array): string | null {
  try {
    return decoder.decode(bytes);
  } catch {
    return null;
  }
}
