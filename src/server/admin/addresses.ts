import type { ConnectionOrigin } from '../../connections/hub.ts';
import type { Actor } from '../../core/engine/decide.ts';
import type { Ban } from '../../core/model/entries.ts';
import type { Person } from '../../core/model/person.ts';
import type { Refusal } from '../../core/model/refusals.ts';
import type { World } from '../../core/world.ts';
import type { Result } from '../../lib/result.ts';
import { banRange, hasLoopback, overlap } from '../../transports/ban-range.ts';
import type { AdminReply, AdminRequest } from './messages.ts';
import { operatorText } from './refusal-text.ts';
import { banned, stamp } from './words.ts';

/** What the operator's commands need besides the world. */
export type Surroundings = {
  /** The connections of this process. */
  readonly origins: () => Iterable<ConnectionOrigin & { readonly person: Person | null }>;
  readonly trustedProxies: readonly string[];
};

/** The most connections that are listed, so that the answer stays readable. */
const MAX_LISTED = 1_000;

const operator: Actor = { type: 'operator' };

type AddressRequest = Extract<AdminRequest, { readonly command: 'ban-address' | 'unban-address' }>;

/** Bans addresses, or lifts such a ban, as the operator; resolves when that is on disk. */
export async function runAddress(
  { moderation }: Pick<World, 'moderation'>,
  now: number,
  request: AddressRequest,
  { trustedProxies }: Surroundings,
): Promise<AdminReply> {
  const range = banRange(request.address);
  if (range === null) return refuse(`${request.address} is neither an address nor a range such as 203.0.113.0/24`); // SERVER-157
  const shown = shownRange(range);
  if (request.command === 'unban-address') {
    const lifted: Result<Ban, Refusal> = await new Promise((done) => moderation.unbanAddress(operator, range, done));
    if (lifted.ok) return { ok: true, lines: [`people may come from ${shown} again`] };
    return refuse(lifted.error.type === 'not-found' ? `${shown} is not banned` : operatorText(lifted.error));
  }
  if (hasLoopback(range)) return refuse(`${shown} has an address of this machine in it: that would shut you out, too`); // SERVER-158
  const proxy = trustedProxies.find((trusted) => overlap(range, trusted));
  if (proxy !== undefined)
    return refuse(`${shown} has the trusted proxy ${proxy} in it: that would shut out all of its visitors`); // SERVER-158
  const until = request.forMs === null ? null : now + request.forMs;
  const set: Result<Ban, Refusal> = await new Promise((done) =>
    moderation.banAddress(operator, range, request.reason, until, done),
  );
  return set.ok ? { ok: true, lines: [banned({ ...set.value, name: shown })] } : refuse(operatorText(set.error));
}

/** A banned range as people write it: a single IPv4 address without its length. */
export function shownRange(range: string): string {
  return range.replace(/\/32$/, '');
}

/** Lists all people who are here, also invisible ones, with their connections, and the connections without a login. */
export function listAddresses({ people }: Pick<World, 'people'>, { origins }: Surroundings): string[] {
  const present = people.present;
  const visible = new Set(people.visible.map(({ person }) => person));
  const all = [...origins()];
  const byPerson = Map.groupBy(all, ({ person }) => person?.id ?? null);
  const strangers = byPerson.get(null) ?? [];
  const lines = [
    ...present.flatMap(({ person, name }) => [
      `  ${name}${visible.has(person) ? '' : ' (invisible)'}`,
      ...(byPerson.get(person) ?? []).map((origin) => `    ${described(origin)}`),
    ]),
    ...(strangers.length === 0 ? [] : ['  connections without a login']),
    ...strangers.map((origin) => `    ${described(origin)}`),
  ];
  const unnamed = lines.length - MAX_LISTED;
  return [
    present.length === 1 ? '1 person is here' : `${present.length} people are here`,
    ...lines.slice(0, MAX_LISTED), // SERVER-156
    ...(unnamed > 0 ? [`  and ${unnamed} more lines`] : []),
  ];
}

function described({ address, protocol, since }: ConnectionOrigin): string {
  return `${address} by ${protocol}, since ${stamp(since)}`; // SERVER-156
}

function refuse(line: string): AdminReply {
  return { ok: false, lines: [line] };
}
