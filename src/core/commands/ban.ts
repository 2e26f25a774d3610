import { type Actor, type Context, refuse, write } from '../decide.ts';
import type { Ban } from '../entries.ts';
import { directoryStream } from '../ids.ts';
import type { Decision } from '../work.ts';
import { mayModerate } from '../rights.ts';
import type { States } from '../states.ts';
import { parseReason } from '../text.ts';

/** Keeps a name, and all that look like it, from entering. */
export type SetBan = { readonly type: 'set-ban'; readonly actor: Actor; readonly ban: Ban };

/** Lets them enter again. */
export type LiftBan = { readonly type: 'lift-ban'; readonly actor: Actor; readonly skeleton: string };

/** A later ban of the same name takes the place of the earlier one. */
export function decideSetBan(_states: States, command: SetBan, context: Context): Decision<Ban> {
  if (!mayModerate(command.actor)) return refuse({ type: 'not-allowed' }); // WORLD-30
  const reason = parseReason(command.ban.reason);
  if (!reason.ok) return refuse({ type: 'bad-text', problem: reason.error });
  const ban: Ban = { ...command.ban, reason: reason.value };
  return write(directoryStream, { type: 'ban-set', ban, at: context.now }, ban);
}

/** Refused where there is no such ban, so that a slip of the keyboard is noticed. */
export function decideLiftBan(states: States, command: LiftBan, context: Context): Decision<Ban> {
  if (!mayModerate(command.actor)) return refuse({ type: 'not-allowed' }); // WORLD-30
  const ban = states.directory.bans.get(command.skeleton);
  if (ban === undefined) return refuse({ type: 'not-found' }); // WORLD-32
  return write(directoryStream, { type: 'ban-lifted', skeleton: command.skeleton, at: context.now }, ban);
}
