import type { Event } from '../model/events.ts';
import type { StreamId } from '../model/ids.ts';

/** Holds a batch's events until its commands are answered; then all are published at once. */
export class PublishBuffer {
  #events: Event[] = [];
  #afterPublish: (() => void)[] = [];
  readonly #positions = new Map<StreamId, number>();

  add(...events: readonly Event[]): void {
    this.#events.push(...events);
  }

  /** Runs once everything added so far is published. */
  afterPublish(run: () => void): void {
    this.#afterPublish.push(run);
  }

  /** Notes the committed position of a stream, for the other nodes. */
  advance(stream: StreamId, position: number): void {
    this.#positions.set(stream, position);
  }

  /** Delivers the events; returns the streams that advanced since the last call, with their positions. */
  publish(observer: { deliver(events: readonly Event[]): void }): (readonly [StreamId, number])[] {
    const events = this.#events.splice(0);
    if (events.length > 0) observer.deliver(events);
    for (const run of this.#afterPublish.splice(0)) run();
    const positions = [...this.#positions];
    this.#positions.clear();
    return positions;
  }
}
