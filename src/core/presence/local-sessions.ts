import { err, ok, type Result } from '../../lib/result.ts';
import type { Account } from '../model/account.ts';
import type { NameReservations } from './name-reservations.ts';
import type { PresenceReport } from './cluster.ts';
import type { Departure, Person } from '../model/events.ts';
import type { PresenceRecord } from '../model/bus-message.ts';
import { type PersonId, personStream } from '../model/ids.ts';
import type { CommandProcessor } from '../engine/command-processor.ts';
import type { Name } from '../text/names/parse.ts';
import type { Clock, Ids } from '../ports.ts';
import type { Refusal } from '../model/refusals.ts';
import { AVAILABLE, type Status } from '../text/status.ts';

/**
 * How somebody comes: whether the connection shows direct messages, and the status to begin with (`null`: as it is). The
 * object itself stands for the visit: whoever leaves names it.
 */
export type PresenceSession = { readonly acceptsDirect: boolean; readonly status: Status | null };

/** What the entrance needs of the world around it. */
export type SessionsHost = {
  readonly processor: CommandProcessor;
  readonly reservations: NameReservations;
  readonly clock: Clock;
  readonly ids: Ids;
  report(person: PersonId, reported: PresenceReport | null, departure: Departure | null): void;
  /** What this node says of a person now. */
  reported(person: PersonId): PresenceRecord | null;
  /** What all nodes together say of a person now. */
  merged(person: PersonId): PresenceRecord | undefined;
  /** The person was sent away, and with it these visits. */
  removed(person: PersonId, departure: Departure, sessions: ReadonlySet<PresenceSession>): void;
  /** To be called when all that came before is shown. */
  afterPublish(then: () => void): void;
};

type Done = (result: Result<Person, Refusal>) => void;

const NAME_FIXED: Refusal = { type: 'name-fixed' };

/** How people come, change their name and go. All of it takes its place in the one order of what is shown. */
export class LocalSessions {
  readonly #host: SessionsHost;
  /** The visits of each person on this node, one for each connection. */
  readonly #sessions = new Map<PersonId, PresenceSession[]>();
  /** How many connections of a person are on their way in: what is known of the person is kept for them. */
  readonly #entering = new Map<PersonId, number>();

  constructor(host: SessionsHost) {
    this.#host = host;
  }

