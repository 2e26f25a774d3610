import type { BusMessage } from '../src/core/model/bus-message.ts';
import type { Bus, Clock } from '../src/core/ports.ts';

/** The clock and the bus of one node in a test, which can cut it off or stop it as SIGSTOP does. */
export class FaultyNode {
  readonly clock: Clock;
  readonly bus: Bus;
  #isCut = false;
  /** What was due, or came, while the node did not run. */
  #kept: (() => void)[] | null = null;
  readonly #reconnected = new Set<() => void>();

  constructor(clock: Clock, bus: Bus) {
    this.clock = {
      now: () => clock.now(),
      monotonic: () => clock.monotonic(),
      after: (ms, run) => {
        let isCancelled = false;
        const cancel = clock.after(ms, () => this.#run(() => isCancelled || run()));
        return () => {
          isCancelled = true;
          cancel();
        };
      },
      endOfTurn: (run) => clock.endOfTurn(() => this.#run(run)),
      soon: (run) => clock.soon(() => this.#run(run)),
    };
    this.bus = {
      maxBytes: bus.maxBytes,
      publish: (subject, message) => this.#isCut || bus.publish(subject, message),
      subscribe: (subject, receive) =>
        bus.subscribe(subject, (message: BusMessage) => {
          if (!this.#isCut) this.#run(() => receive(message));
        }),
      onReconnect: (run) => {
        this.#reconnected.add(run);
        return () => this.#reconnected.delete(run);
      },
    };
  }

  /** From now on the bus loses what the node sends, and what is sent to it. */
  cut(): void {
    this.#isCut = true;
  }

  /** The bus works again. The node is told of it if it was its own connection that was cut. */
  heal(isTold: boolean): void {
    this.#isCut = false;
    if (isTold) for (const run of this.#reconnected) run();
  }

  /** Stops the node: timers and messages wait. Promises cannot be held up. */
  stop(): void {
    this.#kept ??= [];
  }

  /** The node goes on with what is due and what has come. */
  go(): void {
    const kept = this.#kept ?? [];
    this.#kept = null;
    for (const run of kept) run();
  }

  #run(run: () => void): void {
    if (this.#kept === null) run();
    else this.#kept.push(run);
  }
}
