import type { StreamId } from '../../../core/model/ids.ts';
import type { AppendResult } from '../../../core/ports.ts';
import type { BoundedMap } from '../../../lib/bounded-map.ts';
import { answersOf, planAppend } from '../../append-plan.ts';
import { numberArray } from './arrays.ts';
import { areIndependent, headsText, partsOf, redactedBy } from './batch-parts.ts';
import type { EncodedItem } from './encoded.ts';
import { type ConditionalStatements, IF_FIT, type Part } from './parts.ts';

import type { Bound } from './connection.ts';

/** The keys of streams that are committed: they never change. */
export type StreamKeys = BoundedMap<number, StreamId>;

/** The place of a batch in its node's log. */
export type BatchId = { readonly node: string; readonly number: number };

/** A batch as one statement, and the answers if it is written. */
export type FastAppend = { readonly statement: Bound; readonly results: readonly AppendResult[] };

/**
 * Makes one statement of a batch, on the condition that all its streams are where the batch expects them and that no result is
 * kept yet. Null if one statement cannot do it: a stream is not known here, the batch contradicts itself, or it has rare changes.
 */
export function fastAppend(
  items: readonly EncodedItem[],
  batch: BatchId,
  now: number,
  keys: StreamKeys,
  statements: ConditionalStatements,
): FastAppend | null {
  if (redactedBy(items).length > 0) return null; // What is redacted has to be read first.
  const expected = new Map<StreamId, number>();
  for (const { writes } of items)
    for (const write of writes) if (!expected.has(write.stream)) expected.set(write.stream, write.expected);
  const streams = [...expected.keys()];
  const known = streams.map((stream) => keys.get(stream));
  if (known.includes(undefined)) return null;
  const plan = planAppend(items, expected, new Map(), now);
  if (plan.written.length < items.length) return null;
  const keyOf = (stream: StreamId) => keys.get(stream) as number;
  const parts = partsOf(plan.written, { keyOf, stored: [] }, false);
  if (!areIndependent(parts)) return null;
  const moves: [string, string, string] = [
    numberArray(known as number[]),
    numberArray([...expected.values()]),
    numberArray(streams.map((stream) => plan.heads.get(stream) ?? (expected.get(stream) as number))),
  ];
  const statement = statements.of(moves, [...parts, logBatch(batch, plan.heads)]);
  return { statement, results: answersOf(plan, new Map()) };
}

/** Writes the row that marks a batch as committed, and tells other nodes what it moved. */
export function logBatch({ node, number }: BatchId, heads: ReadonlyMap<StreamId, number>): Part {
  return {
    name: 'batch',
    text: `INSERT INTO batch (node, number, heads) SELECT $1, $2::bigint, $3 WHERE ${IF_FIT}`,
    values: [node, String(number), headsText(heads)],
  };
}
