import { fromFirstVisible } from '../core/text/text.ts';

/** What a text of a protocol that shows only the lobby means. Texts of other protocols are never read like this. */
type Read =
  | { readonly type: 'lobby'; readonly text: string }
  | { readonly type: 'direct'; readonly to: string; readonly text: string }
  | { readonly type: 'unknown'; readonly reason: string };

/** The answer to an unknown command, so that a mistyped command is not posted to all. */
export const unknownCommand = 'unknown command: begin with // for a text that begins with /';
/** The answer to a mistyped private message: advice to begin with `//` would have it posted to all. */
const privateUsage = 'a private message is written /msg name text';

/**
 * Reads `/msg name text` as a direct message, and `//x` as the text `/x`. Any other text that looks as if it began with `/`
 * is refused.
 */
export function readSlash(text: string): Read {
  const direct = /^\/msg +([^ ]+) ([^]+)$/.exec(text);
  if (direct?.[1] !== undefined && direct[2] !== undefined) return { type: 'direct', to: direct[1], text: direct[2] }; // C2-29 CODE-33
  if (text.startsWith('//')) return { type: 'lobby', text: text.slice(1) }; // C2-28 CODE-32
  const seen = fromFirstVisible(text); // C2-27 CODE-31
  if (!seen.startsWith('/')) return { type: 'lobby', text };
  return { type: 'unknown', reason: /^\/msg\b/i.test(seen) ? privateUsage : unknownCommand }; // C2-27 CODE-31
}
