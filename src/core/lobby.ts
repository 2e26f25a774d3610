import type { Result } from '../lib/result.ts';
import { decideCreateRoom } from './commands/create-room.ts';
import type { Doors } from './doors.ts';
import { directoryStream, type RoomId, roomStream } from './ids.ts';
import type { Name } from './names/parse.ts';
import type { Refusal } from './refusals.ts';

/** Makes the lobby where there is none, and knows it from then on; rejects when storage is unavailable. */
export async function openLobby(doors: Doors, name: Name): Promise<RoomId> {
  const { ledger } = doors;
  await ledger.load(directoryStream);
  const taken = () => ledger.committed.directory.names.get(name.skeleton)?.room;
  if (taken() === undefined) {
    const room = doors.ids.integer();
    const wanted = { type: 'create-room', room, name, displayName: name.shown, closed: false, creator: null } as const;
    const made = await new Promise<Result<RoomId, Refusal>>((done) =>
      doors.submit([directoryStream, roomStream(room)], (states, at) => decideCreateRoom(states, wanted, at), done),
    );
    if (!made.ok && made.error.type === 'unavailable')
      throw new Error('the lobby cannot be made: storage is unavailable');
  }
  const lobby = taken() ?? 0;
  await ledger.load(roomStream(lobby));
  return lobby;
}
