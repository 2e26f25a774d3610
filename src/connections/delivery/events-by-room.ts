import type { Event } from '../../core/model/events.ts';
import type { RoomId } from '../../core/model/ids.ts';
import type { World } from '../../core/world.ts';

/** The events that the connections of each room deliver. Those of presence are the lobby's, and typing is no room's. */
export function eventsByRoom(
  events: readonly Event[],
  { lobby, rooms }: Pick<World, 'lobby' | 'rooms'>,
): ReadonlyMap<RoomId, readonly Event[]> {
  const byRoom = new Map<RoomId, Event[]>();
  for (const event of events) {
    if (event.type === 'person-typing') continue; // CONN-140
    if (!('room' in event) && !rooms.isInLobby(event.person.id)) continue; // CONN-54
    const room = 'room' in event ? event.room : lobby;
    const list = byRoom.get(room);
    if (list === undefined) byRoom.set(room, [event]);
    else list.push(event);
  }
  return byRoom;
}
