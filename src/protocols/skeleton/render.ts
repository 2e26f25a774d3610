import type { Departure, Event } from '../../core/events.ts';
import type { Message } from '../../core/message.ts';
import type { Place } from '../../core/place.ts';
import { changeLine } from '../lines.ts';
import { refused } from './errors.ts';
import type { Down } from './schema.ts';

/** What an event looks like on this wire; `null` where it shows nothing. */
export function render(event: Event): Down | readonly Down[] | null {
  switch (event.type) {
    case 'message-posted':
      return said(event.message, event.place, event.message.text);
    case 'message-edited':
    case 'message-deleted':
      return said(event.message, event.place, changeLine(event.message).text); // SKELETON-32
    case 'person-entered':
      return { type: 'JOINED', name: event.person.name }; // SKELETON-34
    case 'person-renamed':
      return [
        { type: 'LEFT', name: event.before },
        { type: 'JOINED', name: event.person.name },
      ]; // SKELETON-35
    case 'person-left':
      return event.departure.type === 'stopped' ? null : { type: 'LEFT', name: event.person.name }; // SKELETON-34
    case 'person-changed':
    case 'room-created':
    case 'member-joined':
    case 'member-changed':
    case 'member-left':
    case 'person-muted':
    case 'person-unmuted':
      return null; // SKELETON-36
  }
}

/** A message of the history, or one that waited, as it stands. */
export function renderHistory(message: Message, place: Place): Down {
  return said(message, place, message.deletedAt === null ? message.text : changeLine(message).text); // SKELETON-33
}

/** The last words to whoever is sent away; nobody else gets any. */
export function renderFarewell(departure: Departure): Down | null {
  return departure.type === 'removed' ? refused({ type: 'banned', reason: departure.reason }) : null; // SKELETON-37
}

function said({ author }: Message, place: Place, text: string): Down {
  return { type: place.type === 'group' ? 'SAID' : 'TOLD', name: author.name, text }; // SKELETON-30 SKELETON-31
}
