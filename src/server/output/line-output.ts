import type { Clock } from '../../core/ports.ts';
import type { Sink } from './sink.ts';

/** Lines wait in memory up to this many characters; as much as a pipe holds. */
export const MAX_WAITING = 64 * 1024;
/** When to try again to write to an output that is full. */
const FULL_MS = 100;
/** When to try again to write to an output that failed. */
const FAILED_MS = 1_000;

/**
 * Writes lines in order to an output that may be slow, full or broken, and never makes the caller wait. Lines that it cannot
 * keep are dropped and counted. The first line that failed is kept and tried again, until the output works.
 */
export class LineOutput {
  readonly #sink: Sink;
  readonly #clock: Pick<Clock, 'after'>;
  readonly #recovered: (dropped: number) => void;
  readonly #waiting: string[] = [];
  #waitingCharacters = 0;
  /** What is left to write of the first line that waits. */
  #rest: Uint8Array | null = null;
  #writing = false;
  #pausing = false;
  #failed = false;
  /** All lines are dropped until everything that waits is written, so that the gap is in one place. */
  #dropping = false;
  #unreported = 0;
  #dropped = 0;
  #whenIdle: (() => void)[] = [];

  /** `recovered` is called when everything that waited is written, with the number of lines dropped before. */
  constructor(sink: Sink, clock: Pick<Clock, 'after'>, recovered: (dropped: number) => void = () => {}) {
    this.#sink = sink;
    this.#clock = clock;
    this.#recovered = recovered;
  }

  /** How many lines were dropped so far. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Whether a thread waits for the system to finish a write, which may never happen. */
  get isStuck(): boolean {
    return this.#writing && this.#sink.usesThread;
  }

  /** Writes a text that ends with a newline, now or later. */
  write(line: string): void {
    const fits = this.#waitingCharacters + line.length <= MAX_WAITING;
    if (this.#dropping || !fits) return this.#drop(1); // SERVER-86
    this.#waiting.push(line);
    this.#waitingCharacters += line.length;
    this.#writeNext();
  }

  /** Resolves when everything is written, or the output fails. */
  flush(): Promise<void> {
    if (this.#waiting.length === 0 || this.#failed) return Promise.resolve();
    return new Promise((resolve) => this.#whenIdle.push(resolve));
  }

  #writeNext(): void {
    const [line] = this.#waiting;
    if (this.#writing || this.#pausing || line === undefined) return;
    this.#rest ??= Buffer.from(line);
    this.#writing = true;
    this.#sink.write(this.#rest, (error, bytes) => {
      this.#writing = false;
      const isFull = error === null ? bytes === 0 : error.code === 'EAGAIN';
      if (isFull) this.#pause(FULL_MS);
      else if (error === null) this.#wrote(bytes);
      else this.#fail();
    });
  }

  #wrote(bytes: number): void {
    this.#failed = false;
    this.#rest = (this.#rest ?? Buffer.of()).subarray(bytes);
    if (this.#rest.length === 0) {
      this.#rest = null;
      this.#waitingCharacters -= this.#waiting.shift()?.length ?? 0;
    }
    if (this.#waiting.length > 0) return this.#writeNext();
    if (this.#dropping) this.#report();
    if (this.#waiting.length === 0) this.#idle();
  }

  #report(): void {
    const dropped = this.#unreported;
    this.#dropping = false;
    this.#unreported = 0;
    if (dropped > 0) this.#recovered(dropped); // SERVER-87
  }

  /** Keeps the line that failed, as a trial; it is also the only one that may be written in part. */
  #fail(): void {
    this.#failed = true;
    this.#drop(this.#waiting.splice(1).length);
    this.#waitingCharacters = this.#waiting[0]?.length ?? 0;
    this.#idle();
    this.#pause(FAILED_MS);
  }

  #drop(lines: number): void {
    this.#dropping = true;
    this.#dropped += lines;
    this.#unreported += lines;
  }

  #pause(ms: number): void {
    this.#pausing = true;
    this.#clock.after(ms, () => {
      this.#pausing = false;
      this.#writeNext();
    });
  }

  #idle(): void {
    for (const resolve of this.#whenIdle.splice(0)) resolve();
  }
}
