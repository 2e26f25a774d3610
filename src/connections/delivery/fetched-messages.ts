import type { RoomId } from '../../core/model/ids.ts';

type Fetched = { number: number; proved: number };

/**
 * Up to which message of each room a client fetched all that was not delivered before. A page from further up counts only once
 * the messages before it were fetched: otherwise those would never be delivered elsewhere (CONN-76).
 */
export class FetchedMessages {
  readonly #rooms = new Map<RoomId, Fetched>();

  /** The client was sent these messages; all up to `delivered` had arrived before, or need not arrive. */
  add(room: RoomId, { first, last }: { readonly first: number; readonly last: number }, delivered: number): void {
    const known = this.#rooms.get(room);
    const number = Math.max(known?.number ?? 0, delivered);
    if (first > number + 1 || last <= number) return; // CONN-76
    if (known === undefined) this.#rooms.set(room, { number: last, proved: delivered });
    else known.number = last;
  }

  /** The rooms that were fetched further than is proved, each with the last number. */
  unproved(): ReadonlyMap<RoomId, number> {
    const all = [...this.#rooms].filter(([, { number, proved }]) => number > proved);
    return new Map(all.map(([room, { number }]) => [room, number]));
  }

  arrived(room: RoomId, number: number): void {
    const fetched = this.#rooms.get(room);
    if (fetched !== undefined) fetched.proved = Math.max(fetched.proved, number);
  }
}
