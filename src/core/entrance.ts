import { err, ok, type Result } from '../lib/result.ts';
import type { Account } from './account.ts';
import type { Claims } from './claims.ts';
import type { Said } from './cluster.ts';
import type { Departure, Person } from './events.ts';
import type { Contribution } from './hints.ts';
import { type PersonId, personStream } from './ids.ts';
import type { Ledger } from './ledger.ts';
import type { Name } from './names/parse.ts';
import type { Clock, Ids } from './ports.ts';
import type { Refusal } from './refusals.ts';
import { AVAILABLE, type Status } from './status.ts';

/**
 * How somebody comes: whether the connection shows direct messages, and the status to begin with (`null`: as it is). The
 * object itself stands for the visit: whoever leaves names it.
 */
export type Arrival = { readonly reachable: boolean; readonly status: Status | null };

/** What the entrance needs of the world around it. */
export type EntranceHost = {
  readonly ledger: Ledger;
  readonly claims: Claims;
  readonly clock: Clock;
  readonly ids: Ids;
  contribute(person: PersonId, said: Said | null, departure: Departure | null): void;
  /** What this node says of a person now. */
  said(person: PersonId): Contribution | null;
  /** What all nodes together say of a person now. */
  present(person: PersonId): Contribution | undefined;
  /** The person was sent away, and with it these visits. */
  removed(person: PersonId, departure: Departure, visits: ReadonlySet<Arrival>): void;
  /** To be called when all that came before is shown. */
  whenShown(then: () => void): void;
};

type Done = (result: Result<Person, Refusal>) => void;

const NAME_FIXED: Refusal = { type: 'name-fixed' };

/** How people come, change their name and go. All of it takes its place in the one order of what is shown. */
export class Entrance {
  readonly #host: EntranceHost;
  /** The visits of each person on this node, one for each connection. */
  readonly #here = new Map<PersonId, Arrival[]>();
  /** How many connections of a person are on their way in: what is known of the person is kept for them. */
  readonly #coming = new Map<PersonId, number>();

  constructor(host: EntranceHost) {
    this.#host = host;
  }

