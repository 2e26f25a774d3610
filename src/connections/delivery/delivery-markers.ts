import type { PersonId, RoomId } from '../../core/model/ids.ts';
import type { Clock } from '../../core/ports.ts';
import type { DeliveryMarkerRow } from '../../core/model/rows.ts';

const SAVE_MS = 5_000;
/** Those who leave together are saved together. */
const GATHER_MS = 50;
/** So many rows are saved at once; messages are committed between. */
const MAX_ROWS = 500;

/** Where it is kept how far rooms were shown. */
export type MarkerStore = {
  /** Of guests nothing is kept: nothing waits for somebody who cannot come back. */
  readonly people: { account(person: PersonId): unknown };
  deliveryMarkers(person: PersonId): Promise<DeliveryMarkerRow['rooms']>;
  /** Keeps all of these or none. */
  saveDeliveryMarkers(rows: readonly DeliveryMarkerRow[]): Promise<boolean>;
};

type PersonMarkers = { readonly rooms: Map<RoomId, number>; connections: number; dirty: boolean; saving: boolean };

/** Whose rooms are saved: everybody's, or only of those who have no connection any more. */
type Whose = 'all' | 'gone';

/**
 * How far each room was shown to each person who is here, by any connection: what lies beyond waits. Saved every 5 s and
 * soon after the person went, never in a message's commit; after a crash the last seconds may be shown again (CONN-46).
 */
export class DeliveryMarkers {
  readonly #clock: Pick<Clock, 'after'>;
  readonly #store: () => MarkerStore;
  readonly #people = new Map<PersonId, PersonMarkers>();
  readonly #loading = new Map<PersonId, Promise<PersonMarkers>>();
  readonly #scheduled = new Set<Whose>();
  /** One save at a time; the next begins when it is over. */
  #saves = Promise.resolve();

  constructor(clock: Pick<Clock, 'after'>, store: () => MarkerStore) {
    this.#clock = clock;
    this.#store = store;
  }

  /** A connection of the person begins to show; resolves to what was shown so far, rejects when storage is unavailable. */
  async open(person: PersonId): Promise<ReadonlyMap<RoomId, number>> {
    const known = this.#people.get(person) ?? (await this.#load(person));
    this.#people.set(person, known);
    known.connections += 1;
    return known.rooms;
  }

  /** The room was shown up to this message; it never goes back (CONN-47). */
  advance(person: PersonId, room: RoomId, number: number): void {
    const known = this.#people.get(person);
    if (known === undefined || number <= (known.rooms.get(room) ?? 0)) return; // CONN-47
    known.rooms.set(room, number);
    known.dirty = true;
    this.#schedule('all');
  }

  /** A connection that was opened shows no more. With the last one what is known is saved soon, and then forgotten. */
  close(person: PersonId): void {
    const known = this.#people.get(person);
    if (known === undefined) return;
    known.connections -= 1;
    if (!this.#forget(person, known) && known.connections === 0) this.#schedule('gone'); // CONN-46
  }

  /** Saves all that changed; resolves when that is done or has failed. */
  flush(): Promise<void> {
    return this.#save('all');
  }

  #load(person: PersonId): Promise<PersonMarkers> {
    const loading =
      this.#loading.get(person) ??
      this.#kept(person)
        .then((rooms) => {
          const known = this.#people.get(person) ?? {
            rooms: new Map(rooms),
            connections: 0,
            dirty: false,
            saving: false,
          };
          this.#people.set(person, known);
          return known;
        })
        .finally(() => this.#loading.delete(person));
    this.#loading.set(person, loading);
    return loading;
  }

  async #kept(person: PersonId): Promise<DeliveryMarkerRow['rooms']> {
    return this.#isKept(person) ? this.#store().deliveryMarkers(person) : []; // CONN-56
  }

  #isKept(person: PersonId): boolean {
    return this.#store().people.account(person) !== undefined; // CONN-56
  }

  #schedule(whose: Whose): void {
    if (this.#scheduled.has(whose)) return;
    this.#scheduled.add(whose);
    this.#clock.after(whose === 'all' ? SAVE_MS : GATHER_MS, () => {
      this.#scheduled.delete(whose);
      void this.#save(whose);
    });
  }

  #save(whose: Whose): Promise<void> {
    this.#saves = this.#saves.then(() => this.#saveNow(whose));
    return this.#saves;
  }

  async #saveNow(whose: Whose): Promise<void> {
    const waiting = [...this.#people].filter(
      ([person, known]) => known.dirty && (whose === 'all' || known.connections === 0) && this.#isKept(person), // CONN-46
    );
    for (let next = 0; next < waiting.length; next += MAX_ROWS)
      if (!(await this.#keep(waiting.slice(next, next + MAX_ROWS)))) return this.#schedule('all'); // CONN-46 CONN-58
  }

  async #keep(chunk: readonly (readonly [PersonId, PersonMarkers])[]): Promise<boolean> {
    for (const [, known] of chunk) {
      known.dirty = false;
      known.saving = true;
    }
    const kept = await this.#store().saveDeliveryMarkers(
      chunk.map(([person, { rooms }]) => ({ person, rooms: [...rooms] })),
    );
    for (const [person, known] of chunk) {
      known.saving = false;
      if (!kept) known.dirty = true;
      this.#forget(person, known);
    }
    return kept;
  }

  /** Nothing is remembered of who is gone, once all is saved. */
  #forget(person: PersonId, known: PersonMarkers): boolean {
    const isSaved = !known.saving && !(known.dirty && this.#isKept(person));
    return known.connections === 0 && isSaved && this.#people.delete(person);
  }
}
