import type { PersonId, RoomId } from '../core/ids.ts';
import type { Clock } from '../core/ports.ts';
import type { ShownRow } from '../core/rows.ts';

const SAVE_MS = 5_000;

/** Where it is kept how far rooms were shown. */
export type ShownStore = {
  /** Of guests nothing is kept: nothing waits for somebody who cannot come back. */
  readonly people: { account(person: PersonId): unknown };
  shown(person: PersonId): Promise<ShownRow['rooms']>;
  keepShown(row: ShownRow): Promise<boolean>;
};

type Known = { readonly rooms: Map<RoomId, number>; connections: number; dirty: boolean; saving: number };

/**
 * How far each room was shown to each person who is here, by any connection: what lies beyond waits. Saved every 5 s and
 * when the person goes, never in a message's commit; after a crash the last seconds may be shown again (CONN-46).
 */
export class ShownRooms {
  readonly #clock: Pick<Clock, 'after'>;
  readonly #store: () => ShownStore;
  readonly #people = new Map<PersonId, Known>();
  readonly #loading = new Map<PersonId, Promise<Known>>();
  #scheduled = false;

  constructor(clock: Pick<Clock, 'after'>, store: () => ShownStore) {
    this.#clock = clock;
    this.#store = store;
  }

  /** A connection of the person begins to show; resolves to what was shown so far, rejects when storage is unavailable. */
  async open(person: PersonId): Promise<ReadonlyMap<RoomId, number>> {
    const known = this.#people.get(person) ?? (await this.#load(person));
    known.connections += 1;
    return known.rooms;
  }

  /** The room was shown up to this message; it never goes back (CONN-47). */
  raise(person: PersonId, room: RoomId, number: number): void {
    const known = this.#people.get(person);
    if (known === undefined || number <= (known.rooms.get(room) ?? 0)) return; // CONN-47
    known.rooms.set(room, number);
    known.dirty = true;
    this.#schedule();
  }

  /** A connection that was opened shows no more. With the last one what is known is saved at once. */
  close(person: PersonId): void {
    const known = this.#people.get(person);
    if (known === undefined) return;
    known.connections -= 1;
    if (known.connections === 0) void this.#save(person, known); // CONN-46
  }

  /** Saves all that changed; resolves when that is done or has failed. */
  async flush(): Promise<void> {
    await Promise.all([...this.#people].map(([person, known]) => this.#save(person, known)));
  }

  #load(person: PersonId): Promise<Known> {
    const loading =
      this.#loading.get(person) ??
      this.#kept(person)
        .then((rooms) => {
          const known = this.#people.get(person) ?? { rooms: new Map(rooms), connections: 0, dirty: false, saving: 0 };
          this.#people.set(person, known);
          return known;
        })
        .finally(() => this.#loading.delete(person));
    this.#loading.set(person, loading);
    return loading;
  }

  async #kept(person: PersonId): Promise<ShownRow['rooms']> {
    return this.#isKept(person) ? this.#store().shown(person) : []; // CONN-56
  }

  #isKept(person: PersonId): boolean {
    return this.#store().people.account(person) !== undefined; // CONN-56
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#clock.after(SAVE_MS, () => {
      this.#scheduled = false;
      void this.flush();
    });
  }

  async #save(person: PersonId, known: Known): Promise<void> {
    const isKept = this.#isKept(person);
    if (known.dirty && isKept) {
      known.dirty = false;
      known.saving += 1;
      const kept = await this.#store().keepShown({ person, rooms: [...known.rooms] });
      known.saving -= 1;
      if (!kept) {
        known.dirty = true;
        return this.#schedule();
      }
    }
    const isDone = known.saving === 0 && !(known.dirty && isKept);
    if (known.connections === 0 && isDone && this.#people.get(person) === known) this.#people.delete(person);
  }
}
