import { ok } from '../../lib/result.ts';
import { type Decision, type DecisionInput, refuse, unchanged } from '../engine/decide.ts';
import type { PersonEntry, RoomEntry } from '../model/entries.ts';
import { personStream, type RoomId, roomStream } from '../model/ids.ts';
import type { Person } from '../model/person.ts';
import type { States } from '../state/states.ts';

/** Makes the direct of two people; `room` is its id if there is none yet. */
export type BeginDirect = {
  readonly type: 'begin-direct';
  readonly people: readonly [Person, Person];
  readonly room: RoomId;
};

/** A person in this many directs begins no other. */
const MAX_DIRECTS = 1_000;

/** Two people have one direct, whichever of them begins it (WORLD-80). */
export function decideBeginDirect(states: States, command: BeginDirect, input: DecisionInput): Decision<RoomId> {
  const { people, room } = command;
  const [first, second] = people;
  const { directs } = states.person(first.id);
  const existing = directs.get(second.id);
  if (existing !== undefined) return unchanged(existing); // WORLD-80
  if (directs.size >= MAX_DIRECTS) return refuse({ type: 'too-many', what: 'rooms' }); // WORLD-89
  const at = input.now;
  const identity = input.ids.identity();
  const created: RoomEntry = { type: 'room-created', room, identity, name: '', people, at };
  const joined = ([person, other]: readonly [Person, Person]): RoomEntry => ({
    type: 'member-joined',
    member: { room, person: person.id, name: person.name, role: 'member', other: other.id, since: 0 },
    at,
  });
  const membership = (person: Person, other: Person): PersonEntry => ({
    type: 'room-joined',
    membership: { person: person.id, room, other: other.id, since: 0 },
    at,
  });
  return ok({
    writes: [
      { stream: roomStream(room), entries: [created, joined([first, second]), joined([second, first])] },
      { stream: personStream(first.id), entries: [membership(first, second)] },
      { stream: personStream(second.id), entries: [membership(second, first)] },
    ],
    value: room,
  });
}
