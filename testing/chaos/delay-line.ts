import type { Clock } from '../../src/core/ports.ts';
import type { SeededRandom } from '../random.ts';
import { CLEAR_LINE, type LineFaults } from './faults.ts';

/** The parts of a clock that decide when bytes are forwarded. */
export type LineClock = Pick<Clock, 'monotonic' | 'after' | 'endOfTurn'>;

/** Where a line leads. */
export type LineTarget = {
  /** False if the target is full: then nothing is forwarded until `resume`. */
  forward(bytes: Uint8Array): boolean;
  /** The source ended, by a FIN (`end`) or without one (`reset`), and everything before was forwarded. */
  ended(how: 'end' | 'reset'): void;
  /** The fault `ends` occurred. The line forwards nothing more. */
  broken(by: 'cut' | 'reset'): void;
};

/** What one packet carries. */
const SEGMENT_BYTES = 1_460;
const MAX_LOSSES = 6;
/** A bandwidth is kept by pieces of this many parts of a second. */
const PARTS_OF_SECOND = 20;

/** Bytes or an end on their way. `roll` is the part of the jitter that they get, from -1 to 1. */
type Segment = {
  what: Uint8Array | 'end' | 'reset';
  readonly arrived: number;
  readonly roll: number;
  readonly losses: number;
};

/** One direction of a connection: takes bytes, and forwards them in order when its faults let them pass. */
export class DelayLine {
  readonly #clock: LineClock;
  readonly #random: SeededRandom;
  readonly #target: LineTarget;
  #faults = CLEAR_LINE;
  #segments: Segment[] = [];
  #waiting = 0;
  #forwarded = 0;
  /** The bytes until the line breaks. */
  #untilBreak = Number.POSITIVE_INFINITY;
  /** When the bandwidth has room for the next piece. */
  #freeAt = 0;
  #isFull = false;
  #isRunning = false;
  #isClosed = false;
  #isTurnAwaited = false;
  #stopTimer: () => void = () => {};

  constructor(clock: LineClock, random: SeededRandom, target: LineTarget) {
    this.#clock = clock;
    this.#random = random;
    this.#target = target;
  }

  /** The bytes that were taken and not forwarded yet. */
  get waiting(): number {
    return this.#waiting;
  }

  get forwarded(): number {
    return this.#forwarded;
  }

  /** Changes the faults, also for what waits. */
  set(faults: LineFaults): void {
    this.#faults = faults;
    this.#untilBreak = this.#draw(faults);
    this.#freeAt = 0;
    this.#run();
  }

  push(bytes: Uint8Array): void {
    if (this.#isClosed) return;
    for (let start = 0; start < bytes.length; start += SEGMENT_BYTES) {
      this.#add(bytes.subarray(start, start + SEGMENT_BYTES));
    }
    this.#waiting += bytes.length;
    this.#run();
  }

  /** The source has ended; the target is told after what waits. */
  end(how: 'end' | 'reset'): void {
    if (this.#isClosed) return;
    this.#add(how);
    this.#run();
  }

  /** The target takes bytes again. */
  resume(): void {
    this.#isFull = false;
    this.#run();
  }

  /** Drops what waits; nothing is forwarded any more. */
  close(): void {
    this.#isClosed = true;
    this.#stopTimer();
    this.#segments = [];
    this.#waiting = 0;
  }

  #draw({ ends }: LineFaults): number {
    if (ends === null) return Number.POSITIVE_INFINITY;
    return ends.after.min + this.#random.below(ends.after.max - ends.after.min + 1);
  }

  #add(what: Segment['what']): void {
    let losses = 0;
    while (losses < MAX_LOSSES && this.#random.next() < this.#faults.loss) losses++;
    this.#segments.push({ what, arrived: this.#clock.monotonic(), roll: this.#random.next() * 2 - 1, losses });
  }

  /** Forwards what is due. The target may call back while this runs. */
  #run(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#stopTimer();
    while (this.#step());
    this.#isRunning = false;
  }

  /** Forwards the first piece, or waits until that is possible; whether there may be more to do now. */
  #step(): boolean {
    if (this.#isClosed || this.#faults.silent || this.#isFull || this.#isTurnAwaited) return false;
    if (this.#untilBreak === 0) return this.#break();
    const [segment] = this.#segments;
    if (segment === undefined) return false;
    const now = this.#clock.monotonic();
    const due = this.#dueTime(segment);
    if (due > now) {
      this.#stopTimer = this.#clock.after(due - now, () => this.#run());
      return false;
    }
    if (typeof segment.what === 'string') return this.#end(segment.what);
    this.#forward(segment, segment.what, due);
    return true;
  }

  #dueTime({ arrived, roll, losses }: Segment): number {
    const { latencyMs, jitterMs, retransmitMs } = this.#faults;
    const delay = Math.max(0, latencyMs + roll * jitterMs) + retransmitMs * (2 ** losses - 1);
    return Math.max(arrived + delay, this.#freeAt);
  }

  #forward(segment: Segment, bytes: Uint8Array, due: number): void {
    const { sliceBytes, bytesPerSecond } = this.#faults;
    const part = Math.max(1, Math.floor(bytesPerSecond / PARTS_OF_SECOND));
    const size = Math.min(bytes.length, sliceBytes, part, this.#untilBreak);
    segment.what = bytes.subarray(size);
    if (size === bytes.length) this.#segments.shift();
    this.#waiting -= size;
    this.#forwarded += size;
    this.#untilBreak -= size;
    this.#freeAt = due + (size * 1_000) / bytesPerSecond;
    this.#isFull = !this.#target.forward(bytes.subarray(0, size));
    if (sliceBytes !== Number.POSITIVE_INFINITY) this.#awaitTurn();
  }

  /** So that a receiver in this process gets the slice by itself: at the end of this turn it may not have read yet, of the next it has. */
  #awaitTurn(): void {
    this.#isTurnAwaited = true;
    this.#clock.endOfTurn(() =>
      this.#clock.endOfTurn(() => {
        this.#isTurnAwaited = false;
        this.#run();
      }),
    );
  }

  #end(how: 'end' | 'reset'): false {
    this.close();
    this.#target.ended(how);
    return false;
  }

  #break(): false {
    const { ends } = this.#faults;
    this.close();
    if (ends !== null) this.#target.broken(ends.by);
    return false;
  }
}
