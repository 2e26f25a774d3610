import type { PersonId } from '../model/ids.ts';
import { endOfSessions, type RowChange } from '../model/rows.ts';
import type { SessionRow, StoredSession } from '../model/session.ts';
import type { KeptResult } from '../ports.ts';
import type { ServiceContext } from './context.ts';

/**
 * The stored sessions of accounts, by which clients come back on another connection, and the results of their commands. Every
 * change resolves to true when it is on disk, and to false when storage is unavailable.
 */
export class Sessions {
  readonly #context: ServiceContext;

  constructor(context: ServiceContext) {
    this.#context = context;
  }

  /** The session of this digest, null if there is none or it has expired; rejects when storage is unavailable. */
  async find(digest: string): Promise<StoredSession | null> {
    const session = await this.#context.storage.session(digest);
    return session !== null && this.#isCurrent(session) ? session : null; // WORLD-203
  }

  /** Begins a session, also one that its own command has just ended; its subscriptions stay. */
  save(row: SessionRow): Promise<boolean> {
    return this.#write([{ op: 'put', table: 'session', row }]);
  }

  /** Changes how long a session lasts. If it has ended, it stays ended. */
  renew(row: SessionRow): Promise<boolean> {
    return this.#write([{ op: 'renew', table: 'session', row }]); // WORLD-301
  }

  /** Subscribes a stored session to documents. If the session has ended, nothing is written. */
  subscribe(session: string, person: PersonId, documents: readonly string[]): Promise<boolean> {
    return this.#write(
      documents.map((document) => ({ op: 'put', table: 'subscription', row: { session, document, person } })),
    );
  }

  unsubscribe(session: string, documents: readonly string[]): Promise<boolean> {
    return this.#write(documents.map((document) => ({ op: 'drop', table: 'subscription', session, document })));
  }

  /** Ends a session with its subscriptions, if there is one. */
  end(digest: string): Promise<boolean> {
    return this.#write([
      { op: 'drop', table: 'session', digest },
      { op: 'drop-all', table: 'subscription', session: digest },
    ]);
  }

  /** Ends all sessions of a person, with their subscriptions. */
  endAll(person: PersonId): Promise<boolean> {
    return this.#write(endOfSessions(person));
  }

  /**
   * What a command that may be sent again came to, null if that is not known or has expired; rejects when storage is
   * unavailable.
   */
  async kept(scope: string, key: string): Promise<Pick<KeptResult, 'digest' | 'result'> | null> {
    const kept = await this.#context.storage.keptResult(scope, key);
    return kept !== null && this.#isCurrent(kept) ? { digest: kept.digest, result: kept.result } : null; // WORLD-205
  }

  #isCurrent({ expires }: { readonly expires: number }): boolean {
    return expires > this.#context.clock.now();
  }

  #write(rows: readonly RowChange[]): Promise<boolean> {
    return this.#context.processor.writeRows(rows); // WORLD-201
  }
}
