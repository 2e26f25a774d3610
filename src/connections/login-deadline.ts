import type { Clock } from '../core/ports.ts';

/** Ends a connection on which nobody logs in. */
export class LoginDeadline {
  readonly #clock: Clock;
  readonly #ms: number;
  readonly #run: () => void;
  #cancel: (() => void) | null = null;

  /** Calls `run` once `ms` have passed since the start. */
  constructor(clock: Clock, ms: number, run: () => void) {
    this.#clock = clock;
    this.#ms = ms;
    this.#run = run;
  }

  /** Starts the time again, from now or from a moment of the monotonic clock. */
  start(since = this.#clock.monotonic()): void {
    this.cancel();
    this.#cancel = this.#clock.after(Math.max(0, since + this.#ms - this.#clock.monotonic()), this.#run);
  }

  cancel(): void {
    this.#cancel?.();
    this.#cancel = null;
  }
}
