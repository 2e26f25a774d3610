/**
 * What a text means on wires that show nothing but the lobby: something for everybody, something for one person, or a command
 * that nobody knows. Texts of other wires are never read like this.
 */
export type Meant =
  | { readonly type: 'all'; readonly text: string }
  | { readonly type: 'one'; readonly to: string; readonly text: string }
  | { readonly type: 'unknown'; readonly reason: string };

/** Why an unknown command is not taken: so that a slip is not posted to all. */
export const unknownCommand = 'unknown command: begin with // for a text that begins with /';
/** Why a private message is not: `//` would post it to all. */
const privateUsage = 'a private message is written /msg name text';

/** Reads `/msg name text`, and `//x` as the text `/x`. */
export function readSlash(text: string): Meant {
  const direct = /^\/msg +([^ ]+) ([^]+)$/.exec(text);
  if (direct?.[1] !== undefined && direct[2] !== undefined) return { type: 'one', to: direct[1], text: direct[2] }; // C2-29 CODE-33
  if (text.startsWith('//')) return { type: 'all', text: text.slice(1) }; // C2-28 CODE-32
  if (!text.startsWith('/')) return { type: 'all', text };
  return { type: 'unknown', reason: /^\/msg\b/i.test(text) ? privateUsage : unknownCommand }; // C2-27 CODE-31
}

/** A text for everybody, written so that it is read as it is: the other way round. */
export function writeSlash(text: string): string {
  return text.startsWith('/') ? `/${text}` : text; // C2-80 CODE-79
}
