import type { PersonId, RoomId } from '../../core/model/ids.ts';
import type { WorldReader } from '../../core/reader.ts';
import { visibleUpTo } from '../messages/message-numbers.ts';
import { headOf } from '../messages/room-head.ts';
import type { JoinedRoomEntry } from './entries.ts';
import type { ListSource } from './list-source.ts';
import type { PeopleTable } from './people-table.ts';
import type { RoomsTable } from './rooms-table.ts';

const MOST_MEMBERS = 10;

/** The rooms that a person is in; a guest is in the lobby. */
export function joinedRooms(reader: WorldReader, person: PersonId): RoomId[] {
  const joined = [...reader.memberships(person).keys()];
  return reader.person(person)?.guest === true || isInvisibleGuest(reader, person) ? [...joined, reader.lobby] : joined; // WORLD-70
}

/** The rooms that a person is in, as that person sees them. They must be held. */
export function roomsSource(reader: WorldReader, people: PeopleTable, rooms: RoomsTable, person: PersonId): ListSource {
  const isJoined = (room: RoomId) =>
    reader.memberships(person).has(room) || (room === reader.lobby && joinedRooms(reader, person).includes(room));
  return {
    keys: () => joinedRooms(reader, person),
    entry: (room) => (isJoined(room) ? entryOf(reader, people, rooms, person, room) : null),
    follows: [
      { changes: rooms.changes, keyOf: (room) => (isJoined(room) ? room : null) },
      { changes: people.changes, keyOf: (other) => reader.directWith(person, other) ?? null }, // VIEW-28
    ],
  };
}

function isInvisibleGuest(reader: WorldReader, person: PersonId): boolean {
  return reader.presentName(person) !== undefined && reader.account(person) === undefined;
}

function entryOf(
  reader: WorldReader,
  people: PeopleTable,
  rooms: RoomsTable,
  person: PersonId,
  id: RoomId,
): JoinedRoomEntry | null {
  const facts = reader.room(id);
  if (facts === undefined) return null;
  const { row, members, lastNumber } = facts;
  const membership = reader.memberships(person).get(id);
  const other = membership?.other ?? null;
  const otherName = row.people?.find((each) => each.id === other)?.name ?? row.name;
  const seen = reader.readPosition(person, id);
  const head = headOf(facts, person);
  const read = Math.max(seen, rooms.lastOwn(id, person), membership?.since ?? lastNumber); // VIEW-27
  return {
    type: 'room',
    id,
    displayName: other === null ? (row.displayName ?? row.name) : (people.entry(other)?.displayName ?? otherName), // VIEW-28
    name: row.name,
    other,
    last: rooms.last(id, person),
    number: lastNumber,
    seen,
    seenBy: reader.readByOthers(id, person),
    unread: visibleUpTo(head, lastNumber) - visibleUpTo(head, read), // VIEW-27
    members: [...members.values()].slice(0, MOST_MEMBERS).map((member) => ({ id: member.person, name: member.name })),
    total: reader.sizeOf(facts), // VIEW-47
    activity: rooms.activity(id, person),
  };
}
