import type { Departure, Person } from '../../core/model/person.ts';
import type { PresenceSession } from '../../core/presence/local-sessions.ts';
import type { Connection } from '../connection.ts';
import type { ConnectionServices } from '../services.ts';
import { WAIT_MS } from './session-registry.ts';
import type { Carried, CarriedSessions, ConnectionControl } from './connection-control.ts';

/** A lost connection still counts as present for this time. */
const GRACE_MS = 10_000;

const NOWHERE = { address: '', secure: false };

/** Stands in for the connection of a session that lost it, until the client comes back or the session ends. */
export class WaitingSession implements Connection, ConnectionControl {
  readonly sessions: CarriedSessions;
  readonly subscriptions = null;
  readonly isClosed = false;
  readonly #services: ConnectionServices;
  readonly #person: Person;
  readonly #cancelLeave: () => void;
  readonly #cancelEnd: () => void;
  #isReleased = false;

  /** The session of a person begins to wait. */
  constructor(services: ConnectionServices, carried: Carried, person: Person) {
    this.sessions = { carried, adopt: () => {} };
    this.#services = services;
    this.#person = person;
    carried.login.attach(this, NOWHERE);
    carried.lost();
    services.loggedIn(this, person.id); // CONN-130
    services.world.pinPerson(person.id);
    services.sessions.waits(carried);
    this.#cancelLeave = services.clock.after(GRACE_MS, () => this.#leave()); // CONN-131
    this.#cancelEnd = services.clock.after(WAIT_MS, () => this.#end({ type: 'lost' })); // CONN-132
  }

  // Connection

  get person(): Person | null {
    return this.sessions.carried.login.person;
  }

  get presenceSession(): PresenceSession | null {
    return this.sessions.carried.login.presenceSession;
  }

  /** The person has left the world, or was removed from it. */
  depart(departure: Departure): void {
    if (departure.type === 'removed') return this.#end(departure); // CONN-133
    this.#absent();
  }

  credentialsRevoked(digest: string | null): void {
    this.sessions.carried.login.credentialsRevoked(digest); // CONN-133
  }

  sendRosterUpdate(): void {}

  /** Nobody is there to answer. */
  probe(): void {}

  // ConnectionControl

  /** What a request of the lost connection still does, is answered nowhere. */
  hold(): (then: () => void) => void {
    return () => {};
  }

  whenAnswered(run: () => void): void {
    run();
  }

  loggedIn(): void {}

  loggedOut(): boolean {
    this.release();
    return true;
  }

  sent(): void {}

  subscribe(): void {}

  leave(): void {}

  pinged(): void {}

  end(): void {
    this.#end({ type: 'left' });
  }

  /** Waits no more: a connection carries the session now, or it has ended. */
  release(): void {
    if (this.#isReleased) return;
    this.#isReleased = true;
    this.#cancelLeave();
    this.#cancelEnd();
    this.#services.loggedOut(this, this.#person.id);
    this.#services.world.unpinPerson(this.#person.id);
    this.#services.sessions.waitsNoMore(this.sessions.carried);
  }

  /** The grace is over: the person leaves. */
  #leave(): void {
    const { presenceSession } = this;
    if (presenceSession !== null) this.#services.world.leave(this.#person.id, { type: 'lost' }, presenceSession); // CONN-131
    this.#absent();
  }

  /** The person is not present any more. A guest is nobody without that. */
  #absent(): void {
    this.sessions.carried.login.presenceSession = null;
    if (this.sessions.carried.login.passwordPosition === null) this.#end({ type: 'lost' }); // CONN-134
  }

  #end(departure: Departure): void {
    this.sessions.carried.login.end(departure);
  }
}
