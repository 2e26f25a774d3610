import { type Conversation, LOBBY } from '../observations.ts';

const FAKE = /^[\s\p{Default_Ignorable_Code_Point}\p{Cf}]*\(private/iu;

/** A text of the lobby, as it is shown where it could be taken for a direct message. */
export function inLobby(text: string): string {
  return FAKE.test(text) ? `\\${text}` : text;
}

/** Reads a line of the lobby, in which a protocol may also show direct messages: they begin with `(private)`. */
export function readLine(line: string): { readonly conversation: Conversation; readonly text: string } {
  const [, to, text] = /^\(private(?: to (\S+))?\) ([^]+)$/.exec(line) ?? [];
  if (text === undefined) return { conversation: LOBBY, text: line };
  return { conversation: { type: 'direct', ...(to === undefined ? {} : { to }) }, text };
}
