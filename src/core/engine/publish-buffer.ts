import type { Event, RecordEvent } from '../model/events.ts';

/** What the world's observer does with the events of a batch. */
type Audience = { deliver(events: readonly Event[]): void; recorded(events: readonly RecordEvent[]): void };

/** Holds a batch's events until its commands are answered; then all are published at once. */
export class PublishBuffer {
  #events: Event[] = [];
  #records: RecordEvent[] = [];
  #afterPublish: (() => void)[] = [];

  add(...events: readonly Event[]): void {
    this.#events.push(...events);
  }

  /** Adds a record event; all of a batch are told after its events. */
  record(event: RecordEvent): void {
    this.#records.push(event);
  }

  /** Runs once everything added so far is published. */
  afterPublish(run: () => void): void {
    this.#afterPublish.push(run);
  }

  /** Delivers the events, then the record events (WORLD-160). */
  publish(observer: Audience): void {
    const events = this.#events.splice(0);
    const records = this.#records.splice(0);
    if (events.length > 0) observer.deliver(events);
    if (records.length > 0) observer.recorded(records); // WORLD-160
    for (const run of this.#afterPublish.splice(0)) run();
  }
}
