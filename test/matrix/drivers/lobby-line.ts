import type { Spot } from '../observations.ts';

export const LOBBY: Spot = { type: 'group', name: 'lobby' };

/** Where a line of the one big room was said, and what: a direct message is a line with a mark. */
export function readLine(line: string): { readonly place: Spot; readonly text: string } {
  const [, to, text] = /^\(private(?: to (\S+))?\) ([^]+)$/.exec(line) ?? [];
  if (text === undefined) return { place: LOBBY, text: line };
  return { place: { type: 'direct', ...(to === undefined ? {} : { to }) }, text };
}
