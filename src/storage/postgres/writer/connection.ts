import { Socket } from 'node:net';
import type { Client } from 'pg';
import type { Clock } from '../../../core/ports.ts';
import { asked, connect, DEADLINE_MS, type Statement, type Target } from '../connection.ts';

/** A statement with its values, all as texts that PostgreSQL reads. */
export type Bound = Statement & { readonly values: readonly string[] };

/** What a statement came to: its rows, and the first word of its tag, such as `COMMIT`. */
export type Answer = { readonly rows: readonly Record<string, unknown>[]; readonly command: string };

/** PostgreSQL reports the end of a wait for a standby from here; unlike texts, the name of the place is not translated. */
const WAIT_FOR_STANDBY = 'SyncRepWaitForLSN';

/**
 * The connection of a writer. Statements are sent at once, also before earlier ones are answered. When one is not answered in
 * time, the connection is cut, and all that wait reject.
 */
export class WriterConnection {
  readonly #client: Client;
  readonly #socket: Socket;
  readonly #target: Target;
  readonly #clock: Pick<Clock, 'after'>;
  #lost: Error | null = null;
  #isUnsure = false;

  private constructor(client: Client, socket: Socket, target: Target, clock: Pick<Clock, 'after'>) {
    this.#client = client;
    this.#socket = socket;
    this.#target = target;
    this.#clock = clock;
    client.on('error', (error) => this.cut(error));
    client.on('end', () => this.cut(new Error('the connection to PostgreSQL ended')));
    client.on('notice', ({ routine }) => (this.#isUnsure ||= routine === WAIT_FOR_STANDBY));
  }

  /** Rejects when that takes longer than DEADLINE_MS, too. */
  static async open(target: Target, clock: Pick<Clock, 'after'>): Promise<WriterConnection> {
    const socket = new Socket();
    const config = { ...target.config, query_timeout: 0, pipeline: true, stream: () => socket };
    const cancel = clock.after(DEADLINE_MS, () => socket.destroy(late())); // STORE-211
    try {
      return new WriterConnection(await connect({ ...target, config }), socket, target, clock);
    } finally {
      cancel();
    }
  }

  /** Whether it can still be used. */
  get isOpen(): boolean {
    return this.#lost === null && !this.#socket.destroyed;
  }

  /** Rejects if PostgreSQL refuses the statement, or if there is no answer: then `isOpen` is false, and the outcome unknown. */
  async ask({ values, ...statement }: Bound): Promise<Answer> {
    if (this.#lost !== null) throw this.#lost;
    const cancel = this.#clock.after(DEADLINE_MS, () => this.cut(late())); // STORE-211
    try {
      const { rows, command } = await this.#client.query<Record<string, unknown>>(
        asked(this.#target, statement, values),
      );
      if (this.#isUnsure) this.cut(new Error('the wait for a standby was cancelled')); // STORE-214
      if (this.#lost === null) return { rows, command };
    } catch (error) {
      if (this.#lost === null) throw error;
    } finally {
      cancel();
    }
    throw this.#lost;
  }

  /** Ends it at once: what it was asked rejects. */
  cut(reason: Error): void {
    this.#lost ??= reason;
    this.#socket.destroy();
  }

  /** Ends it in order. */
  async close(): Promise<void> {
    if (!this.isOpen) return;
    const cancel = this.#clock.after(DEADLINE_MS, () => this.cut(late()));
    await this.#client.end();
    cancel();
  }
}

function late(): Error {
  return new Error(`PostgreSQL has not answered for ${DEADLINE_MS / 1_000} s`);
}
