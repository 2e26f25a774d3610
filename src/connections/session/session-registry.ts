import type { PersonId } from '../../core/model/ids.ts';
import type { SessionRow, StoredSession } from '../../core/model/session.ts';
import type { Clock, Ids } from '../../core/ports.ts';
import { sha256 } from '../../lib/sha256.ts';
import type { Carried } from './connection-control.ts';
import { WaitingSessions } from './waiting-sessions.ts';

/** A client may come back to its session within this time. */
export const WAIT_MS = 30 * 60_000;
/** How often the rows of sessions in use are written again. */
const REFRESH_MS = 15 * 60_000;

/** What the registry needs of storage: each write resolves to true once it is on disk. */
export type SessionStore = {
  find(digest: string): Promise<StoredSession | null>;
  save(row: SessionRow): Promise<boolean>;
  renew(row: SessionRow): Promise<boolean>;
  subscribe(session: string, person: PersonId, documents: readonly string[]): Promise<boolean>;
  unsubscribe(session: string, documents: readonly string[]): Promise<boolean>;
  end(digest: string): Promise<boolean>;
};

/**
 * The named sessions of this process. Who holds a secret acts for the person of its session, for example to upload a picture, or
 * goes on with the session on another connection.
 */
export class SessionRegistry {
  readonly #ids: Pick<Ids, 'identity'>;
  readonly #clock: Clock;
  readonly #store: () => SessionStore;
  /** By the digest of the secret, so that memory holds no secret. */
  readonly #sessions = new Map<string, Carried>();
  /** By the digest: the changes of a session that storage is being told of. */
  readonly #changes = new Map<string, Promise<unknown>>();
  /** The digests of sessions that could not be written when they began. */
  readonly #unsaved = new Set<string>();
  readonly #waiting = new WaitingSessions();
  #cancelRefresh: (() => void) | null = null;

  constructor(
    { ids, clock }: { readonly ids: Pick<Ids, 'identity'>; readonly clock: Clock },
    store: () => SessionStore,
  ) {
    this.#ids = ids;
    this.#clock = clock;
    this.#store = store;
  }

  get store(): SessionStore {
    return this.#store();
  }

  /** Names a session by a new secret. That of an account is on disk when `done` is called, unless storage fails. */
  open(session: Carried, done: (secret: string) => void): void {
    const secret = this.#ids.identity(); // CONN-120
    this.#add(digestOf(secret), session);
    void this.save(session).then(() => done(secret)); // CONN-135
  }

  /** The person whose session has this secret, here or on another node; null without one. Rejects when storage is unavailable. */
  async owner(secret: string): Promise<PersonId | null> {
    const digest = digestOf(secret);
    const session = this.#sessions.get(digest);
    if (session !== undefined) return session.login.person?.id ?? null; // CONN-120
    return (await this.find(digest))?.person ?? null; // CONN-180
  }

  /** The session of this digest in memory. */
  get(digest: string): Carried | undefined {
    return this.#sessions.get(digest);
  }

  /** A session that only storage knows is in memory again. */
  restored(digest: string, session: Carried): void {
    this.#add(digest, session);
  }

  /** What storage knows of a session once it has been told of all changes under way; rejects when it is unavailable. */
  async find(digest: string): Promise<StoredSession | null> {
    await this.#changes.get(digest); // CONN-135
    return this.store.find(digest);
  }

  /** Storage is being told of this change of a session, which is returned. Who resumes the session meanwhile waits for it. */
  changing<T>(digest: string, change: Promise<T>): Promise<T> {
    const all = Promise.allSettled([this.#changes.get(digest), change]);
    this.#changes.set(digest, all);
    void all.then(() => {
      if (this.#changes.get(digest) === all) this.#changes.delete(digest);
    });
    return change;
  }

  /** Writes that the session of an account may be resumed; true once that is on disk, at once for guests. */
  async save(session: Carried): Promise<boolean> {
    const row = this.#rowOf(session, false);
    return row === null || this.#begin(session, row);
  }

  async #begin(session: Carried, row: SessionRow): Promise<boolean> {
    const isSaved = await this.changing(row.digest, this.store.save(row));
    if (isSaved) this.#unsaved.delete(row.digest);
    else if (this.#sessions.get(row.digest) === session) this.#unsaved.add(row.digest); // CONN-132
    return isSaved;
  }

  /** Writes how long a session may be resumed, unless it has ended, perhaps on another node; true once that is on disk. */
  renew(session: Carried, isWaiting = false): Promise<boolean> {
    const row = this.#rowOf(session, isWaiting);
    if (row === null) return Promise.resolve(true);
    if (this.#unsaved.has(row.digest)) return this.#begin(session, row); // CONN-132
    return this.changing(row.digest, this.store.renew(row)); // WORLD-301
  }

  /** Null for sessions that are not stored. */
  #rowOf(session: Carried, isWaiting: boolean): SessionRow | null {
    const { digest, person, passwordPosition, token } = session.login;
    if (digest === null || person === null || passwordPosition === null) return null; // CONN-134
    if (this.#sessions.get(digest) !== session) return null; // CONN-66
    const expires = this.#clock.now() + (isWaiting ? WAIT_MS : WAIT_MS + 2 * REFRESH_MS); // CONN-132
    return { digest, person: person.id, passwordPosition, expires, ...(token !== null && { token }) }; // CONN-155
  }

  /** Ends a session. True once it is over on disk, too; if that cannot be stored, the session goes on. */
  async end(session: Carried): Promise<boolean> {
    const { login } = session;
    const { digest } = login;
    if (digest === null) return true;
    this.#remove(digest); // CONN-121
    const isOver = login.passwordPosition === null || (await this.changing(digest, this.store.end(digest))); // CONN-66
    if (isOver) login.digest = null;
    else if (login.digest !== null) this.#add(digest, session);
    return isOver;
  }

  /** The session of this digest is over in memory; with `forGood` storage is told so, too. */
  close(digest: string, forGood: boolean): void {
    this.#remove(digest); // CONN-121
    if (forGood) void this.changing(digest, this.store.end(digest)); // CONN-121
  }

  /** A session begins to wait. */
  waits(session: Carried): void {
    void this.renew(session, true);
    this.#waiting.add(session);
  }

  waitsNoMore(session: Carried): void {
    this.#waiting.delete(session);
  }

  /** Ends all timers. Storage keeps the sessions of accounts. */
  stop(): void {
    this.#waiting.stop();
    this.#cancelRefresh?.();
    this.#cancelRefresh = null;
  }

  #add(digest: string, session: Carried): void {
    this.#sessions.set(digest, session);
    session.login.digest = digest;
    this.#cancelRefresh ??= this.#clock.after(REFRESH_MS, () => this.#refresh());
  }

  #remove(digest: string): void {
    this.#sessions.delete(digest);
    this.#unsaved.delete(digest);
    if (this.#sessions.size > 0) return;
    this.#cancelRefresh?.();
    this.#cancelRefresh = null;
  }

  #refresh(): void {
    for (const session of this.#sessions.values()) if (!session.isWaiting) void this.renew(session); // CONN-132
    this.#cancelRefresh = this.#clock.after(REFRESH_MS, () => this.#refresh());
  }
}

/** The digest of a secret as its client writes it. */
export function digestOf(secret: string): string {
  return sha256(secret);
}
