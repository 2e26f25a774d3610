import type { Clock } from '../core/ports.ts';

/** Proves probes by time: a peer has got bytes if its link still lives some time after they have left. */
export class Survival {
  readonly #clock: Clock;
  readonly #isAnswering: () => boolean;
  readonly #proved: (probe: number) => void;
  #waits: (() => void)[] = [];

  constructor(clock: Clock, isAnswering: () => boolean, proved: (probe: number) => void) {
    this.#clock = clock;
    this.#isAnswering = isAnswering;
    this.#proved = proved;
  }

  /** Proves the probe after this time, or later if the peer does not acknowledge bytes then. */
  wait(probe: number, ms: number): void {
    const cancel = this.#clock.after(ms, () => {
      this.#waits = this.#waits.filter((one) => one !== cancel);
      if (this.#isAnswering()) this.#proved(probe);
      else this.wait(probe, ms);
    });
    this.#waits.push(cancel);
  }

  /** The link ends: nothing more is proved by time. */
  stop(): void {
    for (const cancel of this.#waits) cancel();
    this.#waits = [];
  }
}
