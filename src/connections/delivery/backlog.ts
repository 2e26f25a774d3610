import type { Conversation } from '../../core/model/conversation.ts';
import type { Message } from '../../core/model/message.ts';
import { type Outbox, PACE_BYTES, STALLED_MS } from '../output/outbox.ts';
import type { Variant } from '../variant.ts';
import { plausibleTimes } from './plausible-times.ts';

/** A message of a backlog. It is encoded when it is sent, since the variant may change until then (CONN-68). */
export type BacklogMessage = {
  readonly message: Message;
  readonly conversation: Conversation;
  readonly receiver: { readonly variant: Variant };
};

/** What a backlog needs of its connection. */
export type BacklogContext = {
  readonly outbox: Outbox;
  later(ms: number, run: () => void): void;
  tooSlow(): void;
  /** Whether the connection still delivers a message when the client is ready to take it. */
  wants(message: Message): boolean;
  /** The whole backlog is in the outbox. */
  done(): void;
};

/** Sends the messages that wait for a person at login, as fast as the link takes them. */
export class Backlog {
  readonly #context: BacklogContext;
  #messages: readonly BacklogMessage[];
  #next = 0;

  constructor(context: BacklogContext, messages: readonly BacklogMessage[]) {
    this.#context = context;
    this.#messages = messages;
  }

  /** Puts messages into the outbox until it must wait for the link; continues by itself. */
  push(): void {
    const { outbox } = this.#context;
    while (outbox.size <= PACE_BYTES) {
      // CONN-11
      const next = this.#messages[this.#next++];
      if (next === undefined) return this.#context.done();
      const bytes = this.#context.wants(next.message)
        ? next.receiver.variant.message(next.message, next.conversation)
        : null; // CONN-40
      if (bytes !== null) outbox.pushSolicited(bytes);
    }
    const reached = this.#next;
    outbox.whenDrained(() => this.push());
    this.#context.later(STALLED_MS, () => {
      if (this.#next === reached) this.#context.tooSlow(); // CONN-08
    });
  }

  stop(): void {
    this.#messages = [];
  }
}

/**
 * Merges the backlogs of rooms by time, and keeps the last `limit` messages (CONN-44). Each room stays in the order of its
 * numbers, whatever the clocks said (CONN-45). Messages of one millisecond are ordered by id.
 */
export function mergeBacklogs(rooms: readonly (readonly BacklogMessage[])[], limit: number): BacklogMessage[] {
  const all = rooms.flatMap((room) => {
    const times = plausibleTimes(room.map(({ message }) => message.serverTime));
    let lastId = '';
    let lastTime = Number.NEGATIVE_INFINITY;
    return room.map((one, index) => {
      const { earliest = 0, latest = 0 } = times[index] ?? {};
      const time = Number.isFinite(earliest) ? earliest : latest; // CONN-100
      if (time > lastTime || one.message.id > lastId) lastId = one.message.id; // CONN-45
      lastTime = time;
      return { one, time, id: lastId };
    });
  });
  all.sort((a, b) => a.time - b.time || (a.id < b.id ? -1 : Number(a.id > b.id)));
  return all.slice(Math.max(0, all.length - limit)).map(({ one }) => one); // CONN-44
}
