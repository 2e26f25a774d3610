import type { Message } from './message.ts';
import { skeletonOf } from './names/skeleton.ts';
import type { Presence } from './presence.ts';

/**
 * A message with its author's name as it is to be shown now: the present name of somebody who is there, else the name
 * of then, marked where it is somebody else's by now (WORLD-27).
 */
export function shownNow(presence: Presence, message: Message): Message {
  const name = nameNow(presence, message.author);
  return name === message.author.name ? message : { ...message, author: { id: message.author.id, name } };
}

/** What a person is called now: the present name of somebody who is there, else the name of then (WORLD-27). */
export function nameNow(presence: Presence, { id, name }: Message['author']): string {
  const present = presence.get(id);
  if (present !== undefined) return present.name; // WORLD-27
  return presence.bearer(skeletonOf(name)) === undefined ? name : `${name}~`; // WORLD-27
}
