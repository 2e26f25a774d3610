import { ok } from '../../lib/result.ts';
import { type Decision, type DecisionInput, type PersonActor, refuse, type Write } from '../engine/decide.ts';
import type { PersonEntry, RoomEntry } from '../model/entries.ts';
import { directoryStream, type PersonId, personStream, type RoomId, roomStream } from '../model/ids.ts';
import type { MemberRole } from '../model/member.ts';
import type { Person } from '../model/person.ts';
import type { Refusal } from '../model/refusals.ts';
import { isFullOf, isTaken } from '../state/directory.ts';
import type { States } from '../state/states.ts';
import type { Name } from '../text/names/parse.ts';
import { parseLine } from '../text/text.ts';
import { mayJoinMore } from './join-room.ts';

/** The most members that a room begins with, besides its creator. */
const MAX_FIRST_MEMBERS = 200;

/** Makes a room, whose name is then taken for good; its creator is its owner. */
export type CreateRoom = {
  readonly type: 'create-room';
  readonly room: RoomId;
  readonly name: Name;
  readonly displayName: string;
  readonly closed: boolean;
  /** Null for the lobby, which has no owner. */
  readonly creator: PersonActor | null;
  /** Accounts that are members from the beginning, without the creator. */
  readonly members: readonly Person[];
};

/** One append to all its streams: the room is in the directory exactly when it exists (WORLD-06). */
export function decideCreateRoom(states: States, command: CreateRoom, input: DecisionInput): Decision<RoomId> {
  const { room, name, creator } = command;
  const displayName = parseLine(command.displayName);
  if (!displayName.ok) return refuse({ type: 'bad-display-name', problem: displayName.error });
  if (isTaken(states.directory, name.skeleton)) return refuse({ type: 'name-taken' }); // WORLD-10
  if (creator?.role === null) return refuse({ type: 'guest' }); // WORLD-73
  if (creator !== null && !mayJoinMore(states.person(creator.person.id), input.lobby))
    return refuse({ type: 'too-many', what: 'rooms' }); // WORLD-74
  if (isFullOf('groups', states.directory)) return refuse({ type: 'server-full', what: 'groups' }); // WORLD-300
  const refusal = refusalOfMembers(states, command, input);
  if (refusal !== null) return refuse(refusal); // WORLD-132
  const at = input.now;
  const taken = { skeleton: name.skeleton, name: name.spelling, room };
  const created: RoomEntry = {
    type: 'room-created',
    room,
    identity: input.ids.identity(),
    name: name.spelling,
    ...(displayName.value !== name.spelling && { displayName: displayName.value }),
    ...(command.closed && { closed: true }),
    at,
  };
  const writes: Write[] = [
    { stream: directoryStream, entries: [{ type: 'name-taken', name: taken, at }] },
    {
      stream: roomStream(room),
      entries: [
        created,
        ...(creator === null ? [] : [memberEntry(room, creator.person, 'owner', at)]),
        ...command.members.map((person) => memberEntry(room, person, 'member', at)), // WORLD-132
      ],
    },
  ];
  const everybody = [...(creator === null ? [] : [creator.person]), ...command.members];
  for (const { id } of everybody) writes.push({ stream: personStream(id), entries: [joined(room, id, at)] });
  return ok({ writes, value: room });
}

/** Why one of the first members cannot be one; null if all can. */
function refusalOfMembers(states: States, { creator, members }: CreateRoom, { lobby }: DecisionInput): Refusal | null {
  if (members.length > MAX_FIRST_MEMBERS) return { type: 'too-many', what: 'members' }; // WORLD-132
  for (const { id } of members) {
    if (!states.directory.people.has(id)) return { type: 'not-found' }; // WORLD-132
    const person = states.person(id);
    if (creator !== null && person.blocks.has(creator.person.id)) return { type: 'not-allowed' }; // WORLD-132
    if (!mayJoinMore(person, lobby)) return { type: 'too-many', what: 'rooms' }; // WORLD-74 WORLD-132
  }
  return null;
}

function memberEntry(room: RoomId, person: Person, role: MemberRole, at: number): RoomEntry {
  return {
    type: 'member-joined',
    member: { room, person: person.id, name: person.name, role, other: null, since: 0 },
    at,
  };
}

function joined(room: RoomId, person: PersonId, at: number): PersonEntry {
  return { type: 'room-joined', membership: { person, room, other: null, since: 0 }, at };
}
