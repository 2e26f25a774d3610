import { type Decision, type DecisionInput, type PersonActor, refuse, write } from '../engine/decide.ts';
import { textWithFile } from '../model/file.ts';
import { roomStream } from '../model/ids.ts';
import type { Font, Message } from '../model/message.ts';
import { recentMessage } from '../state/room.ts';
import type { States } from '../state/states.ts';
import { parseText } from '../text/text.ts';
import { isAuthor, isMuted, mayRead } from './permissions.ts';

/** Changes the text of the actor's own message. */
export type EditMessage = {
  readonly type: 'edit-message';
  readonly actor: PersonActor;
  /** The message as storage had it; a newer version in the room's state wins. */
  readonly found: Message;
  readonly text: string;
  /** Another font; missing: the font stays. */
  readonly font?: Font;
  /** The message as the actor saw it; missing: it is edited however it is. */
  readonly expected?: ExpectedMessage;
};

/** How often a message was edited, and whether it is deleted: each only grows. */
export type ExpectedMessage = { readonly edits: number; readonly deleted: boolean };

const MAX_EDITS = 100;

/** Only the author edits, and only a message that is not deleted; everything but its text and font stays. */
export function decideEditMessage(states: States, command: EditMessage, input: DecisionInput): Decision<Message> {
  const room = states.room(command.found.room);
  const message = recentMessage(room, command.found.id) ?? command.found;
  const text = parseText(message.file === undefined ? command.text : textWithFile(command.text, message.file)); // WORLD-244
  if (!text.ok) return refuse({ type: 'bad-text', problem: text.error });
  if (!mayRead(room, command.actor, message, input.lobby)) return refuse({ type: 'not-found' }); // WORLD-72
  if (command.expected && !isAsExpected(message, command.expected)) return refuse({ type: 'conflict' }); // WORLD-165
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

function isAsExpected({ edits, deletedAt }: Message, expected: ExpectedMessage): boolean {
  return edits.length === expected.edits && (deletedAt !== null) === expected.deleted; // WORLD-165
}
