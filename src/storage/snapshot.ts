import { parseStream, type PersonId, type RoomId, type StreamId } from '../core/model/ids.ts';
import type { Snapshot } from '../core/ports.ts';

/** The parts of a snapshot, each filled only for a stream of its kind. */
export type DirectoryPart = Pick<Snapshot, 'bans' | 'names' | 'accounts' | 'units' | 'unitMembers'>;
export type PersonPart = Pick<
  Snapshot,
  'contacts' | 'blocks' | 'memberships' | 'read' | 'passwordPosition' | 'tokens' | 'uploads'
>;
export type RoomPart = Pick<
  Snapshot,
  'lastNumber' | 'room' | 'mutes' | 'members' | 'roomBans' | 'invitations' | 'withheld'
>;

/** The tables of a store, for loading streams. */
export interface SnapshotTables {
  directoryPart(): DirectoryPart;
  personPart(person: PersonId): PersonPart;
  roomPart(room: RoomId): RoomPart;
}

/** The snapshot of a stream without entries. */
export const EMPTY: Snapshot = {
  position: 0,
  lastNumber: 0,
  room: null,
  mutes: [],
  members: [],
  roomBans: [],
  invitations: [],
  withheld: [],
  bans: [],
  names: [],
  accounts: [],
  units: [],
  unitMembers: [],
  contacts: [],
  blocks: [],
  memberships: [],
  read: [],
  passwordPosition: null,
  tokens: [],
  uploads: [],
};

/** Reads the snapshot of a stream at its position; the tables must be those of the same moment. */
export function snapshotOf(stream: StreamId, position: number, tables: SnapshotTables): Snapshot {
  return { ...EMPTY, ...partOf(stream, tables), position };
}

function partOf(stream: StreamId, tables: SnapshotTables): Partial<Snapshot> {
  const { kind, id } = parseStream(stream);
  if (kind === 'directory') return tables.directoryPart(); // STORE-14 STORE-51 STORE-100
  return kind === 'person' ? tables.personPart(id) : tables.roomPart(id); // STORE-14 STORE-50 STORE-51
}
