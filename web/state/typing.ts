import { signal } from '@preact/signals';
import type { Client } from '../../src/protocols/documents/client.ts';

/** Who types is forgotten after this time, if it is not said again. */
const FORGET_MS = 6_000;
/** Typing is said again after this time. */
const REPEAT_MS = 3_000;

/** Who types in which room, and telling the server that this person does. */
export class TypingNotices {
  readonly #client: Client;
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();
  #lastTold = 0;
  #toldRoom: number | null = null;
  /** The people who type, by room. */
  readonly people = signal<ReadonlyMap<number, readonly number[]>>(new Map());

  constructor(client: Client) {
    this.#client = client;
    client.subscribeTyping(({ key, user, typing }) => this.#changed(key.id, user.id, typing));
  }

  /** This person has typed something, or has emptied the field. */
  typed(room: number, isTyping: boolean): void {
    const now = performance.now();
    if (!isTyping) return this.stopped();
    if (this.#toldRoom === room && now - this.#lastTold < REPEAT_MS) return;
    this.#toldRoom = room;
    this.#lastTold = now;
    this.#client.typing({ type: 'room', id: room });
  }

  /** This person has sent the message, or does not type any more. */
  stopped(): void {
    if (this.#toldRoom === null) return;
    this.#client.typing({ type: 'room', id: this.#toldRoom }, false);
    this.#toldRoom = null;
  }

  /** A message of this person has come. */
  spoke(room: number, user: number): void {
    if (this.people.value.get(room)?.includes(user)) this.#changed(room, user, false);
  }

  #changed(room: number, user: number, isTyping: boolean): void {
    const key = `${room} ${user}`;
    clearTimeout(this.#timers.get(key));
    this.#timers.delete(key);
    const others = (this.people.value.get(room) ?? []).filter((other) => other !== user);
    const people = new Map(this.people.value);
    if (isTyping) {
      people.set(room, [...others, user]);
      this.#timers.set(
        key,
        setTimeout(() => this.#changed(room, user, false), FORGET_MS),
      );
    } else if (others.length === 0) people.delete(room);
    else people.set(room, others);
    this.people.value = people;
  }
}
