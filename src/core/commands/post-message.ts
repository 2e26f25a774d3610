import { ok } from '../../lib/result.ts';
import { type Decision, type DecisionInput, type PersonActor, refuse, type Write } from '../engine/decide.ts';
import type { RoomEntry } from '../model/entries.ts';
import { infoOf, textWithFile, type Upload } from '../model/file.ts';
import { type PersonId, personStream, type RoomId, roomStream } from '../model/ids.ts';
import type { Font, Message } from '../model/message.ts';
import type { Refusal } from '../model/refusals.ts';
import type { RoomState } from '../state/room.ts';
import type { States } from '../state/states.ts';
import { parseText } from '../text/text.ts';
import { isIn, isMuted, isOpen } from './permissions.ts';
import { uploadEnded } from './uploads.ts';

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
  /** The address of a file that the person uploaded. */
  readonly file?: string;
  readonly clientTime: number | null;
};

/**
 * The message gets the next number of its room; order is the number, never a time (WORLD-11). A direct message also expects
 * the position of the other person's stream, so that a block set meanwhile counts.
 */
export function decidePostMessage(states: States, command: PostMessage, input: DecisionInput): Decision<Message> {
  const { actor } = command;
  const upload = uploadOf(states, command);
  if (upload === undefined) return refuse({ type: 'not-found' }); // WORLD-241
  const text = parseText(upload === null ? command.text : textWithFile(command.text, upload)); // WORLD-242
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
    ...(upload !== null && { file: infoOf(upload) }), // WORLD-240
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
  if (upload !== null) writes.push({ stream: personStream(upload.person), entries: [uploadEnded(upload, input.now)] }); // WORLD-240
  return ok({ writes, value: message });
}

/** The file that the message is to carry: null if it names none, undefined if that is no unsent file of the person. */
function uploadOf(states: States, { actor, file }: PostMessage): Upload | null | undefined {
  if (file === undefined) return null;
  const { uploads } = states.person(actor.person.id);
  return [...uploads.values()].find(({ address }) => address === file); // WORLD-241
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
  const ofOthers = [...withheld.values()].filter(({ author }) => author !== person);
  return !ofOthers.some(({ numbers }) => [...numbers].includes(number)); // WORLD-84 WORLD-167
}
