import { err, ok, type Result } from '../../lib/result.ts';
import type { CommandProcessor } from '../engine/command-processor.ts';
import type { PublishBuffer } from '../engine/publish-buffer.ts';
import type { StreamCache } from '../engine/stream-cache.ts';
import type { Account } from '../model/account.ts';
import type { PresenceEvent } from '../model/events.ts';
import { directoryStream, type PersonId, personStream } from '../model/ids.ts';
import type { Departure, Person } from '../model/person.ts';
import type { Refusal } from '../model/refusals.ts';
import type { Clock, Ids } from '../ports.ts';
import type { Name } from '../text/names/parse.ts';
import { AVAILABLE, type Status } from '../text/status.ts';
import type { Cluster, LocalPeople, PresenceReport } from './cluster.ts';
import type { NameReservations } from './name-reservations.ts';

/**
 * One login of a person: whether its connection shows direct messages, and the status to begin with (`null`: as it is).
 * The object is the key of the session: pass the same one to `leave`.
 */
export type PresenceSession = { readonly acceptsDirect: boolean; readonly status: Status | null };

/** What sessions need of the world around them. */
export type SessionsContext = {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly cache: StreamCache;
  readonly processor: CommandProcessor;
  readonly published: PublishBuffer;
  readonly cluster: Cluster;
  readonly reservations: NameReservations;
  readonly observer: {
    probe(person: PersonId, alive: () => void): void;
    sessionsRemoved(person: PersonId, departure: Departure, sessions: ReadonlySet<PresenceSession>): void;
  };
};

type Done = (result: Result<Person, Refusal>) => void;

const UNAVAILABLE: Refusal = { type: 'unavailable' };
const NAME_FIXED: Refusal = { type: 'name-fixed' };

/** The sessions on this node. People enter, are renamed and leave in one order with everything that is published. */
export class LocalSessions implements LocalPeople {
  readonly #context: SessionsContext;
  /** Each session pins its person's stream. */
  readonly #sessions = new Map<PersonId, PresenceSession[]>();

  constructor(context: SessionsContext) {
    this.#context = context;
  }

