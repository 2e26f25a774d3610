import { ok } from '../../lib/result.ts';
import { type Actor, type Decision, type DecisionInput, refuse, type Write, write } from '../engine/decide.ts';
import type { Ban } from '../model/entries.ts';
import { directoryStream, personStream } from '../model/ids.ts';
import type { States } from '../state/states.ts';
import { parseReason } from '../text/text.ts';
import { mayModerate } from './permissions.ts';
import { revocationOfAll } from './accounts/revoke-tokens.ts';

/** Keeps a name and its look-alikes from entering. */
export type SetBan = { readonly type: 'set-ban'; readonly actor: Actor; readonly ban: Ban };

/** Lets the name enter again. */
export type LiftBan = { readonly type: 'lift-ban'; readonly actor: Actor; readonly skeleton: string };

/**
 * A later ban of the same name replaces the earlier one. A ban ends the tokens of the account of that name. It is refused
 * as unavailable if another node made that account after the command was submitted: then it is asked for again.
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
  return ok({ writes: [set, revocationOfAll(states.person(account.person), at)], value: ban }); // WORLD-93
}

/** Refused if there is no such ban, so that a typing error is noticed. */
export function decideLiftBan(states: States, command: LiftBan, input: DecisionInput): Decision<Ban> {
  if (!mayModerate(command.actor)) return refuse({ type: 'not-allowed' }); // WORLD-30
  const ban = states.directory.bans.get(command.skeleton);
  if (ban === undefined) return refuse({ type: 'not-found' }); // WORLD-32
  return write(directoryStream, { type: 'ban-lifted', skeleton: command.skeleton, at: input.now }, ban);
}
