import { concat } from '../../lib/bytes.ts';
import type { Link } from '../../transports/link.ts';
import type { FlushScheduler } from './flush-scheduler.ts';

/** With more unsent bytes than this, backlog and catching up wait for the link (CONN-11). */
export const PACE_BYTES = 256 * 1024;

/** A client that is behind and does not take all it was written within this time is a slow reader (CONN-08). */
export const STALLED_MS = 60_000;

/** A client with more unsent unsolicited bytes than this is a slow reader. */
const SLOW_BYTES = 1024 * 1024;

/** The same limit, counted in unsent writes: each costs memory, however short it is. */
const SLOW_WRITES = 1_000;

/** Gathers framed bytes for one link and writes them once per event-loop turn. */
export class Outbox {
  /** A write was refused because the link had begun to close: those bytes never left. */
  writeFailed = false;
  readonly #link: Link;
  readonly #scheduler: FlushScheduler;
  readonly #tooSlow: () => void;
  readonly #written: () => void;
  #chunks: Uint8Array[] = [];
  #size = 0;
  #solicited = 0;
  #waitingWrites = 0;
  #whenDrained: (() => void)[] = [];

  /** Calls `tooSlow` when the client is a slow reader, and `written` after each write. */
  constructor(link: Link, scheduler: FlushScheduler, tooSlow: () => void, written: () => void) {
    this.#link = link;
    this.#scheduler = scheduler;
    this.#tooSlow = tooSlow;
    this.#written = written;
  }

  /** Bytes that have not left this process. */
  get size(): number {
    return this.#size + this.#link.unsentBytes;
  }

  /** Whether the link has not taken all that was written before this turn. */
  get isUntaken(): boolean {
    return this.#link.unsentBytes > 0;
  }

  /** Adds framed bytes. A chunk that is alone in its turn is not copied (CONN-04). */
  push(chunk: Uint8Array): void {
    if (this.#chunks.push(chunk) === 1) this.#scheduler.mark(this);
    this.#size += chunk.length;
  }

  /** Adds bytes that do not make the client a slow reader: answers, backlog and missed events. */
  pushSolicited(chunk: Uint8Array): void {
    this.#solicited += chunk.length;
    this.push(chunk);
  }

  /** Calls `run` once, when all bytes have left. */
  whenDrained(run: () => void): void {
    this.#whenDrained.push(run);
  }

  /** The same; at once if no bytes wait. */
  whenEmpty(run: () => void): void {
    if (this.size === 0) run();
    else this.whenDrained(run);
  }

  /** The link has taken all bytes that were written to it. */
  drained(): void {
    this.#solicited = 0;
    this.#waitingWrites = 0;
    if (this.#whenDrained.length === 0 || this.#chunks.length > 0) return; // CONN-72
    for (const run of this.#whenDrained.splice(0)) run(); // CONN-11
  }

  flush(): void {
    const chunks = this.#chunks;
    const first = chunks[0];
    if (first === undefined) return;
    this.#chunks = [];
    this.#size = 0;
    if (!this.#link.write(chunks.length === 1 ? first : concat(chunks))) this.writeFailed = true; // CONN-04 CONN-43
    this.#written();
    const { unsentBytes } = this.#link;
    if (unsentBytes === 0) return this.drained();
    this.#waitingWrites += 1;
    if (unsentBytes > SLOW_BYTES + this.#solicited || this.#waitingWrites > SLOW_WRITES) this.#tooSlow(); // CONN-07
  }
}
