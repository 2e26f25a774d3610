/** Runs at most `atOnce` tasks at once and lets at most `waiting` more wait, in order; refuses the rest at once. */
export class BoundedQueue {
  readonly #atOnce: number;
  readonly #maxWaiting: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(atOnce: number, waiting: number) {
    this.#atOnce = atOnce;
    this.#maxWaiting = waiting;
  }

  /** The result of `work`; null, without starting it, if too many are waiting. */
  async run<T>(work: () => Promise<T>): Promise<T | null> {
    if (this.#running < this.#atOnce) this.#running++;
    else if (this.#waiting.length >= this.#maxWaiting)
      return null; // SERVER-73
    else await new Promise<void>((start) => this.#waiting.push(start));
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#running--;
      else next(); // The next one takes this one's place.
    }
  }
}
