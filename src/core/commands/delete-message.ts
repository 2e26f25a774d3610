import { type Actor, type Decision, type DecisionInput, refuse, unchanged, write } from '../engine/decide.ts';
import { roomStream } from '../model/ids.ts';
import type { Message } from '../model/message.ts';
import { recentMessage } from '../state/room.ts';
import type { States } from '../state/states.ts';
import { isAuthor, mayModerateRoom, mayRead } from './permissions.ts';

/** Removes a message's text for good; its number and position stay. */
export type DeleteMessage = { readonly type: 'delete-message'; readonly actor: Actor; readonly found: Message };

/** The author and moderators may; deleting again changes nothing (WORLD-18). */
export function decideDeleteMessage(states: States, command: DeleteMessage, input: DecisionInput): Decision<Message> {
  const room = states.room(command.found.room);
  const message = recentMessage(room, command.found.id) ?? command.found;
  if (!mayRead(room, command.actor, message, input.lobby)) return refuse({ type: 'not-found' }); // WORLD-72
  if (!isAuthor(command.actor, message) && !mayModerateRoom(command.actor, room))
    return refuse({ type: 'not-allowed' }); // WORLD-18
  if (message.deletedAt !== null) return unchanged(message); // WORLD-18
  const { file: _file, ...kept } = message;
  const deleted: Message = { ...kept, text: '', deletedAt: input.now }; // WORLD-245
  return write(roomStream(room.id), { type: 'message-deleted', message: deleted, at: input.now }, deleted);
}
