import { type Decision, type DecisionInput, type PersonActor, refuse, write } from '../engine/decide.ts';
import { roomStream } from '../model/ids.ts';
import type { Font, Message } from '../model/message.ts';
import { isAuthor, isMuted, mayRead } from './permissions.ts';
import type { States } from '../state/states.ts';
import { parseText } from '../text/text.ts';

/** Changes the words of one's own message. */
export type EditMessage = {
  readonly type: 'edit-message';
  readonly actor: PersonActor;
  /** The message as storage last had it; what the room remembers of it goes before. */
  readonly found: Message;
  readonly text: string;
  /** Another font; without one it stays as it was. */
  readonly font?: Font;
};

const MAX_EDITS = 100;

/** Only the author edits, and only what is still there; id, number, place and times of the message stay. */
export function decideEditMessage(states: States, command: EditMessage, input: DecisionInput): Decision<Message> {
  const text = parseText(command.text);
  if (!text.ok) return refuse({ type: 'bad-text', problem: text.error });
  const room = states.room(command.found.room);
  const message = room.recent.get(command.found.id)?.message ?? command.found;
  if (!mayRead(room, command.actor, message, input.lobby)) return refuse({ type: 'not-found' }); // WORLD-72
  if (message.deletedAt !== null) return refuse({ type: 'not-found' }); // WORLD-16
  if (!isAuthor(command.actor, message)) return refuse({ type: 'not-allowed' }); // WORLD-15
  if (isMuted(room, command.actor, input.now)) return refuse({ type: 'muted' }); // WORLD-33
  if (message.edits.length >= MAX_EDITS) return refuse({ type: 'too-many-edits' }); // WORLD-17
  const edited: Message = {
    ...message,
    text: text.value,
    ...(command.font && { font: command.font }),
    editedAt: input.now,
    edits: [...message.edits, room.position + 1],
  };
  return write(roomStream(room.id), { type: 'message-edited', message: edited, at: input.now }, edited);
}
