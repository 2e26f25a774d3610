import type { Clock } from '../../core/ports.ts';

/** Gathers bytes until it is flushed. */
export interface Flushable {
  flush(): void;
}

/** Flushes each marked outbox once, at the end of the event-loop turn (CONN-03). */
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
