import type { Actor } from './decide.ts';
import type { Mute } from './entries.ts';
import type { Message } from './message.ts';
import type { Room } from './room.ts';

/** Whether the actor may kick, ban, mute and delete what others wrote. */
export function mayModerate(actor: Actor): boolean {
  return actor.type === 'operator'; // WORLD-30
}

/** Whether the actor wrote the message: the person counts, never the name (WORLD-15). */
export function isAuthor(actor: Actor, message: Message): boolean {
  return actor.type === 'person' && actor.person.id === message.author.id; // WORLD-15
}

/** Whether a mute in force keeps the actor from writing in the room (WORLD-33). */
export function isMuted(room: Room, actor: Actor, now: number): boolean {
  if (actor.type === 'operator' || room.mutes.size === 0) return false;
  const named = room.mutes.get(actor.skeleton);
  if (named !== undefined && isInForce(named, now)) return true; // WORLD-33
  for (const mute of room.mutes.values()) {
    if (mute.person === actor.person.id && isInForce(mute, now)) return true; // WORLD-33
  }
  return false;
}

function isInForce(mute: Mute, now: number): boolean {
  return mute.until === null || mute.until > now; // WORLD-33
}
