/** The server time of the message with this number; null if it is deleted, so that it has none. */
export type TimeAt = (number: number) => Promise<number | null>;

/**
 * The number of the first of so many messages that was sent at this time or later; null if there is none. It halves the messages
 * again and again, so 100,000 take about 17 questions. Where times step back, it is one whose predecessor was sent before.
 */
export async function firstSince(total: number, time: number, timeAt: TimeAt): Promise<number | null> {
  let before = 0;
  let found: number | null = null;
  // What is not decided is between `before`, which was sent before the time, and `end`.
  for (let end = total + 1; end - before > 1; ) {
    const middle = Math.floor((before + end) / 2); // WEB-140
    let number = middle;
    let at = await timeAt(number);
    while (at === null && number + 1 < end) at = await timeAt(++number);
    if (at !== null && at < time)
      before = number; // WEB-141
    else {
      if (at !== null) found = number;
      end = middle;
    }
  }
  return found;
}
