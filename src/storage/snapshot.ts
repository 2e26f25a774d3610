import { directoryStream, type PersonId, type RoomId, type StreamId } from '../core/model/ids.ts';
import type { Snapshot } from '../core/ports.ts';

/** What loading a stream needs of a store's tables: each part is read only for a stream of its kind. */
export interface SnapshotTables {
  ofDirectory(): Pick<Snapshot, 'bans' | 'names' | 'accounts'>;
  ofPerson(
    person: PersonId,
  ): Pick<Snapshot, 'contacts' | 'blocks' | 'memberships' | 'read' | 'passwordPosition' | 'tokens'>;
  ofRoom(room: RoomId): Pick<Snapshot, 'lastNumber' | 'room' | 'mutes' | 'members'>;
}

/** What is loaded of a stream in which nothing has happened. */
export const EMPTY: Snapshot = {
  position: 0,
  lastNumber: 0,
  room: null,
  mutes: [],
  members: [],
  bans: [],
  names: [],
  accounts: [],
  contacts: [],
  blocks: [],
  memberships: [],
  read: [],
  passwordPosition: null,
  tokens: [],
};

/** The state of a stream that stands at a position, from the tables as they are then. */
export function snapshotOf(stream: StreamId, position: number, tables: SnapshotTables): Snapshot {
  return { ...EMPTY, ...partOf(stream, tables), position };
}

function partOf(stream: StreamId, tables: SnapshotTables): Partial<Snapshot> {
  if (stream === directoryStream) return tables.ofDirectory(); // STORE-14 STORE-51
  const id = Number(stream.slice(stream.indexOf('/') + 1));
  return stream.startsWith('person/') ? tables.ofPerson(id) : tables.ofRoom(id); // STORE-14 STORE-50 STORE-51
}
