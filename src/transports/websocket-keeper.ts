import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import type { Clock } from '../core/ports.ts';
import { FrameTracker } from './frame-tracker.ts';
import type { TransportLimits } from './limits.ts';
import { closeWebSocket } from './websocket.ts';
import { closeCodes } from './websocket-frame.ts';

const SWEEP_MS = 1_000;
/** What it costs to keep one piece of an unfinished message, besides its bytes. */
const PIECE_BYTES = 256;

type Kept = { readonly ws: WebSocket; readonly tracker: FrameTracker; heard: number; pinged: number };
/** An unfinished message: its first byte came at `since`. */
type Unfinished = { since: number; bytes: number; pieces: number; completions: number };

type KeeperLimits = Pick<TransportLimits, 'pingMs' | 'silenceMs' | 'incompleteMs' | 'incompleteBytes'>;

/**
 * Keeps watch over all WebSockets of the process with one timer: pings them, drops the silent, and bounds what unfinished messages
 * hold (T7). `ws` does not tell about those, so the frames' bounds are followed beside it.
 */
export class WebSocketKeeper {
  readonly #limits: KeeperLimits;
  readonly #clock: Clock;
  readonly #kept = new Set<Kept>();
  /** The one that began first stands first. */
  readonly #unfinished = new Map<Kept, Unfinished>();
  #unfinishedBytes = 0;
  #sweeping = false;

  constructor(limits: KeeperLimits, clock: Clock) {
    this.#limits = limits;
    this.#clock = clock;
  }

  /** Watches a WebSocket until it is closed; to be called in its upgrade, before anything was read. */
  keep(ws: WebSocket, socket: Socket): void {
    const now = this.#clock.monotonic();
    const kept: Kept = { ws, tracker: new FrameTracker(), heard: now, pinged: now };
    this.#kept.add(kept);
    socket.on('data', (bytes: Uint8Array) => this.#hear(kept, bytes));
    ws.once('close', () => {
      this.#finish(kept);
      this.#kept.delete(kept);
    });
    this.#sweepLater();
  }

  #hear(kept: Kept, bytes: Uint8Array): void {
    const { tracker } = kept;
    const now = this.#clock.monotonic();
    kept.heard = now;
    tracker.push(bytes);
    const before = this.#unfinished.get(kept);
    if (before && before.completions !== tracker.completions) this.#finish(kept); // PORT-35
    if (tracker.held === 0) return;
    const unfinished = this.#unfinished.get(kept) ?? this.#begin(kept, now);
    unfinished.pieces++;
    this.#unfinishedBytes -= unfinished.bytes;
    unfinished.bytes = tracker.held + PIECE_BYTES * unfinished.pieces;
    this.#unfinishedBytes += unfinished.bytes;
    this.#shed();
  }

  #begin(kept: Kept, since: number): Unfinished {
    const unfinished = { since, bytes: 0, pieces: 0, completions: kept.tracker.completions };
    this.#unfinished.set(kept, unfinished);
    return unfinished;
  }

  #finish(kept: Kept): void {
    this.#unfinishedBytes -= this.#unfinished.get(kept)?.bytes ?? 0;
    this.#unfinished.delete(kept);
  }

  /** Closes the oldest until the rest fits: a message that is sent honestly is done before it becomes the oldest. */
  #shed(): void {
    for (const [kept] of this.#unfinished) {
      if (this.#unfinishedBytes <= this.#limits.incompleteBytes) return; // PORT-36
      this.#finish(kept);
      closeWebSocket(kept.ws, closeCodes['too-big'], 'too many unfinished messages');
      kept.ws.terminate();
    }
  }

  #sweepLater(): void {
    if (this.#sweeping || this.#kept.size === 0) return;
    this.#sweeping = true;
    this.#clock.after(SWEEP_MS, () => {
      this.#sweeping = false;
      this.#sweep(this.#clock.monotonic());
      this.#sweepLater();
    });
  }

  #sweep(now: number): void {
    for (const [kept, unfinished] of this.#unfinished) {
      if (kept.ws.isPaused) unfinished.since = now; // PORT-35
      if (now - unfinished.since < this.#limits.incompleteMs) continue; // PORT-35
      this.#finish(kept);
      closeWebSocket(kept.ws, closeCodes.timeout, 'unfinished message');
    }
    for (const kept of this.#kept) {
      if (kept.ws.isPaused) kept.heard = now; // PORT-34
      if (now - kept.heard >= this.#limits.silenceMs) {
        closeWebSocket(kept.ws, closeCodes.timeout, 'no sign of life'); // PORT-34
      } else if (now - kept.pinged >= this.#limits.pingMs) {
        kept.pinged = now;
        kept.ws.ping(); // PORT-34
      }
    }
  }
}
