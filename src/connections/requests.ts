import type { Link } from '../transports/link.ts';
import { Intake } from './intake.ts';
import { Slots } from './slots.ts';
import type { Decoded, Decoder, Form } from './wire.ts';

const MAX_OPEN = 64;

/** Who serves requests. */
export type Server<In, Out> = {
  /** Serves one request, or answers what could not be read; `answer` is to be called once, with null where there is nothing to say. */
  serve(decoded: Decoded<In>, answer: (message: Out | null) => void): void;
  /** Sends an answer whose turn has come. */
  send(message: Out): void;
  /** Something was answered: who waited for that may look. */
  answered(): void;
};

/** The requests of one connection: taken in order, no more at once than may be open, and answered in the same order. */
export class Requests<In, Out> {
  readonly #link: Link;
  readonly #server: Server<In, Out>;
  readonly #intake: Intake<In>;
  readonly #slots: Slots<Out>;
  #working = false;
  #held = false;
  /** Nothing more is taken, ever. */
  #halted = false;
  #paused = false;
  #closed = false;

  constructor(link: Link, decoder: Decoder<In>, server: Server<In, Out>) {
    this.#link = link;
    this.#server = server;
    this.#intake = new Intake(decoder);
    this.#slots = new Slots((message) => server.send(message));
  }

  /** In which form the peer speaks. */
  get form(): Form {
    return this.#intake.form;
  }

  /** Requests that were taken and not answered. */
  get open(): number {
    return this.#slots.open;
  }

  /** Whether an answer waits for an earlier one. */
  get blocked(): boolean {
    return this.#slots.blocked;
  }

  /** Whether the link is not read, because more came than can be taken. */
  get isPaused(): boolean {
    return this.#paused;
  }

  /** Whether all that came, and is to be answered, is answered. */
  get isIdle(): boolean {
    return this.open === 0 && !this.#working && !this.#intake.hasMore;
  }

  push(bytes: Uint8Array): void {
    if (this.#halted) return;
    this.#intake.push(bytes);
    this.#work();
  }

  /** Takes one that the link has for us already, in its turn. */
  put(decoded: Decoded<In>): void {
    this.#take(decoded);
  }

  /** What was not taken yet is thrown away, and so is what still comes. */
  halt(): void {
    this.#halted = true;
    this.#intake.forget();
  }

  /** The link is over: nothing is taken any more, and nobody waits for what holds requests back. */
  close(): void {
    this.halt();
    this.#closed = true;
  }

  /** Holds requests back until the function it returns is called, with what has to come before the next one. */
  hold(): (then: () => void) => void {
    this.#held = true;
    return (then) => {
      if (this.#closed) return;
      this.#held = false;
      then();
      this.#work();
    };
  }

  /** Takes requests in order, as long as nothing holds them back; an answer that comes at once does not begin it anew (CONN-06). */
  #work(): void {
    if (this.#working) return; // CONN-06
    this.#working = true;
    while (this.open < MAX_OPEN) {
      const decoded = this.#held ? null : this.#intake.next(); // CONN-13
      if (decoded === null) break;
      this.#take(decoded);
    }
    this.#working = false;
    this.#server.answered();
    this.#read();
  }

  /** A link that has more than can be taken is not read. */
  #read(): void {
    const full = this.#intake.hasMore || this.open >= MAX_OPEN; // CONN-06
    if (full === this.#paused || this.#closed) return;
    this.#paused = full;
    if (full) this.#link.pause();
    else this.#link.resume();
  }

  #take(decoded: Decoded<In>): void {
    const fill = this.#slots.take();
    this.#server.serve(decoded, (message) => {
      fill(message);
      if (this.#working) return; // CONN-06
      this.#server.answered();
      if (this.#paused && !this.#held) this.#work();
    });
  }
}
