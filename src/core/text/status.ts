import { err, ok, type Result } from '../../lib/result.ts';
import { type TextProblem, parseLine } from './text.ts';

/** What somebody says of being there; `offline` while connected is invisible. */
export type Presence = 'online' | 'away' | 'busy' | 'offline';

/** A person's status: one of four, or free words with `online`. `spelling` is as its person gave it. */
export type Status = { readonly presence: Presence; readonly text: string | null; readonly spelling: string };

const WORDS: ReadonlyMap<string, Presence> = new Map([
  ['available', 'online'],
  ['online', 'online'],
  ['away', 'away'],
  ['busy', 'busy'],
  ['offline', 'offline'],
]);

/** The status of somebody who has said nothing. */
export const AVAILABLE: Status = { presence: 'online', text: null, spelling: 'Available' };

/** Reads a status: the four words in any case clear the free text, anything else becomes it (WORLD-60). */
export function parseStatus(text: string): Result<Status, TextProblem> {
  const presence = WORDS.get(text.toLowerCase()); // WORLD-60
  if (presence !== undefined) return ok({ presence, text: null, spelling: text });
  const line = parseLine(text);
  return line.ok ? ok({ presence: 'online', text: line.value, spelling: line.value }) : err(line.error);
}
