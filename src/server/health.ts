import type { Clock, Storage } from '../core/ports.ts';
import { completesWithin } from './completes-within.ts';

/** An answer is reused for this long, so that frequent requests cause no writes. */
const FRESH_MS = 5_000;
const TIMEOUT_MS = 2_000;

/** Finds out whether the store takes writes, by a write that changes nothing. */
export class Health {
  readonly #storage: Pick<Storage, 'append'>;
  readonly #clock: Clock;
  #asked = Number.NEGATIVE_INFINITY;
  #answer: Promise<string | null> = Promise.resolve(null);

  constructor(storage: Pick<Storage, 'append'>, clock: Clock) {
    this.#storage = storage;
    this.#clock = clock;
  }

  /** Why writes fail, now or less than 5 s ago; null if such a write succeeded within 2 s. */
  problem(): Promise<string | null> {
    const now = this.#clock.monotonic();
    if (now - this.#asked >= FRESH_MS) {
      this.#asked = now; // SERVER-41
      this.#answer = this.#ask();
    }
    return this.#answer;
  }

  async #ask(): Promise<string | null> {
    let problem: string | null = 'the store does not answer';
    const writing = this.#storage.append([{ writes: [], rows: [] }]).then(([result]) => {
      problem = result?.type === 'unavailable' ? result.reason : null; // SERVER-41
    });
    await completesWithin(TIMEOUT_MS, this.#clock, writing);
    return problem;
  }
}
