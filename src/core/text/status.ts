import { err, ok, type Result } from '../../lib/result.ts';
import { parseLine, type TextProblem } from './text.ts';

/** How present a person is; a connected person who is `offline` is invisible. */
export type Presence = 'online' | 'away' | 'busy' | 'offline';

/** A person's status: one of four words, or free text with `online`. `spelling` is the person's own text. */
export type Status = { readonly presence: Presence; readonly text: string | null; readonly spelling: string };

const WORDS: ReadonlyMap<string, Presence> = new Map([
  ['available', 'online'],
  ['online', 'online'],
  ['away', 'away'],
  ['busy', 'busy'],
  ['offline', 'offline'],
]);

/** The status of a person who has set none. */
export const AVAILABLE: Status = { presence: 'online', text: null, spelling: 'Available' };

/** Reads a status: a known word, in upper or lower case, or free text (WORLD-60). */
export function parseStatus(text: string): Result<Status, TextProblem> {
  const presence = WORDS.get(text.toLowerCase()); // WORLD-60
  if (presence !== undefined) return ok({ presence, text: null, spelling: text });
  const line = parseLine(text);
  return line.ok ? ok({ presence: 'online', text: line.value, spelling: line.value }) : err(line.error);
}
