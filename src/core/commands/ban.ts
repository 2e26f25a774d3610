import { ok } from '../../lib/result.ts';
import { type Actor, type Decision, type DecisionInput, type Write, refuse, write } from '../engine/decide.ts';
import type { Ban } from '../model/entries.ts';
import { directoryStream, personStream } from '../model/ids.ts';
import { mayModerate } from './permissions.ts';
import type { States } from '../state/states.ts';
import { parseReason } from '../text/text.ts';
import { endOfAll } from './revoke-tokens.ts';

/** Keeps a name, and all that look like it, from entering. */
export type SetBan = { readonly type: 'set-ban'; readonly actor: Actor; readonly ban: Ban };

/** Lets them enter again. */
export type LiftBan = { readonly type: 'lift-ban'; readonly actor: Actor; readonly skeleton: string };

/**
 * A later ban of the same name takes the place of the earlier one. With a ban end the tokens of whose name it is; where
 * that account has been made only now, by another node, it is refused and may be asked again.
 */
export function decideSetBan(states: States, command: SetBan, input: DecisionInput): Decision<Ban> {
  if (!mayModerate(command.actor)) return refuse({ type: 'not-allowed' }); // WORLD-30
  const reason = parseReason(command.ban.reason);
  if (!reason.ok) return refuse({ type: 'bad-text', problem: reason.error });
  const ban: Ban = { ...command.ban, reason: reason.value };
  const at = input.now;
  const set: Write = { stream: directoryStream, entries: [{ type: 'ban-set', ban, at }] };
  const account = states.directory.accounts.get(ban.skeleton);
  if (account === undefined) return ok({ writes: [set], value: ban });
  if (!states.has(personStream(account.person))) return refuse({ type: 'unavailable' }); // WORLD-93
  return ok({ writes: [set, endOfAll(states.person(account.person), at)], value: ban }); // WORLD-93
}

/** Refused where there is no such ban, so that a slip of the keyboard is noticed. */
export function decideLiftBan(states: States, command: LiftBan, input: DecisionInput): Decision<Ban> {
  if (!mayModerate(command.actor)) return refuse({ type: 'not-allowed' }); // WORLD-30
  const ban = states.directory.bans.get(command.skeleton);
  if (ban === undefined) return refuse({ type: 'not-found' }); // WORLD-32
  return write(directoryStream, { type: 'ban-lifted', skeleton: command.skeleton, at: input.now }, ban);
}
