import type { Clock } from '../src/core/ports.ts';

type Timer = { readonly due: number; readonly run: () => void };

/** A clock that stands still until the test moves it. It starts at a fixed time, so that timestamps are the same in every run. */
export class FakeClock implements Clock {
  #now = Date.UTC(2026, 0, 1);
  #monotonic = 0;
  #timers: Timer[] = [];
  #endOfTurn: (() => void)[] = [];

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.#monotonic;
  }

  after(ms: number, run: () => void): () => void {
    const timer = { due: this.#monotonic + Math.max(0, ms), run };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  endOfTurn(run: () => void): void {
    this.#endOfTurn.push(run);
  }

  /** Runs at the end of this turn: by then everything that a test sent has arrived. */
  soon(run: () => void): void {
    this.endOfTurn(run);
  }

  /** Moves both times forward. Timers run when they are due, the earliest first, and after each one the turn ends. */
  advance(ms: number): void {
    const end = this.#monotonic + ms;
    for (let timer = this.#next(end); timer; timer = this.#next(end)) {
      this.#move(Math.max(timer.due, this.#monotonic));
      timer.run();
      this.turn();
    }
    this.#move(end);
    this.turn();
  }

  /** Ends event-loop turns until nothing waits for the end of one. */
  turn(): void {
    while (this.#endOfTurn.length > 0) {
      const waiting = this.#endOfTurn;
      this.#endOfTurn = [];
      for (const run of waiting) run();
    }
  }

  /** Moves the wall clock forward or back, but not the deadlines. */
  jump(ms: number): void {
    this.#now += ms;
  }

  /** Time passes while the process does not run; timers that were due run at the next `advance`. */
  suspend(ms: number): void {
    this.#move(this.#monotonic + ms);
  }

  /** How many timers are set. */
  get timers(): number {
    return this.#timers.length;
  }

  #next(end: number): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#timers) if (timer.due <= end && (!first || timer.due < first.due)) first = timer;
    if (first) this.#timers.splice(this.#timers.indexOf(first), 1);
    return first;
  }

  #move(monotonic: number): void {
    this.#now += monotonic - this.#monotonic;
    this.#monotonic = monotonic;
  }
}
