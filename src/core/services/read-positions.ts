import type { ReadPosition } from '../model/entries.ts';
import type { PersonId, RoomId } from '../model/ids.ts';
import type { PersonState } from '../state/person.ts';
import type { ServiceContext } from './context.ts';

/** What is known of a held room: the two furthest read positions of different people, the furthest first. */
type HeldRoom = { holders: number; loading: Promise<void> | null; furthest: readonly ReadPosition[] };

/**
 * How far others have read, in rooms that are held. Two positions are enough to leave out anyone. Positions only grow, so
 * what storage has and what is committed meanwhile are merged by the maximum, in any order.
 */
export class ReadPositions {
  readonly #context: ServiceContext;
  readonly #held = new Map<RoomId, HeldRoom>();

  constructor(context: ServiceContext) {
    this.#context = context;
  }

  /** Keeps the read positions of a room until `release` is called as often; rejects when storage is unavailable. */
  async hold(room: RoomId): Promise<void> {
    const held = this.#held.get(room) ?? { holders: 0, loading: null, furthest: [] };
    this.#held.set(room, held);
    held.holders++;
    held.loading ??= this.#load(room, held);
    try {
      await held.loading;
    } catch (error) {
      held.loading = null;
      this.release(room);
      throw error;
    }
  }

  release(room: RoomId): void {
    const held = this.#held.get(room);
    if (held !== undefined && --held.holders === 0) this.#held.delete(room);
  }

  /** The furthest read position of anyone but this person in a held room; 0 without any. */
  ofOthers(room: RoomId, person: PersonId): number {
    return this.#held.get(room)?.furthest.find((other) => other.person !== person)?.number ?? 0; // WORLD-164
  }

  /** A committed read position. */
  moved(position: ReadPosition): void {
    const held = this.#held.get(position.room);
    if (held !== undefined) held.furthest = merged(held.furthest, position); // WORLD-164
  }

  /** A person was loaded, whose read positions may be newer than those that are known here. */
  loaded({ id, read }: PersonState): void {
    for (const room of this.#held.keys()) {
      const number = read.get(room);
      if (number !== undefined) this.moved({ person: id, room, number }); // WORLD-164
    }
  }

  async #load(room: RoomId, held: HeldRoom): Promise<void> {
    for (const position of await this.#context.storage.furthestReads(room))
      held.furthest = merged(held.furthest, position); // WORLD-164
  }
}

/** The two furthest of these positions, one of each person. */
function merged(furthest: readonly ReadPosition[], position: ReadPosition): readonly ReadPosition[] {
  const known = furthest.find(({ person }) => person === position.person);
  if (known !== undefined && known.number >= position.number) return furthest;
  const others = furthest.filter((other) => other !== known);
  return [...others, position].toSorted((a, b) => b.number - a.number).slice(0, 2);
}