  /** A new guest under a name that nobody bears; refused if the name is unfit, taken or banned. */
  async enter(text: string, session: PresenceSession, done: Done): Promise<void> {
    const person = this.#host.ids.integer();
    const name = await this.#host.reservations.claim(text, person);
    if (!name.ok) return done(name);
    this.#enqueue(done, () => {
      const refusal = this.#host.reservations.refusal(name.value);
      if (refusal === null) return ok(this.#begin(person, name.value, session, false));
      this.#host.reservations.release(name.value.skeleton, person);
      return err(refusal);
    });
  }

  /**
   * One more connection of an account, which has shown its password or a token; refused if it is banned, or storage is
   * unavailable, or what was shown does not hold any more when the person comes in: what ends it may have come between.
   */
  async enterAccount(
    { person, name, skeleton }: Account,
    session: PresenceSession,
    holds: () => boolean,
    done: Done,
  ): Promise<void> {
    this.#entering.set(person, (this.#entering.get(person) ?? 0) + 1);
    const known = await this.#host.processor.load(personStream(person)).then(
      () => true,
      () => false,
    );
    this.#enqueue(done, () => {
      this.#entered(person);
      if (!known) return err({ type: 'unavailable' });
      const ban = this.#host.reservations.refusal({ spelling: name, skeleton }, person);
      const refusal: Refusal | null = ban ?? (holds() ? null : { type: 'wrong-credentials' }); // WORLD-96 WORLD-97
      if (refusal === null) return ok(this.#begin(person, { spelling: name, skeleton }, session, true));
      this.letGo(person);
      return err(refusal);
    });
  }

  /** Another name for a guest; the old one is free at once (WORLD-26). An account's name is fixed (WORLD-53). */
  async rename(person: PersonId, text: string, done: Done): Promise<void> {
    if (this.#host.reported(person)?.account === true) return done(err(NAME_FIXED)); // WORLD-53
    const name = await this.#host.reservations.claim(text, person);
    if (!name.ok) return done(name);
    this.#enqueue(done, () => {
      const before = this.#host.reported(person);
      const refusal = before?.account === true ? NAME_FIXED : this.#host.reservations.refusal(name.value); // WORLD-53
      const { spelling, skeleton } = name.value;
      if (before === null || refusal !== null) {
        if (skeleton !== before?.skeleton) this.#host.reservations.release(skeleton, person); // WORLD-26
        return err(refusal ?? { type: 'not-found' });
      }
      if (skeleton !== before.skeleton) this.#host.reservations.release(before.skeleton, person); // WORLD-26
      this.#host.report(person, { ...before, name: spelling, skeleton }, null);
      return ok({ id: person, name: spelling });
    });
  }

  /** A guest who is here has an account from now on. */
  promote({ person, name, skeleton }: Account): void {
    const before = this.#host.reported(person);
    if (before === null) return;
    if (before.skeleton !== skeleton) this.#host.reservations.release(before.skeleton, person); // WORLD-52
    this.#host.report(person, { ...before, name, skeleton, account: true }, null); // WORLD-52
  }

  /** Another status, for all connections together (WORLD-61); nothing where the person is gone. */
  setStatus(person: PersonId, status: Status, done: (result: Result<Status, Refusal>) => void): void {
    let found = false;
    this.#host.processor.enqueueEphemeral({
      run: () => {
        const before = this.#host.reported(person);
        found = before !== null;
        if (before !== null) this.#host.report(person, { ...before, status, statusAt: this.#statusTime(person) }, null); // WORLD-61
      },
      done: () => done(found ? ok(status) : err({ type: 'not-found' })),
    });
  }

  /**
   * One visit of a person ends; one that ended before ends nothing. With the last one the person goes (WORLD-63), and a
   * guest's name is free; `ended` comes when all that was before is shown.
   */
  leave(person: PersonId, departure: Departure, session: PresenceSession, ended: () => void = () => {}): void {
    this.#host.processor.enqueueEphemeral({
      run: () => {
        this.#host.afterPublish(ended);
        const sessions = this.#sessions.get(person);
        if (sessions === undefined || !sessions.includes(session)) return; // WORLD-63
        sessions.splice(sessions.indexOf(session), 1);
        if (sessions.length === 0) return this.#end(person, departure); // WORLD-63
        this.#update(person, sessions);
      },
      done: () => {},
    });
  }

  /** All visits of a person end at once. Going twice is going once. */
  remove(person: PersonId, departure: Departure, ended: () => void): void {
    this.#host.processor.enqueueEphemeral({ run: () => this.removeNow(person, departure), done: ended });
  }

  /** The same, inside what is being shown. */
  removeNow(person: PersonId, departure: Departure): void {
    const sessions = this.#sessions.get(person);
    if (sessions === undefined) return;
    this.#end(person, departure);
    this.#host.afterPublish(() => this.#host.removed(person, departure, new Set(sessions)));
  }

  #enqueue(done: Done, run: () => Result<Person, Refusal>): void {
    let result: Result<Person, Refusal> = err({ type: 'stopping' });
    this.#host.processor.enqueueEphemeral({
      run: () => {
        result = run();
      },
      done: () => done(result),
    });
  }

  #begin(person: PersonId, name: Name, session: PresenceSession, account: boolean): Person {
    const { status } = session;
    const sessions = this.#sessions.get(person) ?? [];
    this.#sessions.set(person, sessions);
    sessions.push(session);
    const before = this.#host.merged(person);
    const statusAt = status === null ? (before?.statusAt ?? 0) : this.#statusTime(person);
    const said: PresenceReport = {
      name: name.spelling,
      skeleton: name.skeleton,
      account,
      status: status ?? before?.status ?? AVAILABLE, // WORLD-61
      statusAt,
      acceptsDirect: acceptsDirect(sessions),
    };
    this.#host.report(person, said, null);
    return { id: person, name: name.spelling };
  }

  /** Somebody who is not here, and not on the way in, need not be known any longer. */
  letGo(person: PersonId): void {
    this.#host.afterPublish(() => this.forget(person));
  }

  /** The same, at once. */
  forget(person: PersonId): void {
    if (!this.#sessions.has(person) && !this.#entering.has(person)) this.#host.processor.forget(personStream(person)); // WORLD-64
  }

  #entered(person: PersonId): void {
    const others = (this.#entering.get(person) ?? 0) - 1;
    if (others > 0) this.#entering.set(person, others);
    else this.#entering.delete(person);
  }

  /** Later than that of the status so far, whatever the clocks of the nodes say: what was set last counts. */
  #statusTime(person: PersonId): number {
    return Math.max(this.#host.clock.now(), (this.#host.merged(person)?.statusAt ?? 0) + 1); // WORLD-61
  }

  #update(person: PersonId, sessions: readonly PresenceSession[]): void {
    const before = this.#host.reported(person);
    const accepts = acceptsDirect(sessions);
    if (before !== null && before.acceptsDirect !== accepts)
      this.#host.report(person, { ...before, acceptsDirect: accepts }, null);
  }

  #end(person: PersonId, departure: Departure): void {
    const before = this.#host.reported(person);
    this.#sessions.delete(person);
    if (before === null) return;
    this.#host.report(person, null, departure);
    this.letGo(person);
    if (!before.account) this.#host.reservations.release(before.skeleton, person);
  }
}

/** Whether one of these connections shows direct messages. */
function acceptsDirect(sessions: readonly PresenceSession[]): boolean {
  return sessions.some(({ acceptsDirect }) => acceptsDirect);
}
