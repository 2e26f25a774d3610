import { type Context, refuse } from '../decide.ts';
import { directoryStream, type RoomId, roomStream } from '../ids.ts';
import { ok } from '../../lib/result.ts';
import type { Decision } from '../ledger.ts';
import type { Name } from '../names/parse.ts';
import type { States } from '../states.ts';

/** Makes a room under a name that nobody else can have from then on. */
export type CreateRoom = { readonly type: 'create-room'; readonly room: RoomId; readonly name: Name };

/** One append to two streams: the room is in the directory exactly when it exists (WORLD-06). */
export function decideCreateRoom(states: States, command: CreateRoom, context: Context): Decision<RoomId> {
  const { room, name } = command;
  if (states.directory.names.has(name.skeleton)) return refuse({ type: 'name-taken' }); // WORLD-10
  const at = context.now;
  const taken = { skeleton: name.skeleton, name: name.shown, room };
  const identity = context.ids.identity();
  return ok({
    writes: [
      { stream: directoryStream, entries: [{ type: 'name-taken', name: taken, at }] },
      { stream: roomStream(room), entries: [{ type: 'room-created', room, identity, name: name.shown, at }] },
    ],
    value: room,
  });
}
