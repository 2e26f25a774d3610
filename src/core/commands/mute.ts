import { type Actor, type Decision, type DecisionInput, refuse, write } from '../engine/decide.ts';
import type { Mute } from '../model/entries.ts';
import { type RoomId, roomStream } from '../model/ids.ts';
import type { States } from '../state/states.ts';
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
