import { ok } from '../../lib/result.ts';
import { type Decision, type DecisionInput, type PersonActor, refuse, unchanged, write } from '../engine/decide.ts';
import { type PersonId, type RoomId, roomStream } from '../model/ids.ts';
import type { MemberRole } from '../model/member.ts';
import type { Refusal } from '../model/refusals.ts';
import type { RoomState } from '../state/room.ts';
import type { States } from '../state/states.ts';
import { joinWrites, refusalToJoin } from './join-room.ts';
import { leaveWrites } from './leave-room.ts';
import { isIn, isOpen, mayActOn, mayAddMembers, roomBanOn } from './permissions.ts';

/** Makes an account a member of a room in which the actor is. */
export type AddMember = MemberCommand<'add-member'>;

/** Ends the membership of somebody else. */
export type RemoveMember = MemberCommand<'remove-member'>;

/** Gives a member another role in the room. */
export type SetMemberRole = MemberCommand<'set-member-role'> & { readonly role: MemberRole };

type MemberCommand<T extends string> = {
  readonly type: T;
  readonly actor: PersonActor;
  readonly room: RoomId;
  readonly person: PersonId;
};

/** The other person is not asked, but may block the actor, and may leave (WORLD-182). */
export function decideAddMember(states: States, command: AddMember, input: DecisionInput): Decision<RoomId> {
  const { actor, person } = command;
  const room = states.room(command.room);
  const outside = refusalOfOutsider(room, actor, input.lobby);
  if (outside !== null) return refuse(outside); // WORLD-71
  if (!mayAddMembers(actor, room)) return refuse({ type: 'not-allowed' }); // WORLD-182
  const account = states.directory.people.get(person);
  if (account === undefined) return refuse({ type: 'not-found' }); // WORLD-182
  if (room.members.has(person)) return unchanged(room.id); // WORLD-75
  const other = states.person(person);
  if (roomBanOn(room, person, input.now) !== undefined) return refuse({ type: 'not-allowed' }); // WORLD-186
  if (other.blocks.has(actor.person.id)) return refuse({ type: 'not-allowed' }); // WORLD-182
  const refusal = refusalToJoin(room, other, input);
  if (refusal !== null) return refuse(refusal); // WORLD-74
  return ok({ writes: joinWrites(room, { id: person, name: account.name }, input.now), value: room.id });
}

/** Only somebody of higher rank may; nobody is removed from the lobby or a direct (WORLD-183). */
export function decideRemoveMember(states: States, command: RemoveMember, input: DecisionInput): Decision<RoomId> {
  const room = states.room(command.room);
  const refusal = refusalToActOn(room, command, input.lobby);
  if (refusal !== null) return refuse(refusal); // WORLD-183
  if (room.id === input.lobby) return refuse({ type: 'not-allowed' }); // WORLD-183
  return ok({ writes: leaveWrites(room, command.person, input.now), value: room.id });
}

/** Owners of the room and of the server give roles; the room keeps an owner (WORLD-184). */
export function decideSetMemberRole(states: States, command: SetMemberRole, input: DecisionInput): Decision<RoomId> {
  const { actor, person, role } = command;
  const room = states.room(command.room);
  const outside = refusalOfOutsider(room, actor, input.lobby);
  if (outside !== null) return refuse(outside); // WORLD-71
  const member = room.members.get(person);
  const isOwner = actor.role === 'owner' || room.members.get(actor.person.id)?.role === 'owner';
  if (!isOwner || room.row?.people !== undefined) return refuse({ type: 'not-allowed' }); // WORLD-184
  if (member === undefined) return refuse({ type: 'not-found' });
  if (member.role === role) return unchanged(room.id);
  const others = [...room.members.values()].filter((one) => one.role === 'owner' && one.person !== person);
  if (member.role === 'owner' && others.length === 0) return refuse({ type: 'not-allowed' }); // WORLD-184
  const entry = { type: 'member-changed', member: { ...member, role }, at: input.now } as const;
  return write(roomStream(room.id), entry, room.id);
}

/** Why the actor cannot act on a member; null if that is allowed (WORLD-183). */
export function refusalToActOn(
  room: RoomState,
  { actor, person }: { readonly actor: PersonActor; readonly person: PersonId },
  lobby: RoomId,
): Refusal | null {
  const outside = refusalOfOutsider(room, actor, lobby);
  if (outside !== null) return outside; // WORLD-71
  const member = room.members.get(person);
  if (member === undefined) return { type: 'not-found' };
  return mayActOn(actor, room, member) ? null : { type: 'not-allowed' }; // WORLD-183
}

/** Why the actor, who is not in the room, can do nothing in it; null for those who are in it. */
export function refusalOfOutsider(room: RoomState, actor: PersonActor, lobby: RoomId): Refusal | null {
  if (room.row !== null && isIn(room, actor, lobby)) return null;
  return { type: isOpen(room) ? 'not-member' : 'not-found' }; // WORLD-71
}
