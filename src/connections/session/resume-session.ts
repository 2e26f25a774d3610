import type { Person } from '../../core/model/person.ts';
import type { Refusal } from '../../core/model/refusals.ts';
import type { StoredSession } from '../../core/model/session.ts';
import { err, ok } from '../../lib/result.ts';
import type { ConnectionServices } from '../services.ts';
import type { Carried, ConnectionControl } from './connection-control.ts';
import type { Done } from './session-api.ts';
import { digestOf } from './session-registry.ts';

const UNKNOWN: Refusal = { type: 'wrong-credentials' };
const UNAVAILABLE: Refusal = { type: 'unavailable' };

/**
 * Goes on with the session of this secret on a connection, whether another one carries it, it waits, or only storage knows it. A
 * secret that names no session of this protocol is refused as `wrong-credentials`.
 */
export async function resumeSession(
  services: ConnectionServices,
  control: ConnectionControl,
  secret: string,
  done: Done<Person>,
): Promise<void> {
  const { sessions } = services;
  const digest = digestOf(secret);
  const isGuest = sessions.get(digest)?.login.passwordPosition === null;
  const stored = isGuest ? null : await sessions.find(digest).catch(() => undefined); // CONN-135
  if (stored === undefined) return done(err(UNAVAILABLE));
  const session = sessions.get(digest);
  const hasEnded = stored === null && session?.login.passwordPosition != null;
  if (hasEnded) session.login.end({ type: 'left' }); // CONN-135
  if (control.isClosed) return;
  const isOthers = session !== undefined && session.protocolName !== control.sessions.carried.protocolName;
  if (isOthers || hasEnded) return done(err(UNKNOWN)); // CONN-136
  if (session?.login.presenceSession != null) {
    take(control, session, null);
    void sessions.renew(session);
    return done(session.login.person === null ? err(UNKNOWN) : ok(session.login.person));
  }
  if (stored === null) return done(err(UNKNOWN)); // CONN-134
  enter(services, control, stored, done);
}

/** The person enters again before the session is taken: it is absent, or only storage knows it. */
function enter(
  services: ConnectionServices,
  control: ConnectionControl,
  stored: StoredSession,
  done: Done<Person>,
): void {
  const { sessions, world } = services;
  const { digest, person, passwordPosition, documents } = stored;
  // A kick may have ended the session just before it was in memory again.
  const verify = (session: Carried, entered: Person) =>
    sessions.find(digest).then(
      (found) => {
        if (found === null) return control.end('removed', 'the session has ended'); // CONN-135
        void sessions.renew(session);
        done(ok(entered));
      },
      () => control.end('removed', 'the session cannot be read'),
    );
  const presence = { acceptsDirect: true, status: null } as const;
  world.reenter(person, passwordPosition, presence, (result) => {
    const leave = () => world.leave(person, { type: 'lost' }, presence);
    if (!result.ok) return done(result);
    if (control.isClosed) return leave();
    const { carried } = control.sessions;
    const session = sessions.get(digest) ?? carried;
    if (session.login.presenceSession === null) session.login.presenceSession = presence;
    else leave();
    if (session === carried) carried.login.restore(stored, result.value); // CONN-129
    take(control, session, session === carried ? documents : null);
    void verify(session, result.value);
  });
}

/** Moves a session to the connection, away from what carried it. */
function take(control: ConnectionControl, session: Carried, stored: readonly string[] | null): void {
  const { login } = session;
  if (session !== control.sessions.carried) {
    login.release(); // CONN-137
    control.sessions.adopt(session);
  } else if (login.person !== null) control.loggedIn(login.person);
  session.resumed(stored);
}
