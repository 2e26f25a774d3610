import { ok } from '../../lib/result.ts';
import { type Actor, type Decision, type DecisionInput, type PersonActor, refuse, write } from '../engine/decide.ts';
import type { Mute } from '../model/entries.ts';
import { type PersonId, type RoomId, roomStream } from '../model/ids.ts';
import type { States } from '../state/states.ts';
import { refusalToActOn } from './members.ts';
import { mayModerate } from './permissions.ts';

/** Keeps a person from writing in a room, but not from reading it. */
export type SetMute = { readonly type: 'set-mute'; readonly actor: Actor; readonly mute: Mute };

/** Lets the person write again. */
export type LiftMute = {
  readonly type: 'lift-mute';
  readonly actor: Actor;
  readonly room: RoomId;
  readonly skeleton: string;
};

/** A later mute of the same name replaces the earlier one. */
export function decideSetMute(states: States, command: SetMute, input: DecisionInput): Decision<Mute> {
  if (!mayModerate(command.actor)) return refuse({ type: 'not-allowed' }); // WORLD-30
  const { mute } = command;
  if (states.room(mute.room).row === null) return refuse({ type: 'not-found' }); // WORLD-14
  return write(roomStream(mute.room), { type: 'person-muted', mute, at: input.now }, mute);
}

/** Refused if there is no such mute. */
export function decideLiftMute(states: States, command: LiftMute, input: DecisionInput): Decision<Mute> {
  if (!mayModerate(command.actor)) return refuse({ type: 'not-allowed' }); // WORLD-30
  const mute = states.room(command.room).mutes.get(command.skeleton);
  if (mute === undefined) return refuse({ type: 'not-found' }); // WORLD-32
  const { room, skeleton } = command;
  return write(roomStream(room), { type: 'person-unmuted', room, skeleton, at: input.now }, mute);
}

/** Keeps a member from writing in a room, in the name of somebody of higher rank there. */
export type MuteMember = {
  readonly type: 'mute-member';
  readonly actor: PersonActor;
  readonly room: RoomId;
  readonly person: PersonId;
  /** Null lifts the mute; without an end it is for good. */
  readonly mute: { readonly until: number | null } | null;
};

/** The mute is that of the member's name, as the one of a moderator of the server is (WORLD-185). */
export function decideMuteMember(states: States, command: MuteMember, input: DecisionInput): Decision<RoomId> {
  const { person, mute } = command;
  const room = states.room(command.room);
  const refusal = refusalToActOn(room, command, input.lobby);
  if (refusal !== null) return refuse(refusal); // WORLD-183 WORLD-185
  const skeleton = states.directory.people.get(person)?.skeleton;
  if (skeleton === undefined) return refuse({ type: 'not-found' });
  const at = input.now;
  if (mute !== null) {
    const set = { room: room.id, person, skeleton, until: mute.until };
    return write(roomStream(room.id), { type: 'person-muted', mute: set, at }, room.id); // WORLD-185
  }
  const lifted = [...room.mutes.values()].filter((one) => one.skeleton === skeleton || one.person === person);
  const entries = lifted.map((one) => ({ type: 'person-unmuted', room: room.id, skeleton: one.skeleton, at }) as const);
  return ok({ writes: lifted.length === 0 ? [] : [{ stream: roomStream(room.id), entries }], value: room.id }); // WORLD-185
}
