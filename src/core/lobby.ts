import type { Result } from '../lib/result.ts';
import { decideCreateRoom } from './commands/create-room.ts';
import { directoryStream, type RoomId, roomStream } from './model/ids.ts';
import type { Refusal } from './model/refusals.ts';
import type { ServiceContext } from './services/context.ts';
import type { Name } from './text/names/parse.ts';

/** Loads the directory and the lobby, which stay in memory; makes a missing lobby. Rejects when storage is unavailable. */
export async function openLobby(context: ServiceContext, name: Name): Promise<void> {
  const { cache, ids } = context;
  cache.pin(directoryStream);
  await cache.load([directoryStream]);
  const find = () => context.directory?.names.get(name.skeleton)?.room;
  if (find() === undefined) {
    const room = ids.integer();
    const command = {
      type: 'create-room',
      room,
      name,
      displayName: name.spelling,
      closed: false,
      creator: null,
      members: [],
    } as const;
    const made = await new Promise<Result<RoomId, Refusal>>((done) =>
      context.submit([directoryStream, roomStream(room)], (states, at) => decideCreateRoom(states, command, at), done),
    );
    if (!made.ok && made.error.type === 'unavailable')
      throw new Error('the lobby cannot be made: storage is unavailable');
  }
  context.lobby = find() ?? 0;
  cache.pin(roomStream(context.lobby));
  await cache.load([roomStream(context.lobby)]);
}
