import { decodeMulti, encode } from '@msgpack/msgpack';
import { Dealer, type SocketOptions } from 'zeromq';
import type { Cleanup } from '../../testing/temporary.ts';
import { Condition } from '../../testing/condition.ts';

type Values = readonly unknown[];

export type DealerOptions = {
  /** Sends the values of each message in one array, as some clients do. */
  readonly arrays?: boolean;
  readonly dealer?: SocketOptions<Dealer>;
};

/** The server answered `false`. */
export class Refused extends Error {}

/** A msgpack client of libzmq and a MessagePack library; it uses none of the server's code. */
export class DealerClient {
  name = '';
  token = '';
  /** The events of the socket so far, by their names in libzmq. */
  readonly events: string[] = [];
  readonly #dealer: Dealer;
  readonly #arrays: boolean;
  readonly #changed = new Condition();
  readonly #answers: ((answer: Values) => void)[] = [];
  readonly #updates: Values[] = [];
  /** A socket of libzmq sends one message at a time. */
  #sent: Promise<unknown> = Promise.resolve();

  private constructor({ arrays = false, dealer = {} }: DealerOptions) {
    this.#arrays = arrays;
    this.#dealer = new Dealer({ linger: 0, reconnectInterval: 20, receiveHighWaterMark: 0, ...dealer });
  }

  /** Begins to connect; libzmq keeps messages until it is connected. The cleanup closes the socket and so ends its threads. */
  static open(cleanup: Cleanup, port: number, options: DealerOptions = {}): DealerClient {
    const client = new DealerClient(options);
    cleanup.after(async () => client.close());
    void client.#watch();
    client.#dealer.connect(`tcp://127.0.0.1:${port}`);
    void client.#read();
    return client;
  }

  /** Makes an account and logs in. */
  async signUp(name: string): Promise<this> {
    await this.request('register', name, `secret of ${name}`);
    return this.logIn(name);
  }

  async logIn(name: string): Promise<this> {
    const [username, token] = await this.request('login', name, `secret of ${name}`);
    [this.name, this.token] = [String(username), String(token)];
    return this;
  }

  /** Uses the name and token of another client from now on. */
  actAs({ name, token }: DealerClient): this {
    [this.name, this.token] = [name, token];
    return this;
  }

  /** Sends a request with name and token. */
  ask(action: string, ...data: readonly string[]): Promise<Values> {
    return this.request(action, this.name, this.token, ...data);
  }

  /** Resolves with the values after `true`; rejects with those after `false`. */
  async request(...values: readonly string[]): Promise<Values> {
    const answered = new Promise<Values>((resolve) => this.#answers.push(resolve));
    const message = this.#arrays ? encode(values) : Buffer.concat(values.map((value) => encode(value)));
    this.#sent = this.#sent.then(() => this.#dealer.send(message));
    await this.#sent;
    const [status, ...data] = await answered;
    if (status !== true) throw new Refused(String(data[0]));
    return data;
  }

  /** Takes the next update and returns its values. */
  async update(): Promise<Values> {
    await this.#changed.until(() => this.#updates.length > 0);
    return this.#updates.shift() ?? [];
  }

  /** Takes updates up to the first with this content and returns that one. */
  async updateOf(content: string): Promise<Values> {
    for (;;) {
      const update = await this.update();
      if (update.at(-1) === content) return update;
    }
  }

  /** Resolves when this event of the socket has occurred so many times. */
  happened(event: string, times: number): Promise<void> {
    return this.#changed.until(() => this.events.filter((one) => one === event).length >= times);
  }

  close(): void {
    this.#dealer.close();
  }

  async #read(): Promise<void> {
    for await (const frames of this.#dealer) {
      const [kind, ...rest] = this.#valuesOf(frames);
      if (kind === 'update') this.#updates.push(rest);
      else if (kind === 'response') this.#answers.shift()?.(rest);
      else throw new Error(`msgpack has no ${String(kind)}`);
      this.#changed.notify();
    }
  }

  #valuesOf(frames: readonly Buffer[]): Values {
    const [frame, ...others] = frames;
    if (frame === undefined || others.length > 0) throw new Error(`a message of ${frames.length} frames`);
    const values = [...decodeMulti(frame)];
    if (!this.#arrays) return values;
    const [array] = values;
    if (!Array.isArray(array) || values.length > 1) throw new Error('not one array');
    return array;
  }

  async #watch(): Promise<void> {
    for await (const { type } of this.#dealer.events) {
      this.events.push(type);
      this.#changed.notify();
    }
  }
}
