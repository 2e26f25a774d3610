import type { PersonId, RoomId } from '../../core/model/ids.ts';
import type { RoomView } from '../../core/services/rooms.ts';
import type { World } from '../../core/world.ts';
import { err, ok } from '../../lib/result.ts';
import type { Done } from './session-api.ts';

/** Rooms as somebody sees them, each looked at once however often it is named; null for one that is nobody's business. */
export function groupViews(
  world: World,
  viewer: PersonId,
  rooms: readonly (RoomId | undefined)[],
  done: Done<readonly (RoomView | null)[]>,
): void {
  const distinct = new Set(rooms.flatMap((room) => room ?? []));
  Promise.all([...distinct].map((room) => world.load(room))).then(
    () => {
      const views = new Map([...distinct].map((room) => [room, world.rooms.view(viewer, room)])); // CONN-60
      done(ok(rooms.map((room) => (room === undefined ? null : (views.get(room) ?? null)))));
      for (const room of distinct) world.known.letGo(room); // WORLD-64
    },
    () => done(err({ type: 'unavailable' })),
  );
}
