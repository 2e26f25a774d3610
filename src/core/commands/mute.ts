import { type Actor, type Context, refuse, write } from '../decide.ts';
import type { Mute } from '../entries.ts';
import { type RoomId, roomStream } from '../ids.ts';
import type { Decision } from '../work.ts';
import { mayModerate } from '../rights.ts';
import type { States } from '../states.ts';

/** Keeps somebody from writing in a room, but not from reading it. */
export type SetMute = { readonly type: 'set-mute'; readonly actor: Actor; readonly mute: Mute };

/** Lets them write again. */
export type LiftMute = {
  readonly type: 'lift-mute';
  readonly actor: Actor;
  readonly room: RoomId;
  readonly skeleton: string;
};

/** A later mute of the same name takes the place of the earlier one. */
export function decideSetMute(states: States, command: SetMute, context: Context): Decision<Mute> {
  if (!mayModerate(command.actor)) return refuse({ type: 'not-allowed' }); // WORLD-30
  const { mute } = command;
  if (states.room(mute.room).row === null) return refuse({ type: 'not-found' }); // WORLD-14
  return write(roomStream(mute.room), { type: 'person-muted', mute, at: context.now }, mute);
}

/** Refused where there is no such mute. */
export function decideLiftMute(states: States, command: LiftMute, context: Context): Decision<Mute> {
  if (!mayModerate(command.actor)) return refuse({ type: 'not-allowed' }); // WORLD-30
  const mute = states.room(command.room).mutes.get(command.skeleton);
  if (mute === undefined) return refuse({ type: 'not-found' }); // WORLD-32
  const { room, skeleton } = command;
  return write(roomStream(room), { type: 'person-unmuted', room, skeleton, at: context.now }, mute);
}
