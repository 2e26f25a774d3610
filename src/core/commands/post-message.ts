import { type Context, type PersonActor, refuse, write } from '../decide.ts';
import { type RoomId, roomStream } from '../ids.ts';
import type { Decision } from '../work.ts';
import type { Font, Message } from '../message.ts';
import { isIn, isMuted, isOpen } from '../rights.ts';
import type { Room } from '../room.ts';
import type { States } from '../states.ts';
import { parseText } from '../text.ts';

/** Says something in a room. */
export type PostMessage = {
  readonly type: 'post-message';
  readonly actor: PersonActor;
  readonly room: RoomId;
  readonly text: string;
  readonly font?: Font;
  readonly clientTime: number | null;
};

/** The message gets the next number of its room; order is the number, never a time (WORLD-11). */
export function decidePostMessage(states: States, command: PostMessage, context: Context): Decision<Message> {
  const { actor } = command;
  const text = parseText(command.text);
  if (!text.ok) return refuse({ type: 'bad-text', problem: text.error });
  const room = states.room(command.room);
  if (!isIn(room, actor, context.lobby)) return refuse({ type: isOpen(room) ? 'not-member' : 'not-found' }); // WORLD-14 WORLD-70 WORLD-71
  if (isMuted(room, actor, context.now)) return refuse({ type: 'muted' }); // WORLD-33
  const serverTime = Math.max(context.now, room.lastTime); // WORLD-12
  const message: Message = {
    id: context.ids.message(),
    room: room.id,
    number: room.lastNumber + 1, // WORLD-11
    position: room.position + 1,
    author: actor.person,
    text: text.value,
    ...(command.font && { font: command.font }),
    ...(isBlocked(states, room, actor) && { withheld: true }),
    clientTime: command.clientTime,
    serverTime,
    editedAt: null,
    deletedAt: null,
    edits: [],
  };
  return write(roomStream(room.id), { type: 'message-posted', message, at: serverTime }, message);
}

/** Whether the other one of a conversation of two blocks who speaks (WORLD-84). */
function isBlocked(states: States, room: Room, { person }: PersonActor): boolean {
  const other = room.members.get(person.id)?.other ?? null;
  return other !== null && states.person(other).blocks.has(person.id); // WORLD-84
}
