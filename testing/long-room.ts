import type { PersonId, RoomId } from '../src/core/model/ids.ts';
import { systemClock } from '../src/server/clock.ts';
import { systemIds } from '../src/server/ids.ts';
import { openSqliteStorage } from '../src/storage/sqlite/open.ts';
import { inRoom, itemOf, message } from './storage/samples.ts';
import { silentLog } from './world.ts';

const BATCH = 1_000;
const MINUTE_MS = 60_000;

/** Posts so many messages to a room of a server that is stopped, one a minute up to now. */
export async function fillRoom(
  directory: string,
  room: RoomId,
  author: { readonly id: PersonId; readonly name: string },
  count: number,
): Promise<void> {
  const ids = systemIds(systemClock);
  const storage = await openSqliteStorage({ directory, clock: systemClock, ids, log: silentLog });
  const { position, lastNumber } = await storage.load(`room/${room}`);
  const now = systemClock.now();
  for (let done = 0; done < count; done += BATCH) {
    const entries = Array.from({ length: Math.min(BATCH, count - done) }, (_, index) => {
      const at = done + index + 1;
      const text = `Message ${lastNumber + at}. ${'Some words of it. '.repeat(at % 12)}`;
      const serverTime = now - (count - at) * MINUTE_MS;
      const posted = { ...message(room, lastNumber + at, position + at, text), id: ids.message(), author, serverTime };
      return inRoom(room, position + at, { type: 'message-posted', message: posted, at: serverTime });
    });
    const [result] = await storage.append([itemOf(entries)]);
    if (result?.type !== 'committed') throw new Error(`could not append: ${JSON.stringify(result)}`);
  }
  await storage.close();
}
