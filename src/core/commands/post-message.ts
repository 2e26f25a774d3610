import { type Actor, type Context, refuse, write } from '../decide.ts';
import { type RoomId, roomStream } from '../ids.ts';
import type { Decision } from '../ledger.ts';
import type { Message } from '../message.ts';
import { isMuted } from '../rights.ts';
import type { States } from '../states.ts';
import { parseText } from '../text.ts';

/** Says something in a room. */
export type PostMessage = {
  readonly type: 'post-message';
  readonly actor: Extract<Actor, { type: 'person' }>;
  readonly room: RoomId;
  readonly text: string;
  readonly clientTime: number | null;
};

/** The message gets the next number of its room; order is the number, never a time (WORLD-11). */
export function decidePostMessage(states: States, command: PostMessage, context: Context): Decision<Message> {
  const text = parseText(command.text);
  if (!text.ok) return refuse({ type: 'bad-text', problem: text.error });
  const room = states.room(command.room);
  if (!room.exists) return refuse({ type: 'not-found' }); // WORLD-14
  if (isMuted(room, command.actor, context.now)) return refuse({ type: 'muted' }); // WORLD-33
  const serverTime = Math.max(context.now, room.lastTime); // WORLD-12
  const message: Message = {
    id: context.ids.message(),
    room: room.id,
    number: room.lastNumber + 1, // WORLD-11
    position: room.position + 1,
    author: command.actor.person,
    text: text.value,
    clientTime: command.clientTime,
    serverTime,
    editedAt: null,
    deletedAt: null,
    edits: [],
  };
  return write(roomStream(room.id), { type: 'message-posted', message, at: serverTime }, message);
}
