import { type Conversation, LOBBY } from '../observations.ts';

/** Reads a line of the lobby, in which a protocol may also show direct messages: they begin with `(private)`. */
export function readLine(line: string): { readonly conversation: Conversation; readonly text: string } {
  const [, to, text] = /^\(private(?: to (\S+))?\) ([^]+)$/.exec(line) ?? [];
  if (text === undefined) return { conversation: LOBBY, text: line };
  return { conversation: { type: 'direct', ...(to === undefined ? {} : { to }) }, text };
}
