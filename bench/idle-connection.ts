import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Exchange } from './client-transports.ts';

const ANSWER_MS = 30_000;

/** Called on the events of an idle connection. */
export type Events = {
  /** The bytes are valid only during the call, because their memory is reused. */
  readonly onData: (bytes: Uint8Array) => void;
  readonly onClose: () => void;
};

/** A raw connection that logs in and then discards everything it receives. */
export class IdleConnection {
  readonly #socket: Socket;
  #closed = false;
  #receive: (bytes: Uint8Array) => void = () => {};
  #fail: (error: Error) => void = () => {};

  private constructor(port: number, from: string, memory: Uint8Array, events: Events) {
    this.#socket = connect({
      port,
      host: '127.0.0.1',
      localAddress: from,
      noDelay: true,
      onread: {
        buffer: memory,
        callback: (length) => {
          const bytes = memory.subarray(0, length);
          events.onData(bytes);
          this.#receive(bytes);
          return true;
        },
      },
    });
    this.#socket.on('error', (error) => this.#fail(error));
    this.#socket.on('close', () => {
      if (!this.#closed) events.onClose();
      this.#fail(new Error('the server closed the connection'));
    });
  }

  /** Connects from one of this machine's addresses; received bytes go to `memory`, which connections may share. */
  static async connect(port: number, from: string, memory: Uint8Array, events: Events): Promise<IdleConnection> {
    const connection = new IdleConnection(port, from, memory, events);
    await once(connection.#socket, 'connect');
    return connection;
  }

  /** Sends and resolves to everything received up to the answer; rejects when no answer comes. */
  ask({ send, until }: Exchange): Promise<string> {
    return new Promise((resolve, reject) => {
      let received = '';
      const fail = (why: string) => {
        settle();
        reject(new Error(`${why}; it sent ${JSON.stringify(received.slice(0, 200))}`));
      };
      const late = setTimeout(() => fail(`no answer in ${ANSWER_MS} ms`), ANSWER_MS);
      const settle = () => {
        clearTimeout(late);
        this.#receive = () => {};
        this.#fail = () => {};
      };
      this.#fail = ({ message }) => fail(message);
      this.#receive = (bytes) => {
        received += Buffer.from(bytes).toString('latin1');
        if (!until.test(received)) return;
        settle();
        resolve(received);
      };
      this.#socket.write(send);
    });
  }

  send(bytes: Uint8Array): void {
    this.#socket.write(bytes);
  }

  close(): void {
    this.#closed = true;
    this.#socket.destroy();
  }
}