  /** A new guest under a name that nobody bears; refused if the name is unfit, taken or banned. */
  async enter(text: string, arrival: Arrival, done: Done): Promise<void> {
    const person = this.#host.ids.integer();
    const name = await this.#host.claims.claim(text, person);
    if (!name.ok) return done(name);
    this.#pass(done, () => {
      const refusal = this.#host.claims.refusal(name.value);
      if (refusal === null) return ok(this.#arrive(person, name.value, arrival, false));
      this.#host.claims.free(name.value.skeleton, person);
      return err(refusal);
    });
  }

  /**
   * One more connection of an account, which has shown its password or a token; refused if it is banned, or storage is
   * unavailable, or what was shown does not hold any more when the person comes in: what ends it may have come between.
   */
  async arrive({ person, name, skeleton }: Account, arrival: Arrival, holds: () => boolean, done: Done): Promise<void> {
    this.#coming.set(person, (this.#coming.get(person) ?? 0) + 1);
    const known = await this.#host.ledger.load(personStream(person)).then(
      () => true,
      () => false,
    );
    this.#pass(done, () => {
      this.#came(person);
      if (!known) return err({ type: 'unavailable' });
      const ban = this.#host.claims.refusal({ shown: name, skeleton }, person);
      const refusal: Refusal | null = ban ?? (holds() ? null : { type: 'wrong-credentials' }); // WORLD-96 WORLD-97
      if (refusal === null) return ok(this.#arrive(person, { shown: name, skeleton }, arrival, true));
      this.letGo(person);
      return err(refusal);
    });
  }

  /** Another name for a guest; the old one is free at once (WORLD-26). An account's name is fixed (WORLD-53). */
  async rename(person: PersonId, text: string, done: Done): Promise<void> {
    if (this.#host.said(person)?.account === true) return done(err(NAME_FIXED)); // WORLD-53
    const name = await this.#host.claims.claim(text, person);
    if (!name.ok) return done(name);
    this.#pass(done, () => {
      const before = this.#host.said(person);
      const refusal = before?.account === true ? NAME_FIXED : this.#host.claims.refusal(name.value); // WORLD-53
      const { shown, skeleton } = name.value;
      if (before === null || refusal !== null) {
        if (skeleton !== before?.skeleton) this.#host.claims.free(skeleton, person); // WORLD-26
        return err(refusal ?? { type: 'not-found' });
      }
      if (skeleton !== before.skeleton) this.#host.claims.free(before.skeleton, person); // WORLD-26
      this.#host.contribute(person, { ...before, name: shown, skeleton }, null);
      return ok({ id: person, name: shown });
    });
  }

  /** A guest who is here has an account from now on. */
  promote({ person, name, skeleton }: Account): void {
    const before = this.#host.said(person);
    if (before === null) return;
    if (before.skeleton !== skeleton) this.#host.claims.free(before.skeleton, person); // WORLD-52
    this.#host.contribute(person, { ...before, name, skeleton, account: true }, null); // WORLD-52
  }

  /** Another status, for all connections together (WORLD-61); nothing where the person is gone. */
  setStatus(person: PersonId, status: Status, done: (result: Result<Status, Refusal>) => void): void {
    let found = false;
    this.#host.ledger.pass({
      run: () => {
        const before = this.#host.said(person);
        found = before !== null;
        if (before !== null)
          this.#host.contribute(person, { ...before, status, statusAt: this.#statusTime(person) }, null); // WORLD-61
      },
      done: () => done(found ? ok(status) : err({ type: 'not-found' })),
    });
  }

  /**
   * One visit of a person ends; one that ended before ends nothing. With the last one the person goes (WORLD-63), and a
   * guest's name is free; `ended` comes when all that was before is shown.
   */
  leave(person: PersonId, departure: Departure, visit: Arrival, ended: () => void = () => {}): void {
    this.#host.ledger.pass({
      run: () => {
        this.#host.whenShown(ended);
        const visits = this.#here.get(person);
        if (visits === undefined || !visits.includes(visit)) return; // WORLD-63
        visits.splice(visits.indexOf(visit), 1);
        if (visits.length === 0) return this.#go(person, departure); // WORLD-63
        this.#say(person, visits);
      },
      done: () => {},
    });
  }

  /** All visits of a person end at once. Going twice is going once. */
  remove(person: PersonId, departure: Departure, ended: () => void): void {
    this.#host.ledger.pass({ run: () => this.removeNow(person, departure), done: ended });
  }

  /** The same, inside what is being shown. */
  removeNow(person: PersonId, departure: Departure): void {
    const visits = this.#here.get(person);
    if (visits === undefined) return;
    this.#go(person, departure);
    this.#host.whenShown(() => this.#host.removed(person, departure, new Set(visits)));
  }

  #pass(done: Done, run: () => Result<Person, Refusal>): void {
    let result: Result<Person, Refusal> = err({ type: 'stopping' });
    this.#host.ledger.pass({
      run: () => {
        result = run();
      },
      done: () => done(result),
    });
  }

  #arrive(person: PersonId, name: Name, visit: Arrival, account: boolean): Person {
    const { status } = visit;
    const visits = this.#here.get(person) ?? [];
    this.#here.set(person, visits);
    visits.push(visit);
    const before = this.#host.present(person);
    const statusAt = status === null ? (before?.statusAt ?? 0) : this.#statusTime(person);
    const said: Said = {
      name: name.shown,
      skeleton: name.skeleton,
      account,
      status: status ?? before?.status ?? AVAILABLE, // WORLD-61
      statusAt,
      reachable: isReachable(visits),
    };
    this.#host.contribute(person, said, null);
    return { id: person, name: name.shown };
  }

  /** Somebody who is not here, and not on the way in, need not be known any longer. */
  letGo(person: PersonId): void {
    this.#host.whenShown(() => this.forget(person));
  }

  /** The same, at once. */
  forget(person: PersonId): void {
    if (!this.#here.has(person) && !this.#coming.has(person)) this.#host.ledger.forget(personStream(person)); // WORLD-64
  }

  #came(person: PersonId): void {
    const others = (this.#coming.get(person) ?? 0) - 1;
    if (others > 0) this.#coming.set(person, others);
    else this.#coming.delete(person);
  }

  /** Later than that of the status so far, whatever the clocks of the nodes say: what was set last counts. */
  #statusTime(person: PersonId): number {
    return Math.max(this.#host.clock.now(), (this.#host.present(person)?.statusAt ?? 0) + 1); // WORLD-61
  }

  #say(person: PersonId, visits: readonly Arrival[]): void {
    const before = this.#host.said(person);
    const reachable = isReachable(visits);
    if (before !== null && before.reachable !== reachable)
      this.#host.contribute(person, { ...before, reachable }, null);
  }

  #go(person: PersonId, departure: Departure): void {
    const before = this.#host.said(person);
    this.#here.delete(person);
    if (before === null) return;
    this.#host.contribute(person, null, departure);
    this.letGo(person);
    if (!before.account) this.#host.claims.free(before.skeleton, person);
  }
}

/** Whether one of these connections shows direct messages. */
function isReachable(visits: readonly Arrival[]): boolean {
  return visits.some(({ reachable }) => reachable);
}
