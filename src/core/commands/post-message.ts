import { ok } from '../../lib/result.ts';
import { type Decision, type DecisionInput, type PersonActor, refuse, type Write } from '../engine/decide.ts';
import type { RoomEntry } from '../model/entries.ts';
import { type PersonId, personStream, type RoomId, roomStream } from '../model/ids.ts';
import type { Font, Message } from '../model/message.ts';
import type { Refusal } from '../model/refusals.ts';
import type { RoomState } from '../state/room.ts';
import type { States } from '../state/states.ts';
import { parseText } from '../text/text.ts';
import { isIn, isMuted, isOpen } from './permissions.ts';

/** Posts a message in a room. */
export type PostMessage = {
  readonly type: 'post-message';
  readonly actor: PersonActor;
  readonly room: RoomId;
  readonly text: string;
  readonly font?: Font;
  /** The number of the message that this one answers. */
  readonly replyTo?: number;
  readonly via?: string;
  readonly clientTime: number | null;
};

/**
 * The message gets the next number of its room; order is the number, never a time (WORLD-11). A direct message also expects
 * the position of the other person's stream, so that a block set meanwhile counts.
 */
export function decidePostMessage(states: States, command: PostMessage, input: DecisionInput): Decision<Message> {
  const { actor } = command;
  const text = parseText(command.text);
  if (!text.ok) return refuse({ type: 'bad-text', problem: text.error });
  const room = states.room(command.room);
  const refusal = refusalToPost(room, actor, input);
  if (refusal !== null) return refuse(refusal);
  if (command.replyTo !== undefined && !isAnswerable(room, actor.person.id, command.replyTo))
    return refuse({ type: 'not-found' }); // WORLD-167
  const other = room.members.get(actor.person.id)?.other ?? null;
  if (other !== null && !states.has(personStream(other))) return refuse({ type: 'unavailable' });
  const message: Message = {
    id: input.ids.message(),
    room: room.id,
    number: room.lastNumber + 1, // WORLD-11
    position: room.position + 1,
    author: actor.person,
    text: text.value,
    ...(command.font && { font: command.font }),
    ...(command.replyTo !== undefined && { replyTo: command.replyTo }),
    ...(command.via !== undefined && { via: command.via }), // WORLD-172
    ...(other !== null && states.person(other).blocks.has(actor.person.id) && { withheld: true }), // WORLD-84
    clientTime: command.clientTime,
    serverTime: input.now, // WORLD-12
    editedAt: null,
    deletedAt: null,
    edits: [],
  };
  const posted: RoomEntry = { type: 'message-posted', message, at: input.now };
  const writes: Write[] = [{ stream: roomStream(room.id), entries: [posted] }];
  if (other !== null) writes.push({ stream: personStream(other), entries: [] }); // WORLD-84
  return ok({ writes, value: message });
}

/** Why the person may not post in a room; null for those who may. */
export function refusalToPost(
  room: RoomState,
  actor: PersonActor,
  { now, lobby }: Pick<DecisionInput, 'now' | 'lobby'>,
): Refusal | null {
  if (!isIn(room, actor, lobby)) return { type: isOpen(room) ? 'not-member' : 'not-found' }; // WORLD-14 WORLD-70 WORLD-71
  return isMuted(room, actor, now) ? { type: 'muted' } : null; // WORLD-33
}

/** Whether the room has this number, and the message is not withheld from the person. */
function isAnswerable({ lastNumber, withheld }: RoomState, person: PersonId, number: number): boolean {
  if (!Number.isInteger(number) || number < 1 || number > lastNumber) return false; // WORLD-167
  return ![...withheld].some(([author, numbers]) => author !== person && numbers.includes(number)); // WORLD-84 WORLD-167
}
