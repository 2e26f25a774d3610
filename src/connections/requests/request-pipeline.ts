import type { Refusal } from '../../core/model/refusals.ts';
import type { ServingGate } from '../../core/presence/serving-gate.ts';
import type { Link } from '../../transports/link.ts';
import type { Decoded } from '../decoded.ts';
import type { Decoder, Encoding } from '../protocol-adapter.ts';
import { ReplyQueue } from './reply-queue.ts';
import { RequestReader } from './request-reader.ts';

const MAX_OPEN = 64;
const UNAVAILABLE: Refusal = { type: 'unavailable' };

export type RequestHandler<In, Out> = {
  /**
   * Serves one request, or one that could not be decoded; with a refusal it only answers that. Calls `answer` once, with null
   * if there is nothing to send.
   */
  serve(decoded: Decoded<In>, refusal: Refusal | null, answer: (message: Out | null) => void): void;
  /** Sends an answer, in the order of the requests. */
  send(message: Out): void;
  /** At least one request may have been answered. */
  answered(): void;
};

/** The requests of one connection: taken in order, a limited number at once, and answered in the same order. */
export class RequestPipeline<In, Out> {
  readonly #link: Link;
  readonly #gate: ServingGate;
  readonly #handler: RequestHandler<In, Out>;
  readonly #reader: RequestReader<In>;
  readonly #replies: ReplyQueue<Out>;
  #whenLast: (() => void) | null = null;
  #isTaking = false;
  #holds = 0;
  #isHalted = false;
  #isPaused = false;
  #isClosed = false;

  constructor(link: Link, decoder: Decoder<In>, gate: ServingGate, handler: RequestHandler<In, Out>) {
    this.#link = link;
    this.#gate = gate;
    this.#handler = handler;
    this.#reader = new RequestReader(decoder);
    this.#replies = new ReplyQueue((message) => handler.send(message));
  }

  get encoding(): Encoding {
    return this.#reader.encoding;
  }

  /** The number of requests that were taken and not answered. */
  get open(): number {
    return this.#replies.open;
  }

  /** Whether an answer waits for an earlier one. */
  get hasWaitingReply(): boolean {
    return this.#replies.hasWaitingReply;
  }

  /** Whether the link is paused: 64 requests are open, or requests wait to be taken. */
  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** Whether all requests that came are answered. */
  get isIdle(): boolean {
    return this.open === 0 && !this.#isTaking && !this.#reader.hasMore;
  }

  push(bytes: Uint8Array): void {
    if (this.#isHalted) return;
    this.#reader.push(bytes);
    this.#takeRequests();
  }

  /** Serves one request, now or when the node may serve; its answer comes after those of earlier requests. */
  serve(decoded: Decoded<In>): void {
    const fill = this.#replies.reserve();
    const answer = (message: Out | null) => {
      fill(message);
      if (this.#isTaking) return; // CONN-06
      this.#answered();
      if (this.#isPaused && this.#holds === 0) this.#takeRequests();
    };
    if (this.#gate.isOpen) return this.#handler.serve(decoded, null, answer); // WORLD-288
    this.#gate.wait((isOpen) => {
      if (this.#isHalted) return answer(null);
      this.#handler.serve(decoded, isOpen ? null : UNAVAILABLE, answer); // WORLD-288 WORLD-289
    });
  }

  /** Discards requests that were not taken yet, and all later ones. */
  halt(): void {
    this.#isHalted = true;
    this.#reader.discard();
  }

  /** The link is closed: takes no more requests, and ignores the end of a hold. */
  close(): void {
    this.halt();
    this.#isClosed = true;
  }

  /** Calls `run` once at most one request is open. */
  whenLast(run: () => void): void {
    this.#whenLast = run;
    this.#runIfLast();
  }

  /** Holds back requests until all returned functions are called. Each runs `then`, and the last one takes the next request. */
  hold(): (then: () => void) => void {
    this.#holds += 1;
    return (then) => {
      if (this.#isClosed) return;
      this.#holds -= 1;
      then();
      this.#takeRequests();
    };
  }

  /**
   * Takes requests in order until 64 are open, one holds back the others, or none is left. An answer that comes at once does
   * not recurse (CONN-06).
   */
  #takeRequests(): void {
    if (this.#isTaking) return; // CONN-06
    this.#isTaking = true;
    while (this.open < MAX_OPEN) {
      const decoded = this.#holds > 0 ? null : this.#reader.next(); // CONN-13
      if (decoded === null) break;
      this.serve(decoded);
    }
    this.#isTaking = false;
    this.#answered();
    this.#pauseOrResume();
  }

  #answered(): void {
    this.#runIfLast();
    this.#handler.answered();
  }

  #runIfLast(): void {
    if (this.open > 1) return; // CONN-65
    const run = this.#whenLast;
    this.#whenLast = null;
    run?.();
  }

  #pauseOrResume(): void {
    const full = this.#reader.hasMore || this.open >= MAX_OPEN; // CONN-06
    if (full === this.#isPaused || this.#isClosed) return;
    this.#isPaused = full;
    if (full) this.#link.pause();
    else this.#link.resume();
  }
}