  /** Begins the session of a new guest; refused if the name is invalid, taken or banned. */
  async enter(text: string, session: PresenceSession, done: Done): Promise<void> {
    const { ids, reservations, cache, cluster } = this.#context;
    const person = ids.integer();
    const { term } = cluster.lease;
    const name = await reservations.claim(text, person);
    if (!name.ok) return done(name);
    this.#enqueue(done, () => {
      const refusal = cluster.lease.holds(term) ? reservations.refusal(name.value) : UNAVAILABLE; // WORLD-286
      if (refusal === null) {
        cache.pin(personStream(person));
        return ok(this.#begin(person, name.value, session, false));
      }
      reservations.release(name.value.skeleton, person);
      return err(refusal);
    });
  }

  /**
   * Begins one more session of an account whose password or token was checked. Refused if the account is banned, storage is
   * unavailable, or `isValid` says that the password or token was revoked meanwhile.
   */
  async enterAccount(account: Account, session: PresenceSession, isValid: () => boolean, done: Done): Promise<void> {
    const { cache, published, reservations } = this.#context;
    const { person, skeleton } = account;
    const name: Name = { spelling: account.name, skeleton };
    const stream = personStream(person);
    cache.pin(stream);
    const isLoaded = await cache.load([stream]).then(
      () => true,
      () => false,
    );
    this.#enqueue(done, () => {
      const isDeleted = cache.committed.has(directoryStream) && cache.committed.directory.deleted.has(person);
      const isRevoked = isDeleted || (isLoaded && !isValid()); // WORLD-96 WORLD-97 WORLD-120
      const banned = isLoaded ? reservations.refusal(name, person) : ({ type: 'unavailable' } as const);
      const first = isDeleted ? null : banned;
      const refusal: Refusal | null = first ?? (isRevoked ? { type: 'wrong-credentials' } : null);
      if (refusal === null) return ok(this.#begin(person, name, session, true));
      published.afterPublish(() => cache.unpin(stream));
      return err(refusal);
    });
  }

  /** Gives a guest another name; the old one is free at once (WORLD-26). An account's name is fixed (WORLD-53). */
  async rename(person: PersonId, text: string, done: Done): Promise<void> {
    const { cluster, reservations } = this.#context;
    if (cluster.reported(person)?.account === true) return done(err(NAME_FIXED)); // WORLD-53
    const { term } = cluster.lease;
    const name = await reservations.claim(text, person);
    if (!name.ok) return done(name);
    this.#enqueue(done, () => {
      const before = cluster.reported(person);
      const held = cluster.lease.holds(term) ? reservations.refusal(name.value) : UNAVAILABLE; // WORLD-286
      const refusal = before?.account === true ? NAME_FIXED : held; // WORLD-53
      const { spelling, skeleton } = name.value;
      if (before === null || refusal !== null) {
        if (skeleton !== before?.skeleton) reservations.release(skeleton, person); // WORLD-26
        return err(refusal ?? { type: 'not-found' });
      }
      if (skeleton !== before.skeleton) reservations.release(before.skeleton, person); // WORLD-26
      this.#report(person, { ...before, name: spelling, skeleton });
      return ok({ id: person, name: spelling });
    });
  }

  /** Turns a guest who is present into an account. Another guest who has its name lost it while a node was cut off. */
  promote({ person, name, skeleton }: Account): void {
    const holder = this.#context.cluster.presence.holderOf(skeleton);
    if (holder?.account === false && holder.person !== person) this.removeNow(holder.person, { type: 'lost' }); // WORLD-292
    const before = this.#context.cluster.reported(person);
    if (before === null) return;
    if (before.skeleton !== skeleton) this.#context.reservations.release(before.skeleton, person); // WORLD-52
    this.#report(person, { ...before, name, skeleton, account: true }); // WORLD-52
  }

  /** Changes the status of all the person's sessions (WORLD-61); refused if the person is gone, or as a conflict (null). */
  setStatus(
    person: PersonId,
    after: (before: Status) => Status | null,
    done: (result: Result<Status, Refusal>) => void,
  ): void {
    let result: Result<Status, Refusal> = err({ type: 'not-found' });
    this.#context.processor.enqueueEphemeral(
      () => {
        const before = this.#context.cluster.reported(person);
        if (before === null) return;
        const status = after(this.#context.cluster.presence.get(person)?.status ?? before.status); // WORLD-61 WORLD-131
        result = status === null ? err({ type: 'conflict' }) : ok(status);
        if (status !== null) this.#report(person, { ...before, status, statusAt: this.#statusTime(person) }); // WORLD-61
      },
      () => done(result),
    );
  }

  /**
   * Ends one session, if it has not ended before. With the last one the person leaves (WORLD-63), and a guest's name is
   * free. `ended` is called when everything before it is published.
   */
  leave(person: PersonId, departure: Departure, session: PresenceSession, ended: () => void = () => {}): void {
    this.#context.processor.enqueueEphemeral(() => {
      this.#context.published.afterPublish(ended);
      const sessions = this.#sessions.get(person);
      if (sessions === undefined || !sessions.includes(session)) return; // WORLD-63
      if (sessions.length === 1) return this.#end(person, departure); // WORLD-63
      sessions.splice(sessions.indexOf(session), 1);
      this.#unpin(person, 1);
      const before = this.#context.cluster.reported(person);
      const acceptsDirect = sessions.some((other) => other.acceptsDirect);
      if (before !== null && before.acceptsDirect !== acceptsDirect) this.#report(person, { ...before, acceptsDirect });
    });
  }

  remove(person: PersonId, departure: Departure, ended: () => void): void {
    this.#context.processor.enqueueEphemeral(() => this.removeNow(person, departure), ended);
  }

  /** Ends all sessions of a person within the batch that is being published. */
  removeNow(person: PersonId, departure: Departure): void {
    const sessions = this.#sessions.get(person);
    if (sessions === undefined) return;
    this.#end(person, departure);
    const { published, observer } = this.#context;
    published.afterPublish(() => observer.sessionsRemoved(person, departure, new Set(sessions)));
  }

  changed(events: readonly PresenceEvent[]): void {
    const { processor, published } = this.#context;
    if (events.length === 0) return;
    processor.enqueueEphemeral(() => {
      for (const event of events) published.add(event); // There may be more than a call takes arguments.
    });
  }

  claimAgain(): Promise<void> {
    return this.#context.reservations.claimAgain(
      (person) => new Promise((ended) => this.remove(person, { type: 'lost' }, ended)), // WORLD-43
    );
  }

  releaseAgain(): void {
    this.#context.reservations.releaseAgain();
  }

  probe(person: PersonId, alive: () => void): void {
    this.#context.observer.probe(person, alive);
  }

  released(person: PersonId): Promise<void> {
    return this.#context.reservations.released(person);
  }

  #enqueue(done: Done, run: () => Result<Person, Refusal>): void {
    let result: Result<Person, Refusal> = err({ type: 'stopping' });
    this.#context.processor.enqueueEphemeral(
      () => {
        result = run();
      },
      () => done(result),
    );
  }

  #begin(person: PersonId, { spelling, skeleton }: Name, session: PresenceSession, account: boolean): Person {
    const sessions = [...(this.#sessions.get(person) ?? []), session];
    this.#sessions.set(person, sessions);
    const before = this.#context.cluster.presence.get(person);
    this.#report(person, {
      name: spelling,
      skeleton,
      account,
      status: session.status ?? before?.status ?? AVAILABLE, // WORLD-61
      statusAt: session.status === null ? (before?.statusAt ?? 0) : this.#statusTime(person),
      acceptsDirect: sessions.some(({ acceptsDirect }) => acceptsDirect),
    });
    return { id: person, name: spelling };
  }

  #end(person: PersonId, departure: Departure): void {
    const before = this.#context.cluster.reported(person);
    this.#unpin(person, this.#sessions.get(person)?.length ?? 0);
    this.#sessions.delete(person);
    if (before === null) return;
    this.#report(person, null, departure);
    if (!before.account) this.#context.reservations.release(before.skeleton, person);
  }

  #unpin(person: PersonId, pins: number): void {
    const { cache, published } = this.#context;
    published.afterPublish(() => {
      for (let pin = 0; pin < pins; pin++) cache.unpin(personStream(person)); // WORLD-64
    });
  }

  #report(person: PersonId, report: PresenceReport | null, departure: Departure | null = null): void {
    const { published, cluster } = this.#context;
    published.add(...cluster.report(person, report, departure));
  }

  /** A time after that of the current status, even if this node's clock is behind: the status that was set last counts. */
  #statusTime(person: PersonId): number {
    const { clock, cluster } = this.#context;
    return Math.max(clock.now(), (cluster.presence.get(person)?.statusAt ?? 0) + 1); // WORLD-61
  }
}
