import { costOf, type ListContent } from './list-view.ts';
import type { Compare } from './tree-node.ts';

/** So many entries, or comparisons of names, take about a millisecond. */
const ENTRIES_A_STEP = 1_000;
const COMPARISONS_A_STEP = 4_000;
/** Shorter lists are sorted in one go. */
const RUN = 256;

/**
 * Loads and sorts a list in steps of about a millisecond, so that others can be served between them. `entryOf` gives null for
 * what is not in the list after all.
 */
export function* loading<E extends object, K>(
  keys: Iterable<K>,
  entryOf: (key: K) => E | null,
  compare: Compare<E>,
): Generator<void, ListContent<E, K>> {
  const entries = new Map<K, E>();
  const unsorted: E[] = [];
  let bytes = 0;
  for (const key of keys) {
    const entry = entryOf(key);
    if (entry === null) continue;
    entries.set(key, Object.freeze(entry));
    unsorted.push(entry);
    bytes += costOf(entry);
    if (unsorted.length % ENTRIES_A_STEP === 0) yield; // VIEW-23
  }
  return { entries, sorted: yield* sorting(unsorted, compare), bytes };
}

/** Sorts in steps: runs first, which are then merged in pairs. */
function* sorting<E>(unsorted: readonly E[], compare: Compare<E>): Generator<void, readonly E[]> {
  let runs: (readonly E[])[] = [];
  for (let from = 0; from < unsorted.length; from += RUN) {
    runs.push(unsorted.slice(from, from + RUN).sort(compare));
    if (unsorted.length > RUN) yield; // VIEW-23
  }
  while (runs.length > 1) {
    const longer: (readonly E[])[] = [];
    let merged = 0;
    for (let run = 0; run < runs.length; run += 2) {
      const [first = [], second = []] = runs.slice(run, run + 2);
      longer.push(yield* merging(first, second, compare, merged));
      merged += first.length + second.length;
    }
    runs = longer;
  }
  return runs[0] ?? [];
}

/** `before` entries were merged in this round. */
function* merging<E>(
  first: readonly E[],
  second: readonly E[],
  compare: Compare<E>,
  before: number,
): Generator<void, readonly E[]> {
  const merged: E[] = [];
  let [left, right] = [0, 0];
  while (left < first.length && right < second.length) {
    const [one, other] = [first[left] as E, second[right] as E];
    const isFirst = compare(one, other) <= 0;
    merged.push(isFirst ? one : other);
    if (isFirst) left++;
    else right++;
    if ((before + merged.length) % COMPARISONS_A_STEP === 0) yield; // VIEW-23
  }
  return [...merged, ...first.slice(left), ...second.slice(right)];
}
