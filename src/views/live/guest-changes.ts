import type { Clock } from '../../core/ports.ts';

/** How long further changes wait until they are told together. */
const PAUSE_MS = 1_000;

/** Tells that the number of guests may have changed: at once, and then at most once a second, however many come and go. */
export class GuestChanges {
  readonly #clock: Clock;
  readonly #told: () => void;
  #hasMore = false;
  #stopPause: (() => void) | null = null;

  constructor(clock: Clock, told: () => void) {
    this.#clock = clock;
    this.#told = told;
  }

  changed(): void {
    this.#hasMore = true;
    if (this.#stopPause === null) this.#tell();
  }

  close(): void {
    this.#stopPause?.();
  }

  #tell(): void {
    this.#stopPause = null;
    if (!this.#hasMore) return;
    this.#hasMore = false;
    this.#stopPause = this.#clock.after(PAUSE_MS, () => this.#tell()); // VIEW-47
    this.#told();
  }
}
