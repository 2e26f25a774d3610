import type { Result } from '../lib/result.ts';
import { decideCreateRoom } from './commands/create-room.ts';
import type { ServiceContext } from './services/context.ts';
import { directoryStream, type RoomId, roomStream } from './model/ids.ts';
import type { Name } from './text/names/parse.ts';
import type { Refusal } from './model/refusals.ts';

/** Makes the lobby where there is none, and knows it from then on; rejects when storage is unavailable. */
export async function openLobby(context: ServiceContext, name: Name): Promise<RoomId> {
  const { processor } = context;
  await processor.load(directoryStream);
  const taken = () => processor.committed.directory.names.get(name.skeleton)?.room;
  if (taken() === undefined) {
    const room = context.ids.integer();
    const wanted = {
      type: 'create-room',
      room,
      name,
      displayName: name.spelling,
      closed: false,
      creator: null,
    } as const;
    const made = await new Promise<Result<RoomId, Refusal>>((done) =>
      context.submit([directoryStream, roomStream(room)], (states, at) => decideCreateRoom(states, wanted, at), done),
    );
    if (!made.ok && made.error.type === 'unavailable')
      throw new Error('the lobby cannot be made: storage is unavailable');
  }
  const lobby = taken() ?? 0;
  await processor.load(roomStream(lobby));
  return lobby;
}
