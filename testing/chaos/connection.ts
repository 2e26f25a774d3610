import { connect, type Socket } from 'node:net';
import type { SeededRandom } from '../random.ts';
import { resetSocket } from '../transports/reset-socket.ts';
import type { LineClock } from './delay-line.ts';
import type { Faults } from './faults.ts';
import { Lane } from './lane.ts';

/** How many bytes went up, to the server, and down. */
export type ByteCounts = { readonly up: number; readonly down: number };

/** One connection through the proxy: the client's socket, a socket to the server, and a lane in each direction. */
export class ChaosConnection {
  readonly #client: Socket;
  readonly #server: Socket;
  readonly #up: Lane;
  readonly #down: Lane;
  /** Resolves when both sockets are closed. */
  readonly closed: Promise<void>;

  constructor(client: Socket, port: number, clock: LineClock, random: SeededRandom) {
    this.#client = client;
    this.#server = connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true });
    const ends = { cut: () => this.cut(), reset: () => this.reset() };
    this.#up = new Lane(this.#client, this.#server, clock, random, ends);
    this.#down = new Lane(this.#server, this.#client, clock, random, ends);
    this.closed = Promise.all([closeOf(this.#client), closeOf(this.#server)]).then(() => {
      this.#up.close();
      this.#down.close();
    });
  }

  /** What was forwarded. */
  get forwarded(): ByteCounts {
    return { up: this.#up.forwarded, down: this.#down.forwarded };
  }

  /** What was received and is not forwarded yet. */
  get waiting(): ByteCounts {
    return { up: this.#up.waiting, down: this.#down.waiting };
  }

  set({ up, down }: Faults): void {
    this.#up.set(up);
    this.#down.set(down);
  }

  /** Ends both sides by a FIN; what waits is lost. */
  cut(): void {
    this.#up.close();
    this.#down.close();
    this.#client.end();
    this.#server.end();
  }

  /** Ends both sides by a RST; what waits is lost. */
  reset(): void {
    this.#up.close();
    this.#down.close();
    resetSocket(this.#client);
    resetSocket(this.#server);
  }
}

/** An error of a socket is followed by its close, which says all that a proxy needs. */
function closeOf(socket: Socket): Promise<void> {
  socket.on('error', () => {});
  return new Promise((resolve) => void socket.once('close', () => resolve()));
}
