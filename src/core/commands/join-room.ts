import { ok } from '../../lib/result.ts';
import {
  type Decision,
  type DecisionInput,
  type PersonActor,
  refuse,
  unchanged,
  type Write,
} from '../engine/decide.ts';
import { personStream, type RoomId, roomStream } from '../model/ids.ts';
import type { Refusal } from '../model/refusals.ts';
import type { Person } from '../model/person.ts';
import type { PersonState } from '../state/person.ts';
import type { RoomState } from '../state/room.ts';
import type { States } from '../state/states.ts';
import { isOpen, roomBanOn } from './permissions.ts';

/** Makes an account a member of an open room. */
export type JoinRoom = { readonly type: 'join-room'; readonly actor: PersonActor; readonly room: RoomId };

const MAX_ROOMS = 100;
const MAX_MEMBERS = 5_000;

/** A member who joins again changes nothing. For others a closed room is not found (WORLD-71). */
export function decideJoinRoom(states: States, command: JoinRoom, input: DecisionInput): Decision<RoomId> {
  const { actor } = command;
  const room = states.room(command.room);
  if (room.members.has(actor.person.id)) return unchanged(room.id); // WORLD-75
  if (!isOpen(room)) return refuse({ type: 'not-found' }); // WORLD-71
  if (actor.role === null) return refuse({ type: 'guest' }); // WORLD-73
  const ban = roomBanOn(room, actor.person.id, input.now);
  if (ban !== undefined) return refuse({ type: 'banned', reason: ban.reason }); // WORLD-186
  const refusal = refusalToJoin(room, states.person(actor.person.id), input);
  if (refusal !== null) return refuse(refusal);
  return ok({ writes: joinWrites(room, actor.person, input.now), value: room.id });
}

/** Why an account cannot become a member of a group, whoever asks for it; null if it can. */
export function refusalToJoin(room: RoomState, person: PersonState, { lobby }: DecisionInput): Refusal | null {
  if (room.id === lobby) return null;
  if (!mayJoinMore(person, lobby)) return { type: 'too-many', what: 'rooms' }; // WORLD-74
  return room.members.size >= MAX_MEMBERS ? { type: 'too-many', what: 'members' } : null; // WORLD-74
}

/** The entries of both streams that make a person a member of a room (WORLD-06). */
export function joinWrites(room: RoomState, person: Person, at: number): Write[] {
  const membership = { room: room.id, person: person.id, other: null, since: room.lastNumber };
  const member = { ...membership, name: person.name, role: 'member' } as const;
  return [
    { stream: roomStream(room.id), entries: [{ type: 'member-joined', member, at }] },
    { stream: personStream(person.id), entries: [{ type: 'room-joined', membership, at }] },
  ];
}

/** Whether a person may join one more group; the lobby and directs do not count (WORLD-74). */
export function mayJoinMore(person: PersonState, lobby: RoomId): boolean {
  const rooms = [...person.rooms.values()].filter(({ room, other }) => other === null && room !== lobby);
  return rooms.length < MAX_ROOMS; // WORLD-74
}
