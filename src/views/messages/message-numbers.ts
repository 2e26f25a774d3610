/** Ascending numbers. */
type Numbers = Pick<readonly number[], 'length' | 'at'>;

/** What decides which messages are on which page: a position of the room, its last number, and what one viewer is not shown. */
export type RoomHead = {
  readonly position: number;
  readonly lastNumber: number;
  /** The numbers of the messages that are withheld from the viewer, ascending; some may be above `lastNumber`. */
  readonly hidden: Numbers;
};

/** Newest first, or oldest first. */
export type MessageOrder = 'desc' | 'asc';

/** A page of messages; with `before` only those with a lower number count. */
export type MessagePageRequest = {
  readonly order: MessageOrder;
  readonly size: number;
  readonly index: number;
  readonly before: number | null;
};

/** The numbers of a page in its order, and how many messages there are on all pages. */
export type PageNumbers = { readonly numbers: readonly number[]; readonly total: number };

/** Which messages are on a page: arithmetic, whatever the number of messages. */
export function numbersOf(head: RoomHead, { order, size, index, before }: MessagePageRequest): PageNumbers {
  const total = visibleUpTo(head, before === null ? head.lastNumber : before - 1); // VIEW-34
  const skipped = (index - 1) * size;
  const count = Math.max(0, Math.min(size, total - skipped));
  const numbers = Array.from({ length: count }, (_, place) => {
    const rank = order === 'asc' ? skipped + place + 1 : total - skipped - place; // VIEW-31
    return visibleAt(head.hidden, rank);
  });
  return { numbers, total };
}

/** How many messages up to a number the viewer sees. */
export function visibleUpTo({ lastNumber, hidden }: RoomHead, number: number): number {
  const last = Math.max(0, Math.min(number, lastNumber));
  return last - firstIndex(hidden, (at) => (hidden.at(at) as number) > last); // VIEW-33
}

/** The number of the message that is the `rank`-th that the viewer sees; ranks count from 1. */
export function visibleAt(hidden: Numbers, rank: number): number {
  const before = firstIndex(hidden, (at) => (hidden.at(at) as number) - 1 - at >= rank); // VIEW-33
  return rank + before;
}

/** Whether a number is among ascending numbers. */
export function isAmong(numbers: Numbers, number: number): boolean {
  return numbers.at(firstIndex(numbers, (at) => (numbers.at(at) as number) >= number)) === number;
}

/** The first index from which on the condition holds; it never holds before it. */
function firstIndex(items: Numbers, holds: (index: number) => boolean): number {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
