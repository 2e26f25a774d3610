import type { RefObject, TextareaHTMLAttributes } from 'preact';
import { useEffect, useId, useState } from 'preact/hooks';
import { fitsQuery, type Mentionable, mentionQuery } from '../../model/mention-query.ts';
import type { Conversation } from '../../state/conversation.ts';
import type { ChatSession } from '../../state/session.ts';
import { useSession } from '../common/context.ts';
import { insertAtCursor, isComposing } from './field.ts';

/** The list of names that complete what follows an `@`, and what the field does for it. */
export type Mentions = {
  readonly id: string;
  readonly people: readonly Mentionable[];
  /** The index of the one that Enter picks. */
  readonly at: number;
  readonly pick: (person: Mentionable) => void;
  /** Takes a key of the field; true if it was for the list. */
  readonly pressed: (event: KeyboardEvent) => boolean;
  readonly attributes: Attributes;
};

type Attributes = Pick<TextareaHTMLAttributes, 'aria-autocomplete' | 'aria-controls' | 'aria-activedescendant'>;

const MOST = 8;

/** Completes the names of a room's members in a field, at the cursor. */
export function useMentions(
  conversation: Conversation,
  field: RefObject<HTMLTextAreaElement | null>,
  cursor: number,
): Mentions {
  const session = useSession();
  const id = useId();
  const query = mentionQuery(field.current?.value.slice(0, cursor) ?? '');
  const [at, setAt] = useState(0);
  const [isClosed, setClosed] = useState(false);
  useEffect(() => setAt(0), [query]);
  useEffect(() => setClosed(false), [query === null]);
  const people = query === null || isClosed ? [] : candidates(query, conversation, session);

  const pick = ({ name }: Mentionable) => {
    if (field.current !== null) insertAtCursor(field.current, `@${name} `, (query?.length ?? 0) + 1); // WEB-69
  };
  const pressed = (event: KeyboardEvent): boolean => {
    const person = people[at];
    if (person === undefined || isComposing(event)) return false;
    const isPick = (event.key === 'Enter' || event.key === 'Tab') && !event.shiftKey && !event.ctrlKey;
    if (event.key === 'ArrowDown') setAt((at + 1) % people.length);
    else if (event.key === 'ArrowUp') setAt((at + people.length - 1) % people.length);
    else if (event.key === 'Escape') setClosed(true);
    else if (isPick) pick(person);
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  };
  const attributes: Attributes =
    people.length > 0
      ? { 'aria-autocomplete': 'list', 'aria-controls': id, 'aria-activedescendant': `${id}-${at}` }
      : { 'aria-autocomplete': 'list' };
  return { id, people, at, pick, pressed, attributes };
}

/** Who fits: those who spoke last first, then the members who are here. */
function candidates(query: string, conversation: Conversation, session: ChatSession): readonly Mentionable[] {
  const found = new Map<number, Mentionable>();
  const consider = (id: number, name: string, displayName: string) => {
    const isFit = found.size < MOST && id !== session.selfKey.id && fitsQuery(query, name, displayName);
    if (isFit && !found.has(id)) found.set(id, { id, name, displayName });
  };
  for (const message of conversation.messages.value.toReversed()) {
    if ('deleted' in message) continue;
    const { key, name } = message.sender;
    consider(key.id, name, session.people.get(key.id).value.value?.display_name ?? name);
  }
  for (const { key, display_name: displayName } of conversation.members.value?.entries ?? []) {
    if (found.has(key.id) || found.size >= MOST || !fitsQuery(query, displayName, displayName)) continue;
    // The name that others can be mentioned by is in their own document.
    const name = session.people.get(key.id).value.value?.username;
    if (name !== undefined) consider(key.id, name, displayName);
  }
  return [...found.values()];
}
