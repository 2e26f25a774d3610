import type { Event } from '../core/model/events.ts';
import type { ShownMessage } from '../core/model/message.ts';

/** A message as protocols show it that know no answers: what it answers stands on a first line of its own. */
export function quoting(message: ShownMessage): ShownMessage {
  const { quote, ...rest } = message;
  return quote === undefined || message.deletedAt !== null ? message : { ...rest, text: `> ${quote}\n${message.text}` }; // CONN-127
}

/** The event with such a message. An edit that is a message of its own says only what is new. */
export function quotingEvent(event: Event, showsChangesAsMessages: boolean): Event {
  if (event.type !== 'message-posted' && event.type !== 'message-edited') return event;
  const isLine = event.type === 'message-edited' && showsChangesAsMessages;
  return event.message.quote === undefined || isLine ? event : { ...event, message: quoting(event.message) }; // CONN-127
}
