import type { Clock } from '../../core/ports.ts';

const MINUTE_MS = 60_000;
/** More keys than this in one minute are a flood, of which a part is enough. */
const MAX_KEYS = 10_000;

/** Finds the first of equal events in a clock minute, so that a flood of events is no flood of log lines (T43). */
export class OnceAMinute {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #keys = new Set<string>();
  #minute = 0;

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock;
  }

  /** True if no event of this key came in this minute. */
  isFirst(key: string): boolean {
    const minute = Math.floor(this.#clock.monotonic() / MINUTE_MS);
    if (minute !== this.#minute) this.#keys.clear();
    this.#minute = minute;
    if (this.#keys.has(key) || this.#keys.size >= MAX_KEYS) return false;
    this.#keys.add(key);
    return true;
  }
}
