import type { Clock } from '../src/core/ports.ts';

type Timer = { readonly due: number; readonly run: () => void };

/** A clock that stands still until the test moves it. Starts at a fixed moment, so that stamps are the same in every run. */
export class FakeClock implements Clock {
  #now = Date.UTC(2026, 0, 1);
  #monotonic = 0;
  #timers: Timer[] = [];
  #turn: (() => void)[] = [];

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
    this.#turn.push(run);
  }

  /** The end of this turn: whatever a test sent has arrived by then. */
  soon(run: () => void): void {
    this.endOfTurn(run);
  }

  /** Moves both times on. Timers run when they are due, the earliest first; after each one the turn ends. */
  advance(ms: number): void {
    const goal = this.#monotonic + ms;
    for (let timer = this.#next(goal); timer; timer = this.#next(goal)) {
      this.#move(Math.max(timer.due, this.#monotonic));
      timer.run();
      this.turn();
    }
    this.#move(goal);
    this.turn();
  }

  /** Ends turns until nothing waits for the end of one. */
  turn(): void {
    while (this.#turn.length > 0) {
      const waiting = this.#turn;
      this.#turn = [];
      for (const run of waiting) run();
    }
  }

  /** Sets the time that people see, forwards or back; deadlines do not notice. */
  jump(ms: number): void {
    this.#now += ms;
  }

  /** Time goes by while the process does not run: what was due meanwhile is late, and runs at the next `advance`. */
  suspend(ms: number): void {
    this.#move(this.#monotonic + ms);
  }

  /** How many timers are set: a test can see that none was forgotten. */
  get timers(): number {
    return this.#timers.length;
  }

  #next(goal: number): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#timers) if (timer.due <= goal && (!first || timer.due < first.due)) first = timer;
    if (first) this.#timers.splice(this.#timers.indexOf(first), 1);
    return first;
  }

  #move(monotonic: number): void {
    this.#now += monotonic - this.#monotonic;
    this.#monotonic = monotonic;
  }
}
