import type { Arrival } from '../core/entrance.ts';
import type { Person } from '../core/events.ts';
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
export function beInLobby(world: World, person: Person, visit: Arrival, done: Done<Person>): void {
  const { rooms, lobby } = world;
  if (rooms.isIn(person.id, lobby)) return done(ok(person)); // CONN-48
  rooms.join(person.id, lobby, (result) => {
    if (!result.ok) world.leave(person.id, { type: 'left' }, visit);
    done(result.ok ? ok(person) : result);
  });
}
