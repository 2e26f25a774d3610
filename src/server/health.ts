import type { Clock, Storage } from '../core/ports.ts';

/** An answer counts for so long, so that whoever asks often causes no writes. */
const FRESH_MS = 5_000;
const PATIENCE_MS = 2_000;

/** Knows whether the store takes writes, by making one that changes nothing. */
export class Health {
  readonly #storage: Pick<Storage, 'append'>;
  readonly #clock: Clock;
  #asked = -FRESH_MS;
  #answer: Promise<boolean> = Promise.resolve(false);

  constructor(storage: Pick<Storage, 'append'>, clock: Clock) {
    this.#storage = storage;
    this.#clock = clock;
  }

  /** True if a write succeeded within 2 s, now or up to 5 s ago. */
  acceptsWrites(): Promise<boolean> {
    const now = this.#clock.monotonic();
    if (now - this.#asked >= FRESH_MS) {
      this.#asked = now;
      this.#answer = this.#ask(); // SERVER-41
    }
    return this.#answer;
  }

  async #ask(): Promise<boolean> {
    return new Promise((resolve) => {
      const giveUp = this.#clock.after(PATIENCE_MS, () => resolve(false)); // SERVER-41
      void this.#storage.append([{ writes: [], rows: [] }]).then(([result]) => {
        giveUp();
        resolve(result?.type === 'committed'); // SERVER-41
      });
    });
  }
}
