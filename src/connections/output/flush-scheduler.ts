import type { Clock } from '../../core/ports.ts';

/** Something that gathers what it has to write. */
export interface Flushable {
  flush(): void;
}

/** Flushes each marked outbox once when this turn of the event loop is over (CONN-03). */
export class FlushScheduler {
  readonly #clock: Clock;
  #marked: Flushable[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** To be called once by an outbox that was empty. */
  mark(outbox: Flushable): void {
    if (this.#marked.push(outbox) === 1) this.#clock.endOfTurn(() => this.#flush()); // CONN-03
  }

  #flush(): void {
    const marked = this.#marked;
    this.#marked = [];
    for (const outbox of marked) outbox.flush();
  }
}
