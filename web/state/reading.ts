import type { Client, MessageEntry, RoomEntry } from '../../src/protocols/documents/client.ts';

/** A position is told at most so often. */
const PAUSE_MS = 300;

/** Tells the server how far this person has read. */
export class Reading {
  readonly #client: Client;
  readonly #readHere: (entry: RoomEntry, upTo: number) => boolean;
  /** How far each room was read, as told or about to be told. */
  readonly #told = new Map<number, number>();
  readonly #waiting = new Map<number, number>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `readHere` notes what the server does not keep, and says whether it did. */
  constructor(client: Client, readHere: (entry: RoomEntry, upTo: number) => boolean) {
    this.#client = client;
    this.#readHere = readHere;
    // What could not be told because there was no connection is told after the next messages that are seen.
    client.connection.subscribe(({ value }) => value?.type === 'connected' && this.#told.clear());
  }

  /** How far this page has told, or is about to tell, that a room was read; 0 if it did not. */
  toldUpTo(room: number): number {
    return this.#told.get(room) ?? 0;
  }

  /** The person has seen these messages of a room up to a number. */
  seen(entry: RoomEntry, messages: readonly MessageEntry[], upTo: number): void {
    if (this.#readHere(entry, upTo)) return;
    const { self } = this.#client.keys;
    const isOthers = (message: MessageEntry) => 'deleted' in message || message.sender.key.id !== self.id;
    const last = messages.findLast((message) => message.key.id[1] <= upTo && isOthers(message));
    const number = last?.key.id[1] ?? 0;
    const room = entry.key.id;
    if (number <= Math.max(entry.seen, this.toldUpTo(room))) return;
    this.#told.set(room, number);
    this.#waiting.set(room, number);
    this.#tellSoon();
  }

  /** The person has seen all messages of a room. */
  seenAll(entry: RoomEntry): void {
    const { key, number, unread } = entry;
    if (unread === 0 || this.#readHere(entry, number)) return;
    this.#told.set(key.id, number);
    this.#waiting.set(key.id, number);
    this.#tellSoon();
  }

  #tellSoon(): void {
    if (this.#timer === undefined) this.#timer = setTimeout(() => this.#tell(), PAUSE_MS);
  }

  #tell(): void {
    this.#timer = undefined;
    for (const [room, number] of this.#waiting) {
      const forget = () => this.#told.get(room) === number && this.#told.delete(room);
      this.#client.patch({ type: 'msg', id: [room, number] }, { read: true }).catch(forget);
    }
    this.#waiting.clear();
  }
}
