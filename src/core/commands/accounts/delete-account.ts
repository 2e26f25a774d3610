import { ok } from '../../../lib/result.ts';
import { type Decision, type DecisionInput, refuse, unchanged, type Write } from '../../engine/decide.ts';
import type { Account } from '../../model/account.ts';
import type { DirectoryEntry, PersonEntry } from '../../model/entries.ts';
import { directoryStream, type PersonId, personStream, type RoomId, roomStream } from '../../model/ids.ts';
import type { States } from '../../state/states.ts';
import { leaveWrites } from '../leave-room.ts';
import { leaveUnits } from '../units.ts';

/** Deletes the account of a person. */
export type DeleteAccount = {
  readonly type: 'delete-account';
  readonly person: PersonId;
  /** The position of the entry that set the password which the person gave; null: the operator asks. */
  readonly knownPosition: number | null;
};

/** Ends what is left of a deleted person in a room or in what another person keeps. */
export type ForgetPerson = { readonly type: 'forget-person'; readonly person: PersonId };

/**
 * One append takes the account, the password, the tokens and relationships, and ends every membership of a group. The lobby
 * comes after it: others must first be shown that the person leaves it. Refused, and may be tried again, if the person
 * joined a group after the command was submitted.
 */
export function decideDeleteAccount(states: States, command: DeleteAccount, input: DecisionInput): Decision<Account> {
  const { person, knownPosition } = command;
  const account = states.directory.people.get(person);
  if (account === undefined) return refuse({ type: 'not-found' });
  const { rooms, passwordPosition, uploads } = states.person(person);
  if (knownPosition !== null && knownPosition < (passwordPosition ?? 0)) return refuse({ type: 'wrong-credentials' }); // WORLD-97 WORLD-168
  const groups = [...rooms.values()].filter(({ room, other }) => other === null && room !== input.lobby);
  if (!groups.every(({ room }) => states.has(roomStream(room)))) return refuse({ type: 'unavailable' });
  const at = input.now;
  const { name, skeleton } = account;
  const deleted: Account = { person, name, skeleton, displayName: name, role: 'user', deletedAt: at }; // WORLD-143
  const gone: DirectoryEntry = { type: 'account-deleted', account: deleted, at };
  const left = groups.flatMap(({ room }) => leaveWrites(states.room(room), person, at));
  const own = left.filter(({ stream }) => stream === personStream(person)).flatMap(({ entries }) => entries);
  const positions = [...uploads.values()].map(({ position }) => position);
  const files = positions.length > 0 && { uploads: positions }; // WORLD-247
  const erased: PersonEntry = { type: 'person-erased', person, replaces: passwordPosition, ...files, at };
  const writes: Write[] = [
    { stream: directoryStream, entries: [...leaveUnits(states.directory, person, at), gone] }, // WORLD-120 WORLD-150
    { stream: personStream(person), entries: [...own, erased] }, // WORLD-121
    ...left.filter(({ stream }) => stream !== personStream(person)), // WORLD-121
  ];
  return ok({ writes, value: deleted });
}

/** Ends a membership of a deleted person, also of the lobby (WORLD-121). */
export function decideForgetMember(
  states: States,
  { person }: ForgetPerson,
  room: RoomId,
  input: DecisionInput,
): Decision<null> {
  const state = states.room(room);
  if (!state.members.has(person)) return unchanged(null);
  return ok({ writes: leaveWrites(state, person, input.now), value: null }); // WORLD-121
}

/** Removes a deleted person from the contacts and blocks of another one (WORLD-122). */
export function decideForgetRelationship(
  states: States,
  { person: other }: ForgetPerson,
  person: PersonId,
  input: DecisionInput,
): Decision<null> {
  const { contacts, blocks } = states.person(person);
  const removed = (type: 'contact-removed' | 'block-removed'): PersonEntry => ({ type, person, other, at: input.now });
  const entries = [
    ...(contacts.has(other) ? [removed('contact-removed')] : []),
    ...(blocks.has(other) ? [removed('block-removed')] : []),
  ];
  return entries.length === 0
    ? unchanged(null)
    : ok({ writes: [{ stream: personStream(person), entries }], value: null }); // WORLD-122
}
