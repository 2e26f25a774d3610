import type { Socket } from 'node:net';
import type { SeededRandom } from '../random.ts';
import { resetSocket } from '../transports/reset-socket.ts';
import { DelayLine, type LineClock } from './delay-line.ts';
import type { LineFaults } from './faults.ts';

/** With so many bytes waiting, a source is not read until half of them are forwarded. */
const MOST_WAITING = 64 * 1024;

/** What a lane does to both of its sockets. */
export type LaneEnds = { cut(): void; reset(): void };

/** One direction between two sockets. Its source is paused while too much waits, so the peer is slowed down as by a slow network. */
export class Lane {
  readonly #source: Socket;
  readonly #line: DelayLine;

  constructor(source: Socket, target: Socket, clock: LineClock, random: SeededRandom, ends: LaneEnds) {
    this.#source = source;
    this.#line = new DelayLine(clock, random, {
      forward: (bytes) => {
        this.#readOn();
        if (!target.destroyed) return target.write(bytes);
        resetSocket(source); // As the system answers bytes for a socket that is closed.
        return true;
      },
      ended: (how) => void (how === 'end' ? target.end() : resetSocket(target)),
      broken: (by) => ends[by](),
    });
    target.on('drain', () => this.#line.resume());
    source.on('data', (bytes: Buffer) => {
      this.#line.push(bytes);
      if (this.#line.waiting >= MOST_WAITING) source.pause();
    });
    source.on('end', () => this.#line.end('end'));
    source.on('close', () => {
      if (!source.readableEnded) this.#line.end('reset');
    });
  }

  get forwarded(): number {
    return this.#line.forwarded;
  }

  get waiting(): number {
    return this.#line.waiting;
  }

  set(faults: LineFaults): void {
    this.#line.set(faults);
  }

  /** Drops what waits and whatever still comes. */
  close(): void {
    this.#line.close();
    this.#source.resume();
  }

  #readOn(): void {
    if (this.#source.isPaused() && this.#line.waiting <= MOST_WAITING / 2) this.#source.resume();
  }
}
