/** How many messages a page has. */
export const PAGE_SIZE = 50;
/** At most so many pages are held: 300 messages. */
const MOST_PAGES = 6;
/** At the newest message fewer are enough, since each of them is asked for again after each new message. */
const PAGES_AT_THE_END = 2;

/** Consecutive pages of a room's messages, by their numbers; empty if `to` is less than `from`. */
export type PageWindow = { readonly from: number; readonly to: number };

/** The page that has this message. Messages and pages count from 1. */
export function pageOf(number: number): number {
  return Math.max(1, Math.ceil(number / PAGE_SIZE));
}

/** The window at the newest message of a room that has so many. */
export function windowAtEnd(total: number): PageWindow {
  const to = pageOf(total);
  return { from: Math.max(1, to - PAGES_AT_THE_END + 1), to };
}

/** The window around a message: its page and the ones beside it. */
export function windowAround(number: number, total: number): PageWindow {
  const last = pageOf(total);
  const page = Math.min(pageOf(number), last);
  return { from: Math.max(1, page - 1), to: Math.min(last, page + 1) };
}

/** With one more older page, and without the newest one if there are too many. */
export function older({ from, to }: PageWindow): PageWindow {
  if (from <= 1) return { from, to };
  return { from: from - 1, to: Math.min(to, from - 1 + MOST_PAGES - 1) };
}

/** With one more newer page, and without the oldest one if there are too many. */
export function newer({ from, to }: PageWindow, total: number): PageWindow {
  if (to >= pageOf(total)) return { from, to };
  return { from: Math.max(from, to + 1 - MOST_PAGES + 1), to: to + 1 };
}

/** Whether the window has the newest message. */
export function isAtEnd({ to }: PageWindow, total: number): boolean {
  return to >= pageOf(total);
}

/** The window of a reader who is at the newest message: it follows new ones, and lets go of old ones. */
export function followed(window: PageWindow, total: number): PageWindow {
  const end = windowAtEnd(total);
  return { from: Math.min(end.from, Math.max(window.from, end.to - PAGES_AT_THE_END)), to: end.to };
}
