import type { Link } from '../../transports/link.ts';
import { RequestReader } from './request-reader.ts';
import { ReplyQueue } from './reply-queue.ts';
import type { Decoded, Decoder, Encoding } from '../protocol-adapter.ts';

const MAX_OPEN = 64;

/** Who serves requests. */
export type RequestHandler<In, Out> = {
  /** Serves one request, or answers what could not be read; `answer` is to be called once, with null where there is nothing to say. */
  serve(decoded: Decoded<In>, answer: (message: Out | null) => void): void;
  /** Sends an answer whose turn has come. */
  send(message: Out): void;
  /** Something was answered: who waited for that may look. */
  answered(): void;
};

/** The requests of one connection: taken in order, no more at once than may be open, and answered in the same order. */
export class RequestPipeline<In, Out> {
  readonly #link: Link;
  readonly #handler: RequestHandler<In, Out>;
  readonly #reader: RequestReader<In>;
  readonly #replies: ReplyQueue<Out>;
  #working = false;
  #held = false;
  /** Nothing more is taken, ever. */
  #halted = false;
  #paused = false;
  #closed = false;

  constructor(link: Link, decoder: Decoder<In>, server: RequestHandler<In, Out>) {
    this.#link = link;
    this.#handler = server;
    this.#reader = new RequestReader(decoder);
    this.#replies = new ReplyQueue((message) => server.send(message));
  }

  /** In which form the peer speaks. */
  get encoding(): Encoding {
    return this.#reader.encoding;
  }

  /** Requests that were taken and not answered. */
  get open(): number {
    return this.#replies.open;
  }

  /** Whether an answer waits for an earlier one. */
  get blocked(): boolean {
    return this.#replies.blocked;
  }

  /** Whether the link is not read, because more came than can be taken. */
  get isPaused(): boolean {
    return this.#paused;
  }

  /** Whether all that came, and is to be answered, is answered. */
  get isIdle(): boolean {
    return this.open === 0 && !this.#working && !this.#reader.hasMore;
  }

  push(bytes: Uint8Array): void {
    if (this.#halted) return;
    this.#reader.push(bytes);
    this.#work();
  }

  /** Takes one that the link has for us already, in its turn. */
  put(decoded: Decoded<In>): void {
    this.#take(decoded);
  }

  /** What was not taken yet is thrown away, and so is what still comes. */
  halt(): void {
    this.#halted = true;
    this.#reader.discard();
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
      const decoded = this.#held ? null : this.#reader.next(); // CONN-13
      if (decoded === null) break;
      this.#take(decoded);
    }
    this.#working = false;
    this.#handler.answered();
    this.#read();
  }

  /** A link that has more than can be taken is not read. */
  #read(): void {
    const full = this.#reader.hasMore || this.open >= MAX_OPEN; // CONN-06
    if (full === this.#paused || this.#closed) return;
    this.#paused = full;
    if (full) this.#link.pause();
    else this.#link.resume();
  }

  #take(decoded: Decoded<In>): void {
    const fill = this.#replies.take();
    this.#handler.serve(decoded, (message) => {
      fill(message);
      if (this.#working) return; // CONN-06
      this.#handler.answered();
      if (this.#paused && !this.#held) this.#work();
    });
  }
}
