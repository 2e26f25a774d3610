import type { Message } from '../../core/model/message.ts';
import type { Conversation } from '../../core/model/conversation.ts';
import { type Outbox, PACE_BYTES, STALLED_MS } from '../output/outbox.ts';
import type { Variant } from '../variant.ts';

/** A message that waits to be shown, and to whom: in which bytes is known when its turn comes (CONN-68). */
export type Waiting = {
  readonly message: Message;
  readonly conversation: Conversation;
  readonly receiver: { readonly variant: Variant };
};

/** What a backlog needs of its connection. */
export type BacklogHost = {
  readonly outbox: Outbox;
  later(ms: number, run: () => void): void;
  tooSlow(): void;
  /** Whether a message is still for this connection: much may happen before the socket takes it. */
  wants(message: Message): boolean;
  /** All of it is in the outbox. */
  done(): void;
};

/** What waits at login for one connection: oldest first, as fast as the socket takes it, and then whatever comes after it. */
export class Backlog {
  readonly #host: BacklogHost;
  #waiting: readonly Waiting[];
  #next = 0;

  constructor(host: BacklogHost, waiting: readonly Waiting[]) {
    this.#host = host;
    this.#waiting = waiting;
  }

  /** Puts into the outbox what it takes now; the rest follows by itself. */
  push(): void {
    const { outbox } = this.#host;
    while (outbox.size <= PACE_BYTES) {
      // CONN-11
      const next = this.#waiting[this.#next++];
      if (next === undefined) return this.#host.done();
      const bytes = this.#host.wants(next.message)
        ? next.receiver.variant.message(next.message, next.conversation)
        : null; // CONN-40
      if (bytes !== null) outbox.pushSolicited(bytes);
    }
    const reached = this.#next;
    outbox.whenTaken(() => this.push());
    this.#host.later(STALLED_MS, () => {
      if (this.#next === reached) this.#host.tooSlow(); // CONN-08
    });
  }

  /** Nothing of it is wanted any more. */
  stop(): void {
    this.#waiting = [];
  }
}

/**
 * All rooms' messages in the order they were said, at most the last `limit` of them (CONN-44). Within a room that is the
 * order of their numbers whatever a clock said (CONN-45); ids tell apart what was said in the same millisecond.
 */
export function mergeWaiting(rooms: readonly (readonly Waiting[])[], limit: number): Waiting[] {
  const all = rooms.flatMap((room) => {
    let latest = '';
    return room.map((one) => {
      const said = `${String(one.message.serverTime).padStart(16, '0')} ${one.message.id}`;
      if (said > latest) latest = said; // CONN-45
      return { one, said: latest };
    });
  });
  all.sort((a, b) => (a.said < b.said ? -1 : Number(a.said > b.said)));
  return all.slice(Math.max(0, all.length - limit)).map(({ one }) => one); // CONN-44
}
