import type { Actor } from '../../core/engine/decide.ts';
import type { Refusal } from '../../core/model/refusals.ts';
import type { World } from '../../core/world.ts';
import type { Result } from '../../lib/result.ts';
import { listAddresses, runAddress, shownRange, type Surroundings } from './addresses.ts';
import type { AdminReply, AdminRequest } from './messages.ts';
import { operatorText } from './refusal-text.ts';
import { runUnit } from './units.ts';
import { runUser } from './users.ts';
import { banned, stamp, until } from './words.ts';

/** The most people that are listed, so that the answer stays readable. */
const MAX_LISTED = 1_000;

/** No connections, and no proxies. */
const ALONE: Surroundings = { origins: () => [], trustedProxies: [] };

const operator: Actor = { type: 'operator' };

/** Runs a command as the operator; resolves when its changes are on disk. `now` is in ms since 1970. */
export function runAdmin(
  world: World,
  now: number,
  request: AdminRequest,
  around: Surroundings = ALONE,
): Promise<AdminReply> {
  return new Promise((resolve) => {
    const done =
      <T>(words: (value: T) => string, ...more: readonly string[]) =>
      (result: Result<T, Refusal>) =>
        resolve(
          result.ok
            ? { ok: true, lines: [words(result.value), ...more] }
            : { ok: false, lines: [refusalFor(request, result.error)] },
        );
    switch (request.command) {
      case 'ban':
        return world.moderation.ban(
          operator,
          request.name,
          request.reason,
          endOf(request.forMs, now),
          done(banned, ...noteIfUnused(world, request.name)),
        );
      case 'unban':
        return world.moderation.unban(
          operator,
          request.name,
          done(({ name }) => `${name} may come again`),
        );
      case 'kick':
        return world.moderation.kick(
          request.name,
          request.reason,
          done(({ name }) => `${name} was sent away and may come again`),
        );
      case 'mute':
        return world.moderation.mute(
          operator,
          world.lobby,
          request.name,
          endOf(request.forMs, now),
          done(
            (mute) => `${request.name} may not write in the lobby, ${until(mute.until)}`,
            ...noteIfUnused(world, request.name),
          ),
        );
      case 'unmute':
        return world.moderation.unmute(
          operator,
          world.lobby,
          request.name,
          done(() => `${request.name} may write again`),
        );
      case 'delete':
        return world.messages.delete(
          operator,
          request.message,
          done(({ id, author }) => `deleted ${id} by ${author.name}`),
        );
      case 'list':
        return resolve({ ok: true, lines: list(world, now, request.addresses === true ? around : null) });
      case 'ban-address':
      case 'unban-address':
        return resolve(runAddress(world, now, request, around));
      case 'user-create':
      case 'user-password':
      case 'user-role':
      case 'user-list':
      case 'user-delete':
        return resolve(runUser(world, request));
      case 'unit-create':
      case 'unit-rename':
      case 'unit-move':
      case 'unit-delete':
      case 'unit-add':
      case 'unit-remove':
      case 'unit-home':
      case 'unit-list':
        return resolve(runUnit(world, request));
    }
  });
}

function endOf(forMs: number | null, now: number): number | null {
  return forMs === null ? null : now + forMs;
}

/** A name that nobody has now may be a typing error. */
function noteIfUnused({ people }: World, name: string): readonly string[] {
  return people.isNameInUse(name) ? [] : ['nobody has this name now']; // SERVER-84
}

function refusalFor(request: AdminRequest, refusal: Refusal): string {
  if (refusal.type !== 'not-found') return operatorText(refusal);
  switch (request.command) {
    case 'kick':
      return `nobody here is called ${request.name}`;
    case 'unban':
      return `${request.name} is not banned`;
    case 'unmute':
      return `${request.name} is not muted`;
    case 'delete':
      return 'there is no such message';
    default:
      return operatorText(refusal);
  }
}

function list(world: World, now: number, around: Surroundings | null): string[] {
  const inForce = [...world.bans].filter((ban) => ban.until === null || ban.until > now); // SERVER-66
  const [bans, ranges] = [inForce.filter(({ address }) => address !== true), inForce.filter(({ address }) => address)];
  return [
    ...(around === null ? listPeople(world) : listAddresses(world, around)), // SERVER-156
    bans.length === 1 ? '1 name is banned' : `${bans.length} names are banned`,
    ...bans.map((ban) => `  ${banned(ban)}`),
    ...(ranges.length === 0 ? [] : [ranges.length === 1 ? '1 range is banned' : `${ranges.length} ranges are banned`]),
    ...ranges.map((ban) => `  ${banned({ ...ban, name: shownRange(ban.name) })}`), // SERVER-157
  ];
}

function listPeople(world: World): string[] {
  const people = world.people.visible;
  const unnamed = people.length - MAX_LISTED;
  return [
    people.length === 1 ? '1 person is here' : `${people.length} people are here`,
    ...people.slice(0, MAX_LISTED).map(({ name, since }) => `  ${name}, since ${stamp(since)}`), // SERVER-66
    ...(unnamed > 0 ? [`  and ${unnamed} more`] : []),
  ];
}
