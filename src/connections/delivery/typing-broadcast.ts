import type { Event, TypingEvent } from '../../core/model/events.ts';
import type { PersonId, RoomId } from '../../core/model/ids.ts';
import type { Clock } from '../../core/ports.ts';
import type { Receiver } from './cursor.ts';
import { EncodedEvent } from './replay-buffer.ts';
import { RoomTyping } from './room-typing.ts';

/** What a session delivers typing to, in a direct or in another room; null while it has no connection. */
type ReceiverOf = (isDirect: boolean) => Receiver | null;

/** Delivers who types to the sessions that watch a room. It is dropped rather than kept for anyone. */
export class TypingBroadcast {
  readonly #clock: Pick<Clock, 'monotonic' | 'after'>;
  readonly #watchers = new Map<RoomId, Set<ReceiverOf>>();
  /** The rooms in which somebody typed in the last seconds. */
  readonly #rooms = new Map<RoomId, RoomTyping>();

  constructor(clock: Pick<Clock, 'monotonic' | 'after'>) {
    this.#clock = clock;
  }

  /** Delivers the typing in a room to a session, whose receiver is asked for each time; returns what ends that. */
  watch(room: RoomId, receiverOf: ReceiverOf): () => void {
    const watchers = this.#watchers.get(room) ?? new Set<ReceiverOf>();
    this.#watchers.set(room, watchers);
    watchers.add(receiverOf);
    return () => {
      if (!watchers.delete(receiverOf) || watchers.size > 0) return;
      this.#watchers.delete(room);
      this.#rooms.get(room)?.close();
      this.#rooms.delete(room);
    };
  }

  /** Delivers, and ends, what a batch of events says about typing. */
  observe(events: readonly Event[]): void {
    const gone = new Set<PersonId>();
    for (const event of events) {
      if (event.type === 'person-typing') this.#roomOf(event.room)?.note(event);
      else if (event.type === 'message-posted')
        this.#rooms.get(event.room)?.stopped(event.message.author.id); // CONN-143
      else if (event.type === 'member-left')
        this.#rooms.get(event.room)?.stopped(event.person); // CONN-143
      else if (event.type === 'person-left') gone.add(event.person.id);
    }
    if (gone.size === 0) return;
    for (const room of this.#rooms.values())
      for (const person of room.people) if (gone.has(person)) room.stopped(person); // CONN-143
  }

  /** Null for a room that nobody watches. */
  #roomOf(room: RoomId): RoomTyping | null {
    if (!this.#watchers.has(room)) return null;
    const typing =
      this.#rooms.get(room) ??
      new RoomTyping(
        this.#clock,
        (events) => this.#deliver(room, events),
        () => this.#rooms.delete(room),
      );
    this.#rooms.set(room, typing);
    return typing;
  }

  #deliver(room: RoomId, events: readonly TypingEvent[]): void {
    const encoded = events.map((event) => new EncodedEvent(event)); // CONN-147
    const isDirect = events[0]?.conversation.type === 'direct';
    for (const receiverOf of this.#watchers.get(room) ?? []) {
      const receiver = receiverOf(isDirect);
      if (receiver === null || receiver.outbox.isUntaken) continue; // CONN-145
      for (const item of encoded) {
        const bytes = receiver.hides(item.event) ? null : item.bytes(receiver.variant); // CONN-141
        if (bytes !== null) receiver.outbox.push(bytes);
      }
    }
  }
}
