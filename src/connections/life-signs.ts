import type { Link } from '../transports/link.ts';

/** Asks the client of one connection whether it is still there. */
export class LifeSigns {
  readonly #link: Link;
  #waiting: (() => void)[] | null = null;

  constructor(link: Link) {
    this.#link = link;
  }

  /** Calls `alive` at the next sign of life; at once if the link cannot ask or is not read, unless it is silent. */
  ask(isPaused: boolean, alive: () => void): void {
    if (this.#link.isSilent) return; // CONN-17
    if (isPaused || !this.#link.ask()) return alive(); // CONN-17
    this.#waiting ??= [];
    this.#waiting.push(alive);
  }

  /** The client gave a sign of life. */
  alive(): void {
    const waiting = this.#waiting;
    if (waiting === null) return;
    this.#waiting = null;
    for (const alive of waiting) alive();
  }
}
