import { err, ok, type Result } from '../../lib/result.ts';
import { amountAt, headAt } from './head.ts';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** All that messages are made of. */
export type Value = string | boolean;

/** What may be wrong with the values of a message; nothing of them is repeated. */
export const WRONG_TYPE = 'a value is of the wrong type';
export const UNKNOWN_ACTION = 'unknown action';

/** The `count` whole values that begin at `at`, or what is wrong with them; nothing is made of other types. */
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
