import type { RecentChanges } from '../lists/recent-changes.ts';
import type { ListEntry } from './entries.ts';

/** Changes elsewhere that change entries of a list; `keyOf` gives the entry that shows what changed, null for none. */
export type Follow = { readonly changes: RecentChanges; keyOf(id: number): number | null };

/** What a list is made from. The key of an entry is the id of what it shows; that of a unit is the id below zero. */
export interface ListSource {
  /** The keys of all entries as of now. */
  keys(): Iterable<number>;
  /** The entry as of now; null if the list has none of this key. */
  entry(key: number): ListEntry | null;
  readonly follows: readonly Follow[];
}
