import type { Event } from '../../core/model/events.ts';
import type { Departure } from '../../core/model/person.ts';
import { farewell } from './errors.ts';
import type { Down, TypingNotice } from './schema.ts';

/** Shows who types. Other events are not shown one by one: they change documents, which clients ask for. */
export function render(event: Event): TypingNotice | null {
  if (event.type !== 'person-typing') return null; // DOC-130
  const key = { type: 'room', id: event.room } as const;
  const user = { type: 'user', id: event.person.id } as const;
  return { type: 'notify', cls: 'typing', data: { key, user, typing: event.isTyping } }; // DOC-162
}

/** The last words to a person who was kicked or banned; others leave without a word. */
export function renderFarewell(departure: Departure): Down | null {
  return departure.type === 'removed' ? farewell(`banned: ${departure.reason}`) : null; // DOC-34
}
