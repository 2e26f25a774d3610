import { ok } from '../../lib/result.ts';
import { type Decision, type DecisionInput, type PersonActor, refuse, type Write } from '../engine/decide.ts';
import type { PersonEntry, RoomEntry } from '../model/entries.ts';
import { directoryStream, personStream, type RoomId, roomStream } from '../model/ids.ts';
import { isTaken } from '../state/directory.ts';
import type { States } from '../state/states.ts';
import type { Name } from '../text/names/parse.ts';
import { parseLine } from '../text/text.ts';
import { mayJoinMore } from './join-room.ts';

/** Makes a room, whose name is then taken for good; its creator is its owner. */
export type CreateRoom = {
  readonly type: 'create-room';
  readonly room: RoomId;
  readonly name: Name;
  readonly displayName: string;
  readonly closed: boolean;
  /** Null for the lobby, which has no owner. */
  readonly creator: PersonActor | null;
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
    { stream: roomStream(room), entries: [created, ...(creator === null ? [] : [ownership(room, creator, at)])] },
  ];
  if (creator !== null) writes.push({ stream: personStream(creator.person.id), entries: [joined(room, creator, at)] });
  return ok({ writes, value: room });
}

function ownership(room: RoomId, { person }: PersonActor, at: number): RoomEntry {
  const member = { room, person: person.id, name: person.name, role: 'owner', other: null, since: 0 } as const;
  return { type: 'member-joined', member, at };
}

function joined(room: RoomId, { person }: PersonActor, at: number): PersonEntry {
  return { type: 'room-joined', membership: { person: person.id, room, other: null, since: 0 }, at };
}
