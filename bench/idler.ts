import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Step } from './carriers.ts';

const ANSWER_MS = 30_000;

/** What happens on connections that only are there. */
export type IdlerEvents = {
  /** Takes what it needs of them at once: the same memory is read into again. */
  readonly heard: (bytes: Uint8Array) => void;
  readonly lost: () => void;
};

/** A bare connection that asks to come in, and then reads whatever it is sent and throws it away. */
export class Idler {
  readonly #socket: Socket;
  #closed = false;
  #hear: (bytes: Uint8Array) => void = () => {};
  #lost: (error: Error) => void = () => {};

  private constructor(port: number, from: string, memory: Uint8Array, events: IdlerEvents) {
    this.#socket = connect({
      port,
      host: '127.0.0.1',
      localAddress: from,
      noDelay: true,
      onread: {
        buffer: memory,
        callback: (length) => {
          const bytes = memory.subarray(0, length);
          events.heard(bytes);
          this.#hear(bytes);
          return true;
        },
      },
    });
    this.#socket.on('error', (error) => this.#lost(error));
    this.#socket.on('close', () => {
      if (!this.#closed) events.lost();
      this.#lost(new Error('the server closed the connection'));
    });
  }

  /** Connects from one of this machine's addresses; what comes is read into `memory`, which many may share. */
  static async connect(port: number, from: string, memory: Uint8Array, events: IdlerEvents): Promise<Idler> {
    const idler = new Idler(port, from, memory, events);
    await once(idler.#socket, 'connect');
    return idler;
  }

  /** Resolves to all that was heard until it had the answer; rejects when that does not come. */
  ask({ say, until }: Step): Promise<string> {
    return new Promise((resolve, reject) => {
      let heard = '';
      const fail = (why: string) => {
        settle();
        reject(new Error(`${why}; it said ${JSON.stringify(heard.slice(0, 200))}`));
      };
      const late = setTimeout(() => fail(`no answer in ${ANSWER_MS} ms`), ANSWER_MS);
      const settle = () => {
        clearTimeout(late);
        this.#hear = () => {};
        this.#lost = () => {};
      };
      this.#lost = ({ message }) => fail(message);
      this.#hear = (bytes) => {
        heard += Buffer.from(bytes).toString('latin1');
        if (!until.test(heard)) return;
        settle();
        resolve(heard);
      };
      this.#socket.write(say);
    });
  }

  say(bytes: Uint8Array): void {
    this.#socket.write(bytes);
  }

  close(): void {
    this.#closed = true;
    this.#socket.destroy();
  }
}
