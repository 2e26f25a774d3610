import type { Compare } from '../lists/tree-node.ts';
import type { ListEntry } from './entries.ts';

/** An order of a list: by display name, people who are present first, or the latest activity first. */
export type Order = 'asc' | 'desc' | 'asc_pres_first' | 'desc_pres_first' | 'recent';

/** English adds nothing to the order that Unicode gives to all scripts. */
const LOCALE = 'en';
const collator = new Intl.Collator(LOCALE);

/** Names the order of names: another one when the tables of Unicode change. */
export const COLLATION = `${LOCALE}-${process.versions.icu ?? ''}`;

/** How entries are compared in each order. Only equal entries of one document have the same place. */
export const orders: { readonly [order in Order]: Compare<ListEntry> } = {
  asc: (a, b) => unitsFirst(a, b) || byName(a, b), // VIEW-24
  desc: (a, b) => unitsFirst(a, b) || byName(b, a), // VIEW-24
  asc_pres_first: (a, b) => unitsFirst(a, b) || presentFirst(a, b) || byName(a, b), // VIEW-25
  desc_pres_first: (a, b) => unitsFirst(a, b) || presentFirst(a, b) || byName(b, a), // VIEW-25
  recent: (a, b) => latestFirst(a, b) || a.id - b.id, // VIEW-26
};

function byName(a: ListEntry, b: ListEntry): number {
  return collator.compare(a.displayName, b.displayName) || a.id - b.id; // VIEW-24
}

function unitsFirst(a: ListEntry, b: ListEntry): number {
  return Number(b.type === 'unit') - Number(a.type === 'unit'); // VIEW-24
}

function presentFirst(a: ListEntry, b: ListEntry): number {
  return Number(isPresent(b)) - Number(isPresent(a)); // VIEW-25
}

function isPresent(entry: ListEntry): boolean {
  return 'presence' in entry && entry.presence !== 'offline';
}

/** Rooms with a message that this process saw come before others, whose order is the only use of a time (VIEW-26). */
function latestFirst(a: ListEntry, b: ListEntry): number {
  if (a.type !== 'room' || b.type !== 'room') return 0;
  return b.activity - a.activity || (b.last?.serverTime ?? 0) - (a.last?.serverTime ?? 0); // VIEW-26
}
