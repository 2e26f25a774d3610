import type { Client, MessageEntry, RoomEntry } from '../../src/protocols/documents/client.ts';

/** A position is told at most so often. */
const PAUSE_MS = 300;

/** Tells the server how far this person has read. */
export class Reading {
  readonly #client: Client;
  /** How far each room was read, as told or about to be told. */
  readonly #told = new Map<number, number>();
  readonly #waiting = new Map<number, number>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(client: Client) {
    this.#client = client;
  }

  /** The person has seen these messages of a room. */
  seen(entry: RoomEntry, messages: readonly MessageEntry[]): void {
    const { self } = this.#client.keys;
    const last = messages.findLast((message) => !('deleted' in message) && message.sender.key.id !== self.id);
    const number = last?.key.id[1] ?? 0;
    const room = entry.key.id;
    if (number <= Math.max(entry.seen, this.#told.get(room) ?? 0)) return;
    this.#told.set(room, number);
    this.#waiting.set(room, number);
    if (this.#timer === undefined) this.#timer = setTimeout(() => this.#tell(), PAUSE_MS);
  }

  /** The person has seen all messages of a room. */
  seenAll({ key, number, unread }: RoomEntry): void {
    if (unread === 0) return;
    this.#told.set(key.id, number);
    this.#waiting.set(key.id, number);
    this.#timer ??= setTimeout(() => this.#tell(), PAUSE_MS);
  }

  #tell(): void {
    this.#timer = undefined;
    for (const [room, number] of this.#waiting) {
      this.#client.patch({ type: 'msg', id: [room, number] }, { read: true }).catch(() => this.#told.delete(room));
    }
    this.#waiting.clear();
  }
}
