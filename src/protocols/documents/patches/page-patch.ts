import type { JsonObject } from '../../json-frames.ts';
import { type Change, contentPatch } from './content-patch.ts';

/** How the entries of a page are told apart, and what they look like. */
export type Rendering<E> = {
  /** The same for two versions of one entry; different for the entries of one page. */
  keyOf(entry: E): string | number;
  /** Whether an entry of the old page is known, and not only its key. */
  isKnown(entry: E): boolean;
  /** The known entry as an object of JSON; it should be cached. */
  fieldsOf(entry: E): JsonObject;
};

/**
 * The changes that turn the array of rendered entries `before` into `after`. Entries that keep the longest common order stay,
 * and only their changed fields are written, or all of an entry whose old state is not known. An unchanged entry must be the same object in both: it costs no rendering.
 */
export function pagePatch<E>(before: readonly E[], after: readonly E[], rendering: Rendering<E>): Change[] {
  const { keyOf, isKnown, fieldsOf } = rendering;
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && before[head] === after[head]) head++; // DOC-63
  let tail = 0;
  while (tail < shorter - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++; // DOC-63
  const old = before.slice(head, before.length - tail);
  const made = after.slice(head, after.length - tail);

  const places = new Map(made.map((entry, place) => [keyOf(entry), place]));
  const stay = longestIncreasing(old.map((entry) => places.get(keyOf(entry)) ?? null)); // DOC-61
  const oldAt = new Map([...stay].map(([from, to]) => [to, old[from]]));
  const path = (place: number) => `/${head + place}`;

  // Removed from the back and added from the front, so that each index is right when its turn comes.
  const removed = old.flatMap((_, place) => (stay.has(place) ? [] : [{ op: 'remove', path: path(place) } as const]));
  const added = made.flatMap((entry, place) =>
    oldAt.has(place) ? [] : [{ op: 'add', path: path(place), value: fieldsOf(entry) } as const],
  );
  const changed = made.flatMap((entry, place) => {
    const earlier = oldAt.get(place);
    if (earlier === undefined || earlier === entry) return []; // DOC-63
    if (!isKnown(earlier)) return [{ op: 'replace', path: path(place), value: fieldsOf(entry) } as const]; // DOC-66
    return contentPatch(fieldsOf(earlier), fieldsOf(entry), path(place)); // DOC-62
  });
  return [...removed.reverse(), ...added, ...changed]; // DOC-60
}

/** The indices of a longest strictly increasing subsequence, with their values; `null` is never part of it. */
function longestIncreasing(values: readonly (number | null)[]): ReadonlyMap<number, number> {
  type Link = { readonly index: number; readonly value: number; readonly before: Link | undefined };
  /** For each length, the end of such a subsequence with the smallest last value. */
  const ends: Link[] = [];
  values.forEach((value, index) => {
    if (value === null) return;
    const length = firstNotBelow(ends, value);
    ends[length] = { index, value, before: ends[length - 1] };
  });
  const found = new Map<number, number>();
  for (let link = ends.at(-1); link !== undefined; link = link.before) found.set(link.index, link.value);
  return found;
}

/** The first place with at least this value, or one after the last; the values increase. */
function firstNotBelow(ends: readonly { readonly value: number }[], value: number): number {
  let low = 0;
  let high = ends.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ends[middle]?.value ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
