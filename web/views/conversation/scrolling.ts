import type { Place } from '../../state/place.ts';

/** Positions are rounded to pixels of the screen, so what began at the edge may seem to begin a little above. */
const ROUNDING = 4;

/**
 * Which message is where: the first one that begins in the view of a scroller, and how far below the upper edge; else the one that
 * fills the view. Null if there is none.
 */
export function placeIn(scroller: HTMLElement): Exclude<Place, 'end'> | null {
  const { top, bottom } = scroller.getBoundingClientRect();
  const rows = rowsIn(scroller);
  const first = firstWhere(rows, (row) => row.getBoundingClientRect().top >= top - ROUNDING);
  // What begins at the lower edge says little about what one reads.
  const begins = rows[first];
  const isSeen = begins !== undefined && begins.getBoundingClientRect().top < bottom - 40;
  const row = isSeen ? begins : (rows[first - 1] ?? begins);
  return row === undefined ? null : { number: numberOf(row), offset: row.getBoundingClientRect().top - top };
}

/** Scrolls so that a place is where it was. False if its message is not there; with `nearest` the one after it will do. */
export function scrollTo(scroller: HTMLElement, place: Place, isNearestEnough: boolean): boolean {
  if (place === 'end') {
    scroller.scrollTop = scroller.scrollHeight;
    return true;
  }
  const rows = rowsIn(scroller);
  const row =
    rows[firstWhere(rows, (each) => numberOf(each) >= place.number)] ?? (isNearestEnough ? rows.at(-1) : undefined);
  if (row === undefined || (numberOf(row) !== place.number && !isNearestEnough)) return false;
  const distance = row.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
  const change = distance - place.offset;
  if (Math.abs(change) >= 1) scroller.scrollTop += change; // WEB-40
  return true;
}

/** How many pixels are below what is shown. */
export function leftBelow({ scrollHeight, scrollTop, clientHeight }: HTMLElement): number {
  return scrollHeight - scrollTop - clientHeight;
}

/** The number of the last message that is seen whole, or of which the view is full; 0 for none. */
export function lastSeenIn(scroller: HTMLElement): number {
  const { bottom } = scroller.getBoundingClientRect();
  const rows = rowsIn(scroller);
  const below = firstWhere(rows, (row) => row.getBoundingClientRect().bottom > bottom + 1);
  const row = rows[below - 1];
  return row === undefined ? 0 : numberOf(row);
}

/** The messages that are there, from top to bottom. */
export function rowsIn(scroller: HTMLElement): readonly HTMLElement[] {
  return [...scroller.querySelectorAll<HTMLElement>('[data-number]')];
}

export function numberOf(row: HTMLElement): number {
  return Number(row.dataset['number']);
}

/** The index of the first for which it is true; it is true for all after it. The length if there is none. */
function firstWhere(rows: readonly HTMLElement[], isTrue: (row: HTMLElement) => boolean): number {
  let [from, to] = [0, rows.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (isTrue(rows[middle] as HTMLElement)) to = middle;
    else from = middle + 1;
  }
  return from;
}
