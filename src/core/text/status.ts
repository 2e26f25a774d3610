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

/** A change of one part of a status or of both; what is missing stays. A `text` of null removes the free text. */
export type StatusChange = { readonly presence?: Presence; readonly text?: string | null };

/** The spelling of a presence for its own person. */
const SPELLINGS: { readonly [P in Presence]: string } = {
  online: 'Available',
  away: 'Away',
  busy: 'Busy',
  offline: 'Offline',
};

/** The status of a person who has set none. */
export const AVAILABLE: Status = { presence: 'online', text: null, spelling: 'Available' };

/** Reads a status: a known word, in upper or lower case, or free text (WORLD-60). */
export function parseStatus(text: string): Result<Status, TextProblem> {
  const presence = WORDS.get(text.toLowerCase()); // WORLD-60
  if (presence !== undefined) return ok({ presence, text: null, spelling: text });
  const line = parseLine(text);
  return line.ok ? ok({ presence: 'online', text: line.value, spelling: line.value }) : err(line.error);
}

/** Checks a change of status: returns the change, with its text as it is stored. */
export function parseStatusChange({ presence, text }: StatusChange): Result<StatusChange, TextProblem> {
  const line = text == null ? ok(text) : parseLine(text);
  if (!line.ok) return line;
  const word = WORDS.get(line.value?.toLowerCase() ?? '');
  if (word !== undefined) return ok({ presence: presence ?? word, text: null }); // WORLD-60
  return ok({ ...(presence !== undefined && { presence }), ...(line.value !== undefined && { text: line.value }) });
}

/** A status after a change that `parseStatusChange` returned (WORLD-131). */
export function changedStatus(
  before: Status,
  { presence = before.presence, text = before.text }: StatusChange,
): Status {
  if (presence === before.presence && text === before.text) return before; // WORLD-131
  const spelling = presence === 'online' && text !== null ? text : SPELLINGS[presence];
  return { presence, text, spelling };
}

export function isSameStatus(one: Status, other: Status): boolean {
  return one.spelling === other.spelling && one.presence === other.presence && one.text === other.text;
}
