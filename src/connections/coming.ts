import type { Arrival } from '../core/entrance.ts';
import type { PersonId } from '../core/ids.ts';
import type { Refusal } from '../core/refusals.ts';
import { parseStatus } from '../core/status.ts';
import type { World } from '../core/world.ts';
import { err, ok, type Result } from '../lib/result.ts';
import type { Coming, Done } from './peer.ts';

/** How somebody comes, with the status read; refused if that is none. */
export function arrivalOf({ reachable, status }: Coming): Result<Arrival, Refusal> {
  const wanted = status === null ? ok(null) : parseStatus(status);
  return wanted.ok ? ok({ reachable, status: wanted.value }) : err({ type: 'bad-status', problem: wanted.error });
}

/** An account that comes by a wire that shows nothing but the lobby is a member of it before it is answered (CONN-48). */
export function beInLobby({ rooms, lobby }: World, person: PersonId, done: Done<unknown>): void {
  if (rooms.isIn(person, lobby)) return done(ok(null)); // CONN-48
  rooms.join(person, lobby, done);
}
