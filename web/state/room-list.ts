import { computed, effect, type ReadonlySignal, signal } from '@preact/signals';
import type { LiveValue, Page, RoomEntry, User } from '../../src/protocols/documents/client.ts';
import { Live } from './live.ts';

/**
 * The rooms of a person, with what is unread. The server keeps no read positions of guests in a room that they are not members of,
 * as nobody of them is in the lobby: there this page counts, from the moment when it saw the room first.
 */
export class RoomList {
  readonly #live: Live<Page<RoomEntry>>;
  readonly #self: ReadonlySignal<User | undefined>;
  readonly #selfId: number;
  /** How far a guest has read each of these rooms. */
  readonly #seen = signal<ReadonlyMap<number, number>>(new Map());

  constructor(live: LiveValue<Page<RoomEntry>>, self: ReadonlySignal<User | undefined>, selfId: number) {
    this.#live = new Live(live);
    this.#self = self;
    this.#selfId = selfId;
    effect(() => this.#note());
  }

  /** Undefined until it is loaded. */
  readonly value: ReadonlySignal<Page<RoomEntry> | undefined> = computed(() => {
    const page = this.#live.value.value;
    return page && { ...page, entries: page.entries.map((entry) => this.#counted(entry)) };
  });

  get error(): Live<Page<RoomEntry>>['error'] {
    return this.#live.error;
  }

  /** Notes that a guest has read a room up to a number. False for people and rooms of which the server keeps that. */
  read(entry: RoomEntry, upTo: number): boolean {
    if (!this.#isCountedHere(entry)) return false;
    if (upTo > (this.#seen.peek().get(entry.key.id) ?? 0)) this.#set(entry.key.id, upTo);
    return true;
  }

  #counted(entry: RoomEntry): RoomEntry {
    const seen = this.#seen.value.get(entry.key.id);
    if (seen === undefined || !this.#isCountedHere(entry)) return entry;
    return { ...entry, seen, unread: Math.max(0, entry.number - seen) }; // WEB-23
  }

  #isCountedHere({ direct }: RoomEntry): boolean {
    return !direct && this.#self.value?.guest === true;
  }

  /** What was there before is not unread, and what one says oneself neither. */
  #note(): void {
    for (const entry of this.#live.value.value?.entries ?? []) {
      const { key, number, last_msg: last } = entry;
      if (!this.#isCountedHere(entry)) continue;
      const isOwn = last !== null && !('deleted' in last) && last.sender.key.id === this.#selfId;
      const seen = this.#seen.peek().get(key.id);
      if (seen === undefined || (isOwn && seen < number)) this.#set(key.id, number);
    }
  }

  #set(room: number, seen: number): void {
    this.#seen.value = new Map(this.#seen.peek()).set(room, seen);
  }
}
