import type { Clock } from '../../src/core/ports.ts';
import type { SeededRandom } from '../../testing/random.ts';
import { type Connection, lineFrames, openConnection, type Transport } from '../matrix/connection.ts';
import { PASSWORD } from '../matrix/driver.ts';
import type { ChaosClient, Outcome } from './chaos-client.ts';
import { ShownLog } from './shown-log.ts';

/** So long a client waits for an answer before it gives the connection up. */
const ANSWER_MS = 30_000;
const MOST_RETRY_MS = 1_000;

type Answer = {
  readonly id: string;
  readonly status: number;
  readonly data: {
    readonly session?: string;
    readonly rooms?: object;
    readonly page?: readonly Entry[];
    readonly msg?: string;
  };
};
type Entry = { readonly key: object; readonly groupname?: string; readonly text?: string };
/** A request without an answer. One that is repeated is sent again, byte by byte, on the next connection. */
type Pending = { readonly frame: string; readonly isRepeated: boolean; settle(answer: Answer | null): void };

export type SessionOptions = {
  readonly name: string;
  readonly port: number;
  readonly transport: Transport;
  readonly random: SeededRandom;
  readonly clock: Clock;
  /** By how much the deadlines are shortened. */
  readonly scale: number;
};

/** A person who uses documents, goes on with the same session on each connection, and sends again what has no answer. */
export class SessionChaosClient implements ChaosClient {
  readonly name: string;
  readonly kind: string;
  /** This client asks for what it wants to see, and is shown nothing by itself. */
  readonly missesNothing = false;
  readonly shown = [];
  readonly #options: SessionOptions;
  readonly #log = new ShownLog();
  readonly #pending = new Map<string, Pending>();
  readonly #living: Promise<void>;
  #current: Connection | null = null;
  #isOnline = false;
  #isClosing = false;
  #connection = 0;
  #ids = 0;
  #session: string | null = null;
  #lobby: object = {};

  constructor(options: SessionOptions) {
    this.name = options.name;
    this.kind = `documents session over ${options.transport}`;
    this.#options = options;
    this.#living = this.#live();
  }

  get connection(): number {
    return this.#connection;
  }

  async send(text: string): Promise<Outcome> {
    const answer = await this.#ask('add_child', { key: this.#lobby, obj: { key: { type: 'msg' }, text } }, true);
    if (answer === null) return 'unknown';
    return answer.status === 200 ? 'acknowledged' : 'refused';
  }

  online(): Promise<void> {
    return this.#log.until(() => this.#isOnline);
  }

  async sees(text: string): Promise<void> {
    for (;;) {
      await this.online();
      const answer = await this.#ask('get_children', { key: this.#lobby, size: 200 });
      if (answer?.data.page?.some((message) => message.text === text) === true) return;
    }
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    await this.#ask('logout');
    this.#current?.close();
    await this.#living;
  }

  async #live(): Promise<void> {
    while (!this.#isClosing) {
      try {
        await this.#useConnection();
      } catch {
        await this.#pause();
      }
    }
  }

  /** Connects, logs in or goes on, and resolves when the connection has ended; rejects if it could not be opened. */
  async #useConnection(): Promise<void> {
    const { transport, port } = this.#options;
    const receive = (frame: string) => this.#receive(JSON.parse(frame) as Answer);
    const connection = await openConnection(transport, port, lineFrames, { receive, pending: () => [] });
    this.#connection++;
    this.#current = connection;
    const ended = connection.ended.then(() => this.#lose());
    if (await this.#enter()) {
      for (const { frame, isRepeated } of this.#pending.values()) if (isRepeated) connection.send(frame);
      this.#isOnline = true;
      this.#log.changed.notify();
    }
    await ended;
  }

  /** False if the connection was lost meanwhile. */
  async #enter(): Promise<boolean> {
    if (this.#session !== null) return this.#isDone(await this.#askNow('reconnect', { session: this.#session }));
    const login = await this.#askNow('login', { username: this.name, password: PASSWORD });
    const rooms = login && (await this.#askNow('get_children', { key: login.data.rooms }));
    if (!this.#isDone(rooms)) return false;
    this.#lobby = rooms?.data.page?.find(({ groupname }) => groupname === 'lobby')?.key ?? {};
    this.#session = login?.data.session ?? '';
    return true;
  }

  #isDone(answer: Answer | null): boolean {
    if (answer !== null && answer.status !== 200) this.#log.fail(new Error(`${this.name}: ${answer.data.msg}`));
    return answer?.status === 200;
  }

  #lose(): void {
    this.#current = null;
    this.#isOnline = false;
    for (const { isRepeated, settle } of this.#pending.values()) if (!isRepeated) settle(null);
  }

  #pause(): Promise<void> {
    const { clock, random, scale } = this.#options;
    return new Promise((over) => clock.after(random.below(MOST_RETRY_MS * scale), over));
  }

  /** Resolves with null if the connection is lost before there is an answer, and the request is not repeated. */
  #ask(cls: string, data: object = {}, isRepeated = false): Promise<Answer | null> {
    if (this.#isOnline || isRepeated) return this.#request(cls, data, isRepeated, this.#isOnline);
    return Promise.resolve(null);
  }

  /** Asks before the person is logged in. */
  #askNow(cls: string, data: object): Promise<Answer | null> {
    return this.#request(cls, data, false, true);
  }

  #request(cls: string, data: object, isRepeated: boolean, isSentNow: boolean): Promise<Answer | null> {
    const id = `${++this.#ids}`;
    const frame = JSON.stringify({ type: 'request', id, cls, data });
    return new Promise((resolve) => {
      const stop = this.#cutUnlessAnswered();
      const settle = (answer: Answer | null) => {
        stop();
        this.#pending.delete(id);
        resolve(answer);
      };
      this.#pending.set(id, { frame, isRepeated, settle });
      if (isSentNow) this.#current?.send(frame);
    });
  }

  /** Gives up connections without an answer, one after the other; returns what ends that. */
  #cutUnlessAnswered(): () => void {
    const { clock, scale } = this.#options;
    const wait = () =>
      clock.after(ANSWER_MS * scale, () => {
        this.#current?.cut();
        stop = wait();
      });
    let stop = wait();
    return () => stop();
  }

  #receive(answer: Answer): void {
    this.#pending.get(answer.id)?.settle(answer);
  }
}
