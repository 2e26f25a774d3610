import type { Clock } from '../../src/core/ports.ts';
import { waitForIo } from '../../testing/condition.ts';
import type { SeededRandom } from '../../testing/random.ts';
import type { Transport } from '../matrix/connection.ts';
import { type Client, type Driver, PASSWORD, Refused } from '../matrix/driver.ts';
import type { ChaosClient, Outcome, ShownMessage } from './chaos-client.ts';
import { ShownLog } from './shown-log.ts';

/** So long a client waits for an answer before it gives the connection up. */
const ANSWER_MS = 30_000;
const MOST_RETRY_MS = 1_000;

export type DriverOptions = {
  readonly name: string;
  readonly port: number;
  readonly transport: Transport;
  readonly random: SeededRandom;
  readonly clock: Clock;
  /** By how much the deadlines are shortened. */
  readonly scale: number;
};

/** A person who uses a client of the matrix by any transport, and connects again whenever the connection has ended. */
export class DriverChaosClient implements ChaosClient {
  readonly name: string;
  readonly kind: string;
  readonly missesNothing = true;
  readonly #driver: Driver;
  readonly #options: DriverOptions;
  readonly #log = new ShownLog();
  /** All that were used; one that can reconnect stays the same. */
  readonly #clients: Client[] = [];
  readonly #living: Promise<void>;
  /** The one that is logged in. */
  #client: Client | null = null;
  #connection = 0;
  #isClosing = false;

  constructor(driver: Driver, options: DriverOptions) {
    this.name = options.name;
    this.kind = `${driver.protocol} over ${options.transport}`;
    this.#driver = driver;
    this.#options = options;
    this.#living = this.#live();
  }

  get connection(): number {
    return this.#connection;
  }

  get shown(): readonly (readonly ShownMessage[])[] {
    return this.#clients.map(({ observed }) => observed.all.filter((one) => one.kind === 'message'));
  }

  async send(text: string): Promise<Outcome> {
    const client = this.#client;
    if (client === null) return 'unsent';
    const ended = client.ended.then(() => 'unknown' as const);
    const outcome = await Promise.race([ended, this.#patiently(client, this.#post(client, text))]);
    if (this.#driver.asks && outcome === 'acknowledged') client.look().catch(() => {});
    return outcome;
  }

  online(): Promise<void> {
    return this.#log.until(() => this.#client !== null);
  }

  async sees(text: string): Promise<void> {
    while (!this.shown.some((messages) => messages.some((message) => message.text === text))) {
      await this.online();
      const client = this.#client;
      if (client === null) continue;
      try {
        await Promise.race([client.observed.waitFor({ kind: 'message', text }), client.ended]);
      } catch (error) {
        await this.#expectLoss(client, error);
      }
    }
  }

  async close(): Promise<void> {
    await this.#client?.checkCopies();
    this.#isClosing = true;
    await this.#client?.leave();
    await this.#living;
    for (const { observed } of this.#clients) await observed.waitUntil(() => true, { kind: 'message' });
  }

  async #post(client: Client, text: string): Promise<Outcome> {
    try {
      await client.sendToLobby(text, 1);
      return 'acknowledged';
    } catch (error) {
      if (error instanceof Refused) return 'refused';
      await this.#expectLoss(client, error);
      return 'unknown';
    }
  }

  /** Throws the error if it does not come from a lost connection. */
  async #expectLoss(client: Client, error: unknown): Promise<void> {
    await waitForIo();
    if (this.#client === client) throw error;
  }

  async #live(): Promise<void> {
    while (!this.#isClosing) {
      this.#client = await this.#connect();
      this.#log.changed.notify();
      await (this.#client?.ended ?? this.#pause());
      this.#client = null;
    }
  }

  #pause(): Promise<void> {
    const { clock, random, scale } = this.#options;
    return new Promise((over) => clock.after(random.below(MOST_RETRY_MS * scale), over));
  }

  /** Null if that failed. */
  async #connect(): Promise<Client | null> {
    const { port, transport, name } = this.#options;
    const last = this.#clients.at(-1);
    this.#connection++;
    try {
      if (last?.reconnect !== undefined) {
        await last.reconnect();
        return last;
      }
      const client = await this.#driver.connect({ port }, transport);
      this.#clients.push(client);
      await this.#patiently(client, client.login(name, PASSWORD));
      return client;
    } catch (error) {
      if (error instanceof Refused) this.#log.fail(error);
      this.#clients.at(-1)?.cut();
      return null;
    }
  }

  /** Ends a connection that has not answered in time, so that the work fails. */
  async #patiently<T>(client: Client, work: Promise<T>): Promise<T> {
    const { clock, scale } = this.#options;
    const stop = clock.after(ANSWER_MS * scale, () => client.cut());
    try {
      return await work;
    } finally {
      stop();
    }
  }
}
