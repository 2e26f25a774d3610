import type { Clock } from '../../core/ports.ts';

type Run = (id: string) => void;

/** What sessions do some time after a change: those that begin to wait in one event-loop turn share a timer, and an id. */
export class Gatherings {
  readonly #clock: Pick<Clock, 'after' | 'endOfTurn'>;
  readonly #eventId: () => string;
  /** Those that began in this turn, by their time. */
  readonly #open = new Map<number, Set<Run>>();

  constructor(clock: Pick<Clock, 'after' | 'endOfTurn'>, eventId: () => string) {
    this.#clock = clock;
    this.#eventId = eventId;
  }

  /** Calls `run` after `ms` milliseconds, unless the returned function is called before. */
  add(ms: number, run: Run): () => void {
    const runs = this.#open.get(ms) ?? this.#begin(ms);
    runs.add(run);
    return () => runs.delete(run);
  }

  #begin(ms: number): Set<Run> {
    const runs = new Set<Run>();
    if (this.#open.size === 0) this.#clock.endOfTurn(() => this.#open.clear());
    this.#open.set(ms, runs);
    this.#clock.after(ms, () => {
      const id = this.#eventId(); // CONN-90
      for (const run of runs) run(id);
    });
    return runs;
  }
}
