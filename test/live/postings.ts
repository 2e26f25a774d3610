import assert from 'node:assert/strict';
import type { OutboxMessage } from '../../src/protocols/documents/client.ts';
import type { TestApp } from '../../testing/app.ts';
import type { Tally } from '../versions/tally.ts';

/** Where each text was posted, in all rooms. Every text is said once. */
export class Postings {
  readonly #places = new Map<string, { readonly room: number; readonly number: number }[]>();

  /** Takes note of all that is posted from now on. */
  follow({ hub }: TestApp): void {
    const deliver = hub.deliver.bind(hub);
    hub.deliver = (events) => {
      for (const event of events) {
        if (event.type !== 'message-posted') continue;
        const { room, number, text } = event.message;
        this.#places.set(text, [...(this.#places.get(text) ?? []), { room, number }]);
      }
      deliver(events);
    };
  }

  /**
   * No text was posted twice. One that is not in the outbox was posted or refused, and one that waits is none. In each room the texts
   * came in the order in which they were said, but for those of which nobody knows when they arrived.
   */
  check(said: readonly string[], refused: ReadonlySet<string>, outbox: readonly OutboxMessage[], tally: Tally): void {
    const states = new Map(outbox.map(({ text, state }) => [text, state]));
    const numbers = new Map<number, number>();
    for (const text of said) {
      const places = this.#places.get(text) ?? [];
      const [place] = places;
      const state = refused.has(text) ? 'refused' : states.get(text);
      assert.ok(places.length <= 1, `${text} was posted ${places.length} times`);
      assert.ok(state !== 'waiting' && state !== 'sending', `${text} is ${state}`);
      assert.ok(place !== undefined || state !== undefined, `${text} is lost`);
      assert.ok(place === undefined || state !== 'refused', `${text} was posted and refused`);
      tally.add(`message: ${state ?? 'posted'}`);
      if (place === undefined || state !== undefined) continue;
      assert.ok(place.number > (numbers.get(place.room) ?? 0), `${text} came too early`);
      numbers.set(place.room, place.number);
    }
  }
}
