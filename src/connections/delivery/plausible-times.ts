/** The earliest and the latest moment at which a message can have been posted; equal where its time is believed. */
export type TimeRange = { readonly earliest: number; readonly latest: number };

type Element = { readonly index: number; readonly time: number };

/**
 * When the messages of a room were posted, in the order of their numbers, though the clock may have been wrong for some of
 * them. The longest series of times that never step back is believed. Any other message was posted between its believed
 * neighbours; without one before it `earliest` is -Infinity, without one after it `latest` is Infinity.
 */
export function plausibleTimes(times: readonly number[]): TimeRange[] {
  const believed = new Set(longestSeries(times));
  const ranges = times.map((time) => ({ earliest: time, latest: time }));
  let earliest = Number.NEGATIVE_INFINITY;
  for (const [index, range] of ranges.entries()) {
    if (believed.has(index)) ({ earliest } = range);
    else range.earliest = earliest; // CONN-100
  }
  let latest = Number.POSITIVE_INFINITY;
  for (const [index, range] of [...ranges.entries()].reverse()) {
    if (believed.has(index)) ({ latest } = range);
    else range.latest = latest; // CONN-100
  }
  return ranges;
}

/** The indexes of the longest series that never steps back, in reverse; of several, one that ends with the lowest time. */
function longestSeries(times: readonly number[]): number[] {
  /** Patience sorting: the element at place n of a series is in pile n. Within a pile times only step down. */
  const piles: Element[][] = [];
  for (const [index, time] of times.entries()) {
    const place = firstWhere(piles.length, (pile) => (piles[pile]?.at(-1)?.time ?? 0) > time);
    (piles[place] ??= []).push({ index, time });
  }
  const series: number[] = [];
  let next = piles.at(-1)?.at(-1);
  for (let place = piles.length - 1; next !== undefined; place--) {
    series.push(next.index);
    const { time } = next;
    const pile = piles[place - 1] ?? [];
    next = pile[firstWhere(pile.length, (element) => (pile[element]?.time ?? 0) <= time)];
  }
  return series;
}

/** The first number from 0 that `fits`, where all after it fit too; `count` if none below that does. */
function firstWhere(count: number, fits: (index: number) => boolean): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (fits(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
