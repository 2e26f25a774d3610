import { ok } from '../../lib/result.ts';
import { type Decision, type DecisionInput, type PersonActor, refuse, unchanged } from '../engine/decide.ts';
import type { RoomEntry } from '../model/entries.ts';
import { directoryStream, type PersonId, personStream, type RoomId, roomStream, type StreamId } from '../model/ids.ts';
import { endOfInvitation, hasEnded, type Invitation, isOpenInvitation, MAX_INVITATIONS } from '../model/invitation.ts';
import { banOn, type DirectoryState } from '../state/directory.ts';
import type { RoomState } from '../state/room.ts';
import type { States } from '../state/states.ts';
import { joinWrites, refusalToJoin } from './join-room.ts';
import { refusalOfOutsider } from './members.ts';
import { mayAddMembers, mayModerateRoom, roomBanOn } from './permissions.ts';

/** Makes an invitation with a code that was drawn before; the command has only its digest. */
export type MakeInvitation = {
  readonly type: 'make-invitation';
  readonly actor: PersonActor;
  readonly room: RoomId;
  readonly digest: string;
  /** In ms since 1970; null for the usual time. */
  readonly until: number | null;
  /** How many people may use it; null for any number. */
  readonly uses: number | null;
};

/** Makes a person who has the code of an invitation a member of its room. */
export type JoinByInvitation = {
  readonly type: 'join-by-invitation';
  readonly actor: PersonActor;
  readonly room: RoomId;
  readonly digest: string;
};

/** Withdraws invitations to a room. */
export type EndInvitations = { readonly type: 'end-invitations'; readonly actor: PersonActor; readonly room: RoomId };

/** The streams on which a person's use of an invitation to a room is decided. */
export function streamsOfJoin(room: RoomId, person: PersonId): StreamId[] {
  return [directoryStream, roomStream(room), personStream(person)];
}

/** The same append drops those that nobody can use any more. */
export function decideMakeInvitation(
  states: States,
  command: MakeInvitation,
  input: DecisionInput,
): Decision<Invitation> {
  const { actor, digest, uses } = command;
  const { now } = input;
  const room = states.room(command.room);
  const outside = refusalOfOutsider(room, actor, input.lobby);
  if (outside !== null) return refuse(outside); // WORLD-71
  if (!mayAddMembers(actor, room)) return refuse({ type: 'not-allowed' }); // WORLD-260
  const until = endOfInvitation(command.until, now);
  if (hasEnded({ until }, now)) return refuse({ type: 'bad-time' }); // WORLD-262
  const all = [...room.invitations.values()];
  const over = all.filter((one) => !isOpenInvitation(one, now));
  if (all.length - over.length >= MAX_INVITATIONS) return refuse({ type: 'too-many', what: 'invitations' }); // WORLD-263
  const invitation: Invitation = { digest, room: room.id, maker: actor.person.id, until, usesLeft: uses };
  const made: RoomEntry = { type: 'invitation-made', invitation, at: now };
  const entries = [...over.map((one) => endOf(one, now)), made];
  return ok({ writes: [{ stream: roomStream(room.id), entries }], value: invitation });
}

/** A member changes nothing by it. Others use it up by one, in the append that makes them members. */
export function decideJoinByInvitation(
  states: States,
  command: JoinByInvitation,
  input: DecisionInput,
): Decision<RoomId> {
  const { actor } = command;
  const { id } = actor.person;
  const room = states.room(command.room);
  const invitation = room.invitations.get(command.digest);
  const isGood = invitation !== undefined && leadsIn(states.directory, room, invitation, id, input.now);
  if (!isGood) return refuse({ type: 'not-found' }); // WORLD-266
  if (room.members.has(id)) return unchanged(room.id); // WORLD-75
  if (actor.role === null) return refuse({ type: 'guest' }); // WORLD-73
  const ban = roomBanOn(room, id, input.now);
  if (ban !== undefined) return refuse({ type: 'banned', reason: ban.reason }); // WORLD-186
  const refusal = refusalToJoin(room, states.person(id), input);
  if (refusal !== null) return refuse(refusal); // WORLD-74
  const used = useOf(invitation, input.now);
  const writes = joinWrites(room, actor.person, input.now).map((joined) =>
    joined.stream === roomStream(room.id) ? { ...joined, entries: [...joined.entries, ...used] } : joined,
  );
  return ok({ writes, value: room.id }); // WORLD-267
}

/**
 * Ends the actor's own ones; all of them for who moderates the room. Without any it writes no entry, but still checks whether
 * another node wrote one meanwhile.
 */
export function decideEndInvitations(states: States, command: EndInvitations, input: DecisionInput): Decision<RoomId> {
  const { actor } = command;
  const room = states.room(command.room);
  const outside = refusalOfOutsider(room, actor, input.lobby);
  if (outside !== null) return refuse(outside); // WORLD-71
  const moderates = mayModerateRoom(actor, room);
  const ended = [...room.invitations.values()].filter(({ maker }) => moderates || maker === actor.person.id); // WORLD-268
  const entries = ended.map((one) => endOf(one, input.now));
  return ok({ writes: [{ stream: roomStream(room.id), entries }], value: room.id });
}

/**
 * Whether an invitation leads this person into the room: its time is not over, its maker could make members now, and it is not used
 * up, but for members.
 */
export function leadsIn(
  directory: DirectoryState,
  room: RoomState,
  invitation: Invitation,
  person: PersonId,
  now: number,
): boolean {
  const { maker } = invitation;
  if (hasEnded(invitation, now)) return false; // WORLD-264
  if (invitation.usesLeft === 0 && !room.members.has(person)) return false; // WORLD-264
  const account = directory.people.get(maker);
  if (account === undefined || !room.members.has(maker)) return false; // WORLD-265
  const { name, skeleton, role } = account;
  if (banOn(directory, skeleton, now) !== undefined) return false; // WORLD-265
  return mayAddMembers({ type: 'person', person: { id: maker, name }, skeleton, role }, room); // WORLD-265
}

/** The entry of one more use; none where uses are not counted. */
function useOf(invitation: Invitation, at: number): RoomEntry[] {
  const { usesLeft } = invitation;
  if (usesLeft === null) return [];
  return [{ type: 'invitation-used', invitation: { ...invitation, usesLeft: usesLeft - 1 }, at }]; // WORLD-267
}

function endOf({ room, digest }: Invitation, at: number): RoomEntry {
  return { type: 'invitation-ended', room, digest, at };
}
