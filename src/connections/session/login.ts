import type { PresenceSession } from '../../core/presence/local-sessions.ts';
import type { PersonId } from '../../core/model/ids.ts';
import type { Refusal } from '../../core/model/refusals.ts';
import { parseStatus } from '../../core/text/status.ts';
import type { World } from '../../core/world.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import type { LoginOptions, Done } from './session-api.ts';

/** How somebody comes, with the status read; refused if that is none. */
export function presenceSessionOf({ acceptsDirect, status }: LoginOptions): Result<PresenceSession, Refusal> {
  const wanted = status === null ? ok(null) : parseStatus(status);
  return wanted.ok ? ok({ acceptsDirect, status: wanted.value }) : err({ type: 'bad-status', problem: wanted.error });
}

/** An account that comes by a wire that shows nothing but the lobby is a member of it before it is answered (CONN-48). */
export function joinLobby({ rooms, lobby }: World, person: PersonId, done: Done<unknown>): void {
  if (rooms.isIn(person, lobby)) return done(ok(null)); // CONN-48
  rooms.join(person, lobby, done);
}
