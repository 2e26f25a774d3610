import { ok } from '../../lib/result.ts';
import { type Decision, type DecisionInput, type PersonActor, refuse, type Write } from '../engine/decide.ts';
import type { RoomEntry } from '../model/entries.ts';
import { type PersonId, personStream, type RoomId, roomStream } from '../model/ids.ts';
import type { Member } from '../model/member.ts';
import type { RoomState } from '../state/room.ts';
import type { States } from '../state/states.ts';
import { isOpen } from './permissions.ts';

/** Ends a membership: the person is shown nothing more of the room. */
export type LeaveRoom = { readonly type: 'leave-room'; readonly actor: PersonActor; readonly room: RoomId };

/** Nobody leaves the lobby or a direct. When the last owner leaves, another member becomes owner. */
export function decideLeaveRoom(states: States, command: LeaveRoom, input: DecisionInput): Decision<RoomId> {
  const room = states.room(command.room);
  const person = command.actor.person.id;
  if (!room.members.has(person)) return refuse({ type: isOpen(room) ? 'not-member' : 'not-found' }); // WORLD-70 WORLD-71
  if (room.id === input.lobby || room.row?.people !== undefined) return refuse({ type: 'not-allowed' }); // WORLD-76
  return ok({ writes: leaveWrites(room, person, input.now), value: room.id });
}

/** The entries of both streams that end a membership, and the invitations that the person made (WORLD-06 WORLD-265). */
export function leaveWrites(room: RoomState, person: PersonId, at: number): Write[] {
  const heir = heirOf(room, person);
  const entries: RoomEntry[] = [{ type: 'member-left', room: room.id, person, at }];
  if (heir !== null) entries.push({ type: 'member-changed', member: { ...heir, role: 'owner' }, at });
  for (const { digest, maker } of room.invitations.values())
    if (maker === person) entries.push({ type: 'invitation-ended', room: room.id, digest, at }); // WORLD-265
  return [
    { stream: roomStream(room.id), entries },
    { stream: personStream(person), entries: [{ type: 'room-left', person, room: room.id, at }] },
  ];
}

/** The new owner when this member leaves: the earliest moderator, else the earliest member (WORLD-77). Null if an owner stays. */
function heirOf(room: RoomState, leaver: number): Member | null {
  const others = [...room.members.values()].filter(({ person }) => person !== leaver);
  if (others.some(({ role }) => role === 'owner')) return null; // WORLD-77
  const earliest = others.toSorted((a, b) => a.since - b.since || a.person - b.person); // WORLD-77
  return earliest.find(({ role }) => role === 'moderator') ?? earliest[0] ?? null; // WORLD-77
}
