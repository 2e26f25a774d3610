import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { setImmediate as turn } from 'node:timers/promises';
import type { SeededRandom } from '../../testing/random.ts';

/** An answer of the server, as far as this client reads it. */
type Answer = {
  readonly id?: string;
  readonly status: number;
  readonly data?: { readonly session?: string; readonly self?: Key; readonly rooms?: Key; readonly key?: Key };
};
export type Key = { readonly type: string; readonly id: number | readonly [number, number] };

type Request = { readonly id: string; readonly cls: string; readonly data: object };

/** The answer of a server that stops: nothing was done. */
const STOPPING = 503;
/** A life of a connection has at most so many new messages. */
const MOST_NEW = 12;

/** A client of documents that drops its connections at random points, goes on with its session, and sends again what has no answer. */
export class DroppingClient {
  readonly name: string;
  /** The texts that were sent, in their order, and the number that the answer to each gave. */
  readonly sent: string[] = [];
  readonly numbers = new Map<string, number>();
  drops = 0;
  readonly #random: SeededRandom;
  readonly #port: () => number;
  readonly #unanswered = new Map<string, Request>();
  readonly #texts = new Map<string, string>();
  readonly #answers = new Map<string, (answer: Answer) => void>();
  #session = '';
  #ids = 0;

  /** `port` is where the server listens now: another one after a restart. */
  constructor(name: string, random: SeededRandom, port: () => number) {
    this.name = name;
    this.#random = random;
    this.#port = port;
  }

  /** Registers an account and logs in; returns the person's list of rooms. */
  async begin(): Promise<{ readonly self: Key; readonly rooms: Key }> {
    const socket = await this.#connect();
    const password = 'correct horse battery';
    await this.#ask(socket, 'register', { username: this.name, password });
    const { data = {} } = await this.#ask(socket, 'login', { username: this.name, password });
    this.#session = data.session ?? '';
    socket.destroy();
    if (data.self === undefined || data.rooms === undefined) throw new Error(`${this.name} could not log in`);
    return { self: data.self, rooms: data.rooms };
  }

  /** One request on a connection of its own, which goes on with the session. */
  async request(cls: string, data: object): Promise<Answer> {
    const socket = await this.#resume();
    const answer = await this.#ask(socket, cls, data);
    socket.destroy();
    return answer;
  }

  /** Sends messages to a room over one connection after the other, each of which is dropped at a random point. */
  async sendAndDrop(room: Key): Promise<void> {
    const socket = await this.#connect();
    const early = this.#random.next() < 0.2;
    const resumed = this.#ask(socket, 'reconnect', { session: this.#session });
    if (!early) await this.#mustResume(resumed);
    for (const request of this.#unanswered.values()) this.#write(socket, request);
    const fresh = 1 + this.#random.below(MOST_NEW);
    const dropAfter = this.#random.below(fresh + 1);
    for (let count = 0; count < fresh && count < dropAfter; count++) {
      this.#post(socket, room);
      if (this.#random.next() < 0.5) await turn();
    }
    for (let turns = this.#random.below(20); turns > 0 && !socket.closed; turns--) await turn();
    if (this.#random.next() < 0.5) socket.resetAndDestroy();
    else socket.destroy();
    this.drops += 1;
  }

  /** Sends again what has no answer, and resolves when everything has one. */
  async finish(): Promise<void> {
    while (this.#unanswered.size > 0) {
      const socket = await this.#resume();
      const all = [...this.#unanswered.values()].map((request) => this.#send(socket, request));
      await Promise.race([Promise.all(all), once(socket, 'close')]);
      socket.destroy();
    }
  }

  async #resume(): Promise<Socket> {
    const socket = await this.#connect();
    await this.#mustResume(this.#ask(socket, 'reconnect', { session: this.#session }));
    return socket;
  }

  /** Fails if the session cannot be resumed; a connection that ends before the answer is fine. */
  async #mustResume(answer: Promise<Answer>): Promise<void> {
    const { status } = await answer;
    if (status !== 200 && status !== STOPPING)
      throw new Error(`${this.name} could not go on with its session: ${status}`);
  }

  #post(socket: Socket, room: Key): void {
    const text = `${this.name} ${this.sent.length}`;
    const id = `${this.name}-${++this.#ids}`;
    const request = { id, cls: 'add_child', data: { key: room, obj: { key: { type: 'msg' }, text } } };
    this.sent.push(text);
    this.#texts.set(id, text);
    this.#unanswered.set(id, request);
    this.#write(socket, request);
  }

  #ask(socket: Socket, cls: string, data: object): Promise<Answer> {
    return this.#send(socket, { id: `${this.name}-${++this.#ids}`, cls, data });
  }

  /** Resolves with the answer; with status 200 if the connection ends before, for the next one asks again. */
  #send(socket: Socket, request: Request): Promise<Answer> {
    return new Promise((resolve) => {
      this.#answers.set(request.id, resolve);
      socket.once('close', () => resolve({ status: 200 }));
      this.#write(socket, request);
    });
  }

  #write(socket: Socket, request: Request): void {
    socket.write(JSON.stringify({ type: 'request', ...request }));
  }

  /** Connects, as soon as the server listens. */
  async #connect(): Promise<Socket> {
    for (;;) {
      const socket = connect({ port: this.#port(), host: '127.0.0.1', noDelay: true });
      const isOpen = await once(socket, 'connect').then(
        () => true,
        () => false,
      );
      if (!isOpen) {
        await turn();
        continue;
      }
      socket.on('error', () => {}).setMaxListeners(0);
      const lines = createInterface({ input: socket });
      // A server that stops tells whoever has not said anything yet what it speaks.
      const read = (line: string) => line.startsWith('{') && this.#receive(JSON.parse(line) as Answer);
      lines.on('line', read).on('error', () => {});
      return socket;
    }
  }

  #receive({ id = '', ...answer }: Answer): void {
    this.#answers.get(id)?.(answer);
    this.#answers.delete(id);
    const text = this.#texts.get(id);
    if (text === undefined || answer.status === STOPPING || !this.#unanswered.delete(id)) return;
    if (answer.status !== 200) throw new Error(`${text} was refused: ${JSON.stringify(answer)}`);
    const number = Array.isArray(answer.data?.key?.id) ? Number(answer.data.key.id[1]) : 0;
    this.numbers.set(text, number);
  }
}
