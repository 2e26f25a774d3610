import type { Event } from '../model/events.ts';
import type { StreamId } from '../model/ids.ts';

/** What one batch made visible, until it is shown: after the commands in it have been answered, and all at once. */
export class PublishBuffer {
  #events: Event[] = [];
  #after: (() => void)[] = [];
  readonly #heads = new Map<StreamId, number>();

  /** Comes next in the order of what is shown. */
  add(...events: readonly Event[]): void {
    this.#events.push(...events);
  }

  /** To be called when all that came before is shown. */
  afterPublish(run: () => void): void {
    this.#after.push(run);
  }

  /** A stream has got so far. */
  advance(stream: StreamId, position: number): void {
    this.#heads.set(stream, position);
  }

  /** Shows it all; answers with how far streams have got since the last time. */
  publish(observer: { deliver(events: readonly Event[]): void }): (readonly [StreamId, number])[] {
    const events = this.#events.splice(0);
    if (events.length > 0) observer.deliver(events);
    for (const run of this.#after.splice(0)) run();
    const positions = [...this.#heads];
    this.#heads.clear();
    return positions;
  }
}
