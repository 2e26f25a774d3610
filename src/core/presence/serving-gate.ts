import type { Clock } from '../ports.ts';

/** How long a request waits for the lease: longer than a node needs that woke up, and no longer than storage may take to refuse. */
const WAIT_MS = 3_000;

type Waiting = { readonly due: number; readonly run: (isOpen: boolean) => void };

/** Whether this node may serve. It is open while the node knows that its lease holds; requests wait here while it is closed. */
export class ServingGate {
  readonly #clock: Clock;
  #until = -Infinity;
  #waiting: Waiting[] = [];
  #cancel: () => void = () => {};

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Asked before each request. False as soon as the lease may have run out, before any timer says so. */
  get isOpen(): boolean {
    return this.#clock.monotonic() < this.#until; // WORLD-288
  }

  /** Whether it was closed, so that only `open` opens it. */
  get isClosed(): boolean {
    return this.#until === -Infinity;
  }

  /** Opens until this monotonic time (ms) and runs what waits, in order. */
  open(until: number): void {
    this.#until = until;
    if (!this.isOpen) return;
    this.#cancel();
    for (const { run } of this.#waiting.splice(0)) run(true); // WORLD-288
  }

  close(): void {
    this.#until = -Infinity;
  }

  /** Runs when the gate opens; with false if it stays closed for 3 s. */
  wait(run: (isOpen: boolean) => void): void {
    this.#waiting.push({ due: this.#clock.monotonic() + WAIT_MS, run });
    if (this.#waiting.length === 1) this.#await();
  }

  #await(): void {
    const [first] = this.#waiting;
    if (first === undefined) return;
    this.#cancel = this.#clock.after(first.due - this.#clock.monotonic(), () => {
      const now = this.#clock.monotonic();
      const late = this.#waiting.filter(({ due }) => due <= now);
      this.#waiting = this.#waiting.slice(late.length);
      this.#await();
      for (const { run } of late) run(false); // WORLD-289
    });
  }
}
