import type { EntryBody } from '../../../core/model/entries.ts';
import type { StreamId } from '../../../core/model/ids.ts';
import type { Once } from '../../../core/ports.ts';
import { redacted } from '../../redact.ts';
import { bodiesIn, joinedBodies, numberArray, textArray } from './arrays.ts';
import type { EncodedItem } from './encoded.ts';
import { IF_FIT, type Part } from './parts.ts';
import { RowChanges } from './row-changes.ts';

/** An entry as it is stored. */
export type StoredEntry = { readonly stream: number; readonly position: number; readonly body: string };

/** What a batch is written with: the keys of its streams, and the entries from before it that it redacts. */
export type Known = { readonly keyOf: (stream: StreamId) => number; readonly stored: readonly StoredEntry[] };

/** A place that a batch redacts. */
export type Redacted = { readonly stream: StreamId; readonly position: number };

/** The parts that may be in one statement: none of them depends on what another one writes. */
const INDEPENDENT: ReadonlySet<string> = new Set(['entry', 'message', 'put message', 'file', 'read', 'shown', 'once']);

/** Whether these parts can be one statement. The number of such combinations is small enough to prepare them all. */
export function areIndependent(parts: readonly Part[]): boolean {
  return parts.every(({ name }) => INDEPENDENT.has(name));
}

/** What is written for items whose entries take the next positions of their streams, in the order in which it has to be written. */
export function partsOf(items: readonly EncodedItem[], { keyOf, stored }: Known, mayExist: boolean): Part[] {
  const entries = entriesOf(items, keyOf);
  const blanked = redact(items, keyOf, entries, stored);
  const rows = new RowChanges(keyOf);
  for (const item of items) for (const change of item.rows) if (change.op !== 'redact') rows.take(change);
  const kept = items.flatMap(({ once }) => once ?? []);
  return [
    ...(entries.length > 0 ? [addEntries(entries)] : []),
    ...(blanked.length > 0 ? [replaceEntries(blanked)] : []),
    ...rows.finish(mayExist),
    ...(kept.length > 0 ? [keepResults(kept)] : []),
  ];
}

/** The entries that items redact, written before them or by them. */
export function redactedBy(items: readonly EncodedItem[]): Redacted[] {
  return items.flatMap(({ rows }) =>
    rows.flatMap((change) =>
      change.op === 'redact' ? change.positions.map((position) => ({ stream: change.stream, position })) : [],
    ),
  );
}

/** Stands in `batch.heads` where no batch is: its outcome was unknown, and its number is used up. */
export const NOTHING = '-';

/** The text in `batch.heads` for the streams that a batch moved. */
export function headsText(heads: ReadonlyMap<StreamId, number>): string {
  return Array.from(heads, ([stream, position]) => `${stream}:${position}`).join(' ');
}

export function headsIn(text: string): [StreamId, number][] {
  if (text === '' || text === NOTHING) return [];
  return text.split(' ').map((head) => {
    const colon = head.indexOf(':');
    return [head.slice(0, colon) as StreamId, Number(head.slice(colon + 1))];
  });
}

function entriesOf(items: readonly EncodedItem[], keyOf: Known['keyOf']): StoredEntry[] {
  return items.flatMap(({ writes }) =>
    writes.flatMap(({ stream, expected, entries }) => {
      const key = keyOf(stream);
      return entries.map((body, index) => ({ stream: key, position: expected + 1 + index, body }));
    }),
  );
}

/** Blanks those that are in `entries` there, and returns the others, from `stored`, blanked. */
function redact(
  items: readonly EncodedItem[],
  keyOf: Known['keyOf'],
  entries: StoredEntry[],
  stored: readonly StoredEntry[],
): StoredEntry[] {
  const places = new Set(redactedBy(items).map(({ stream, position }) => `${keyOf(stream)} ${position}`));
  if (places.size === 0) return [];
  const isNamed = ({ stream, position }: StoredEntry) => places.has(`${stream} ${position}`);
  for (const [index, entry] of entries.entries()) if (isNamed(entry)) entries[index] = blank(entry); // STORE-10
  return stored.filter(isNamed).map(blank); // STORE-10
}

function blank(entry: StoredEntry): StoredEntry {
  return { ...entry, body: JSON.stringify(redacted(JSON.parse(entry.body) as EntryBody)) };
}

function addEntries(entries: readonly StoredEntry[]): Part {
  return {
    name: 'entry',
    text: `INSERT INTO entry (stream, position, body) SELECT v.stream, v.position, v.body
      FROM unnest($1::bigint[], $2::bigint[], ${bodiesIn('$3')}) v (stream, position, body) WHERE ${IF_FIT}`,
    values: columnsOf(entries),
  };
}

function replaceEntries(entries: readonly StoredEntry[]): Part {
  return {
    name: 'redact',
    text: `UPDATE entry e SET body = v.body
      FROM unnest($1::bigint[], $2::bigint[], ${bodiesIn('$3')}) v (stream, position, body)
      WHERE e.stream = v.stream AND e.position = v.position`,
    values: columnsOf(entries),
  };
}

function columnsOf(entries: readonly StoredEntry[]): string[] {
  return [
    numberArray(entries.map(({ stream }) => stream)),
    numberArray(entries.map(({ position }) => position)),
    joinedBodies(entries.map(({ body }) => body)),
  ];
}

/** A result that is there already makes the statement fail: then what was kept decides. */
function keepResults(results: readonly Once[]): Part {
  const ordered = results.toSorted((a, b) => (a.scope < b.scope || (a.scope === b.scope && a.key < b.key) ? -1 : 1));
  return {
    name: 'once',
    text: `INSERT INTO once (scope, key, digest, result, expires)
      SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[])
        v (scope, key, digest, result, expires) WHERE ${IF_FIT}`,
    values: [
      textArray(ordered.map(({ scope }) => scope)),
      textArray(ordered.map(({ key }) => key)),
      textArray(ordered.map(({ digest }) => digest)),
      textArray(ordered.map(({ result }) => result)),
      numberArray(ordered.map(({ expires }) => expires)),
    ],
  };
}
