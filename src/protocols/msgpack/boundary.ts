import type { Encoding } from '../../connections/protocol-adapter.ts';
import { amountAt, headAt } from './head.ts';
import { UNKNOWN_ACTION, valuesAt } from './values.ts';
import { type Obstacle, type Refused, tooLong, Walk } from './walk.ts';

/** The boundaries of a complete message: `count` values from `at` to `end`. */
export type Found = {
  readonly type: 'found';
  readonly at: number;
  readonly count: number;
  readonly end: number;
};

/** How many values follow the first one of a message; `null` if the first one does not tell. */
export type Following = (first: string) => number | null;

const empty = refused('a frame is empty');
const cutOff = refused('a frame ends before its last value does');
const surplus = refused('a frame goes on after its message');
const noBeginning = refused('a message begins with neither a string nor an array');
const unknown = refused(UNKNOWN_ACTION);

/** The encoding of the message that begins with the first byte, which must exist; `null` if no message begins so. */
export function encodingOf(bytes: Uint8Array): Encoding | null {
  const { kind } = headAt(bytes, 0);
  if (kind === 'array') return 'wrapped'; // MSGP-02
  return kind === 'string' ? 'plain' : null; // MSGP-05, MSGP-14
}

/** Finds the first message of a stream, which must have a byte. A refused message cannot be skipped. */
export function findInStream(bytes: Uint8Array, limit: number, following: Following): Found | Obstacle {
  const encoding = encodingOf(bytes);
  if (encoding === null) return noBeginning; // MSGP-14
  const walk = new Walk(bytes, limit);
  const obstacle = walk.over(1);
  if (obstacle !== null) return obstacle;
  if (encoding === 'wrapped') return inArray(bytes, walk.at); // MSGP-02
  const first = valuesAt(bytes, 0, 1);
  if (!first.ok) return refused(first.error); // MSGP-07
  const rest = following(String(first.value[0]));
  if (rest === null) return unknown; // MSGP-09
  return walk.over(rest) ?? { type: 'found', at: 0, count: 1 + rest, end: walk.at };
}

/** Finds the one message of a frame. */
export function findInFrame(bytes: Uint8Array, limit: number): Found | Refused {
  if (bytes.length > limit) return tooLong; // MSGP-11
  if (bytes.length === 0) return empty; // MSGP-03
  const encoding = encodingOf(bytes);
  if (encoding === null) return noBeginning; // MSGP-14
  const walk = new Walk(bytes, limit);
  let count = 0;
  do {
    const obstacle = walk.over(1);
    if (obstacle !== null) return obstacle.type === 'more' ? cutOff : obstacle; // MSGP-03
    count++;
  } while (encoding === 'plain' && walk.at < bytes.length);
  if (walk.at < bytes.length) return surplus; // MSGP-03
  return encoding === 'wrapped' ? inArray(bytes, walk.at) : { type: 'found', at: 0, count, end: walk.at };
}

function inArray(bytes: Uint8Array, end: number): Found {
  const head = headAt(bytes, 0);
  return { type: 'found', at: 1 + head.lengthBytes, count: amountAt(bytes, 0, head), end };
}

function refused(reason: string): Refused {
  return { type: 'refused', reason };
}
