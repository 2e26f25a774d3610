import type { WorldReader } from '../../core/reader.ts';
import type { ViewKey, ViewType } from '../view-key.ts';
import type { ListSource } from './list-source.ts';
import type { Order } from './orders.ts';
import { directorySource, membersSource, peopleSource, unitSource } from './people-sources.ts';
import type { PeopleTable } from './people-table.ts';
import { roomsSource } from './rooms-source.ts';
import type { RoomsTable } from './rooms-table.ts';

const PEOPLE: readonly Order[] = ['asc', 'desc', 'asc_pres_first', 'desc_pres_first'];
const NAMES: readonly Order[] = ['asc', 'desc'];

/** The orders in which the children of a document can be listed. */
export const ordersOf: { readonly [type in ViewType]: readonly Order[] } = {
  person: [],
  contacts: PEOPLE,
  blocks: PEOPLE,
  rooms: ['recent', ...NAMES],
  room: NAMES,
  members: PEOPLE,
  member: [],
  message: [],
  unit: PEOPLE,
  directory: NAMES,
};

/** What all lists are made from. */
export type Tables = { readonly reader: WorldReader; readonly people: PeopleTable; readonly rooms: RoomsTable };

/** What a list of a document's children is made from; null for a document without such a list. */
export function sourceOf({ reader, people, rooms }: Tables, { type, id }: ViewKey): ListSource | null {
  switch (type) {
    case 'contacts':
      return peopleSource(people, () => reader.contacts(id));
    case 'blocks':
      return peopleSource(people, () => reader.blocks(id));
    case 'rooms':
      return roomsSource(reader, people, rooms, id);
    case 'members':
      return membersSource(reader, people, id);
    case 'unit':
      return unitSource(reader, people, id);
    case 'directory':
      return directorySource(reader);
    case 'person':
    case 'room':
    case 'member':
    case 'message':
      return null;
  }
}
