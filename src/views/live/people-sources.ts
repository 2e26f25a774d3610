import type { PersonId, RoomId, UnitId } from '../../core/model/ids.ts';
import type { WorldReader } from '../../core/reader.ts';
import type { MemberEntry, UnitEntry } from './entries.ts';
import type { Follow, ListSource } from './list-source.ts';
import type { PeopleTable } from './people-table.ts';

/** A list of the people in a set, such as somebody's contacts. */
export function peopleSource(people: PeopleTable, ids: () => ReadonlySet<PersonId>): ListSource {
  return {
    keys: () => ids(),
    entry: (key) => (ids().has(key) ? people.entry(key) : null),
    follows: [followIf(people, (person) => ids().has(person))],
  };
}

/** The members of a room; in the lobby also the guests (WORLD-70). */
export function membersSource(reader: WorldReader, people: PeopleTable, room: RoomId): ListSource {
  const isGuest = (person: PersonId) => room === reader.lobby && reader.person(person)?.guest === true; // WORLD-70
  const member = (person: PersonId) => reader.room(room)?.members.get(person);
  const entry = (key: PersonId): MemberEntry | null => {
    const [found, shown] = [member(key), people.entry(key)];
    if (shown === null || (found === undefined && !isGuest(key))) return null;
    return { ...shown, type: 'member', role: found?.role ?? null };
  };
  return {
    keys: () => [...(reader.room(room)?.members.keys() ?? []), ...(room === reader.lobby ? reader.guests : [])],
    entry,
    follows: [followIf(people, (person) => member(person) !== undefined || isGuest(person))],
  };
}

/** The units directly in a unit, and the people who are in it. */
export function unitSource(reader: WorldReader, people: PeopleTable, unit: UnitId): ListSource {
  return {
    keys: () => [...unitKeys(reader, unit), ...reader.unitPeople(unit)],
    entry: (key) => {
      if (key < 0) return unitEntry(reader, key, unit);
      return reader.isInUnit(unit, key) ? people.entry(key) : null;
    },
    follows: [followIf(people, (person) => reader.isInUnit(unit, person))],
  };
}

/** The units at the top. */
export function directorySource(reader: WorldReader): ListSource {
  return { keys: () => unitKeys(reader, null), entry: (key) => unitEntry(reader, key, null), follows: [] };
}

function followIf(people: PeopleTable, isIn: (person: PersonId) => boolean): Follow {
  return { changes: people.changes, keyOf: (person) => (isIn(person) ? person : null) };
}

function unitKeys(reader: WorldReader, parent: UnitId | null): number[] {
  return [...reader.units].filter((unit) => unit.parent === parent).map(({ id }) => -id);
}

function unitEntry(reader: WorldReader, key: number, parent: UnitId | null): UnitEntry | null {
  const unit = reader.unit(-key);
  return unit?.parent === parent ? { type: 'unit', id: unit.id, displayName: unit.name } : null;
}
