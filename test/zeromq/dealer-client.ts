import { decodeMulti, encode } from '@msgpack/msgpack';
import { Dealer, type SocketOptions } from 'zeromq';
import type { Cleanup } from '../../testing/temporary.ts';
import { Waiting } from '../../testing/condition.ts';

type Values = readonly unknown[];

export type MemberOptions = {
  /** Puts the values of each message into one array, as some clients do. */
  readonly arrays?: boolean;
  readonly dealer?: SocketOptions<Dealer>;
};

/** The server answered `false`. */
export class Refused extends Error {}

/** A client made of libzmq, a MessagePack library and msgpack.txt alone: nothing of it is the server's code. */
export class Member {
  name = '';
  token = '';
  /** What happened to the socket so far, in the words of libzmq. */
  readonly events: string[] = [];
  readonly #dealer: Dealer;
  readonly #arrays: boolean;
  readonly #waiting = new Waiting();
  readonly #answers: ((answer: Values) => void)[] = [];
  readonly #updates: Values[] = [];
  /** A socket of libzmq takes one message at a time. */
  #sent: Promise<unknown> = Promise.resolve();

  private constructor({ arrays = false, dealer = {} }: MemberOptions) {
    this.#arrays = arrays;
    this.#dealer = new Dealer({ linger: 0, reconnectInterval: 20, receiveHighWaterMark: 0, ...dealer });
  }

  /** Not connected yet when it is returned: libzmq keeps what is said until it is. Closed in the end, else its threads go on. */
  static open(cleanup: Cleanup, port: number, options: MemberOptions = {}): Member {
    const member = new Member(options);
    cleanup.after(async () => member.close());
    void member.#watch();
    member.#dealer.connect(`tcp://127.0.0.1:${port}`);
    void member.#read();
    return member;
  }

  /** Makes an account and logs in to it. */
  async signUp(name: string): Promise<this> {
    await this.request('register', name, `secret of ${name}`);
    return this.logIn(name);
  }

  async logIn(name: string): Promise<this> {
    const [username, token] = await this.request('login', name, `secret of ${name}`);
    [this.name, this.token] = [String(username), String(token)];
    return this;
  }

  /** Shows the token of another one from now on. */
  actAs({ name, token }: Member): this {
    [this.name, this.token] = [name, token];
    return this;
  }

  /** A request under the own name and token. */
  ask(action: string, ...data: readonly string[]): Promise<Values> {
    return this.request(action, this.name, this.token, ...data);
  }

  /** Resolves with what follows `true`; rejects with what follows `false`. */
  async request(...values: readonly string[]): Promise<Values> {
    const answered = new Promise<Values>((resolve) => this.#answers.push(resolve));
    const message = this.#arrays ? encode(values) : Buffer.concat(values.map((value) => encode(value)));
    this.#sent = this.#sent.then(() => this.#dealer.send(message));
    await this.#sent;
    const [status, ...data] = await answered;
    if (status !== true) throw new Refused(String(data[0]));
    return data;
  }

  /** What follows `update`, the next of those that were not taken. */
  async update(): Promise<Values> {
    await this.#waiting.until(() => this.#updates.length > 0);
    return this.#updates.shift() ?? [];
  }

  /** Takes updates up to the first with this content, and gives that. */
  async updateOf(content: string): Promise<Values> {
    for (;;) {
      const update = await this.update();
      if (update.at(-1) === content) return update;
    }
  }

  /** Resolves when this has happened to the socket so many times. */
  happened(event: string, times: number): Promise<void> {
    return this.#waiting.until(() => this.events.filter((one) => one === event).length >= times);
  }

  close(): void {
    this.#dealer.close();
  }

  async #read(): Promise<void> {
    for await (const frames of this.#dealer) {
      const [kind, ...rest] = this.#valuesOf(frames);
      if (kind === 'update') this.#updates.push(rest);
      else if (kind === 'response') this.#answers.shift()?.(rest);
      else throw new Error(`the document knows no ${String(kind)}`);
      this.#waiting.happened();
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
      this.#waiting.happened();
    }
  }
}
