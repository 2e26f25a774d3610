import { concat } from '../../lib/bytes.ts';
import type { Link } from '../../transports/link.ts';
import type { FlushScheduler } from './flush-scheduler.ts';

/** Over so much that has not left, what is read for a connection waits for its link (CONN-11). */
export const PACE_BYTES = 256 * 1024;

/** Whoever takes nothing of that for so long is a slow reader (CONN-08). */
export const STALLED_MS = 60_000;

/** Unsolicited bytes that the client has not taken: over this it is a slow reader. */
const SLOW_BYTES = 1024 * 1024;

/** The same for writes, which cost memory of their own however short they are. */
const SLOW_WRITES = 1_000;

/** Gathers framed bytes for one link and writes them once a turn. */
export class Outbox {
  /** Something was put in that never left, because the end had begun. */
  lost = false;
  readonly #link: Link;
  readonly #scheduler: FlushScheduler;
  readonly #slow: () => void;
  #chunks: Uint8Array[] = [];
  #size = 0;
  #solicited = 0;
  #waiting = 0;
  #whenTaken: (() => void)[] = [];

  /** `slow` is called when the peer does not take what it is sent. */
  constructor(link: Link, turn: FlushScheduler, slow: () => void) {
    this.#link = link;
    this.#scheduler = turn;
    this.#slow = slow;
  }

  /** Bytes on their way that have not left this process. */
  get size(): number {
    return this.#size + this.#link.backlog;
  }

  /** Takes framed bytes; a chunk that is alone in its turn is written as it is, not copied (CONN-04). */
  push(chunk: Uint8Array): void {
    if (this.#chunks.push(chunk) === 1) this.#scheduler.mark(this);
    this.#size += chunk.length;
  }

  /** The same for what the peer asked for: it does not make a reader slow. */
  pushSolicited(chunk: Uint8Array): void {
    this.#solicited += chunk.length;
    this.push(chunk);
  }

  /** Calls once when the link has taken all there is; for whoever has more than should wait here. */
  whenTaken(run: () => void): void {
    this.#whenTaken.push(run);
  }

  /** The link has nothing left. */
  drained(): void {
    this.#solicited = 0;
    this.#waiting = 0;
    if (this.#whenTaken.length === 0 || this.#chunks.length > 0) return; // CONN-72
    for (const run of this.#whenTaken.splice(0)) run(); // CONN-11
  }

  flush(): void {
    const chunks = this.#chunks;
    const first = chunks[0];
    if (first === undefined) return;
    this.#chunks = [];
    this.#size = 0;
    if (!this.#link.write(chunks.length === 1 ? first : concat(chunks))) this.lost = true; // CONN-04 CONN-43
    const { backlog } = this.#link;
    if (backlog === 0) return this.drained();
    this.#waiting += 1;
    if (backlog > SLOW_BYTES + this.#solicited || this.#waiting > SLOW_WRITES) this.#slow(); // CONN-07
  }
}
