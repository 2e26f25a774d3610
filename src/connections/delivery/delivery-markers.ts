import type { PersonId, RoomId } from '../../core/model/ids.ts';
import type { DeliveryMarkerRow } from '../../core/model/rows.ts';
import type { Clock } from '../../core/ports.ts';

const SAVE_MS = 5_000;
/** How long a new connection waits for what an earlier one may still prove. */
const SETTLE_MS = 2_500;
/** People who disconnect within this time are saved together. */
const GATHER_MS = 50;
/** Rows that are saved at once; messages can be committed in between. */
const MAX_ROWS = 500;

/** The storage of delivery markers. */
export type MarkerStore = {
  /** Only people with an account have markers, since guests cannot come back. */
  readonly people: { account(person: PersonId): unknown };
  deliveryMarkers(person: PersonId): Promise<DeliveryMarkerRow['rooms']>;
  /** Saves all of these rows or none; false if that failed. */
  saveDeliveryMarkers(rows: readonly DeliveryMarkerRow[]): Promise<boolean>;
};

type PersonMarkers = { readonly rooms: Map<RoomId, number>; connections: number; dirty: boolean; saving: boolean };

/** Whose markers are saved: those of all people, or only of people without a connection. */
type Scope = 'all' | 'disconnected';

/**
 * The delivery markers of all people who have a connection. They are saved every 5 s and soon after a person's last
 * connection has closed, not with each message; after a crash the last seconds may repeat (CONN-46).
 */
export class DeliveryMarkers {
  readonly #clock: Pick<Clock, 'after'>;
  readonly #store: () => MarkerStore;
  readonly #people = new Map<PersonId, PersonMarkers>();
  readonly #loading = new Map<PersonId, Promise<PersonMarkers>>();
  readonly #scheduled = new Set<Scope>();
  readonly #settling = new Map<PersonId, Set<Promise<void>>>();
  /** Settles when all saves so far are done: one save runs at a time. */
  #saves = Promise.resolve();

  constructor(clock: Pick<Clock, 'after'>, store: () => MarkerStore) {
    this.#clock = clock;
    this.#store = store;
  }

  /** A connection of the person begins to deliver. Resolves to the person's markers; rejects if storage is unavailable. */
  async open(person: PersonId): Promise<ReadonlyMap<RoomId, number>> {
    const settling = this.#settling.get(person);
    if (settling !== undefined) await Promise.all(settling); // CONN-75
    const markers = this.#people.get(person) ?? (await this.#load(person));
    this.#people.set(person, markers);
    markers.connections += 1;
    return markers.rooms;
  }

  /**
   * A connection of the person is closing and may still prove what it delivered. Until the returned function is called, but
   * at most 2.5 s, `open` waits.
   */
  settling(person: PersonId): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    const all = this.#settling.get(person) ?? new Set<Promise<void>>();
    this.#settling.set(person, all.add(promise));
    const settled = () => {
      cancel();
      all.delete(promise);
      if (all.size === 0) this.#settling.delete(person);
      resolve();
    };
    const cancel = this.#clock.after(SETTLE_MS, settled);
    return settled;
  }

  /** The room was delivered up to this message; a marker never goes back (CONN-47). */
  advance(person: PersonId, room: RoomId, number: number): void {
    const markers = this.#people.get(person);
    if (markers === undefined || number <= (markers.rooms.get(room) ?? 0)) return; // CONN-47
    markers.rooms.set(room, number);
    markers.dirty = true;
    this.#schedule('all');
  }

  /** A connection that was opened delivers no more. After the last one, the markers are saved soon and then forgotten. */
  close(person: PersonId): void {
    const markers = this.#people.get(person);
    if (markers === undefined) return;
    markers.connections -= 1;
    if (!this.#forget(person, markers) && markers.connections === 0) this.#schedule('disconnected'); // CONN-46
  }

  /** Saves all markers that changed; resolves when that is done or has failed. */
  flush(): Promise<void> {
    return this.#save('all');
  }

  #load(person: PersonId): Promise<PersonMarkers> {
    const loading =
      this.#loading.get(person) ??
      this.#read(person)
        .then((rooms) => {
          const markers = this.#people.get(person) ?? {
            rooms: new Map(rooms),
            connections: 0,
            dirty: false,
            saving: false,
          };
          this.#people.set(person, markers);
          return markers;
        })
        .finally(() => this.#loading.delete(person));
    this.#loading.set(person, loading);
    return loading;
  }

  async #read(person: PersonId): Promise<DeliveryMarkerRow['rooms']> {
    return this.#isAccount(person) ? this.#store().deliveryMarkers(person) : []; // CONN-56
  }

  #isAccount(person: PersonId): boolean {
    return this.#store().people.account(person) !== undefined; // CONN-56
  }

  #schedule(scope: Scope): void {
    if (this.#scheduled.has(scope)) return;
    this.#scheduled.add(scope);
    this.#clock.after(scope === 'all' ? SAVE_MS : GATHER_MS, () => {
      this.#scheduled.delete(scope);
      void this.#save(scope);
    });
  }

  #save(scope: Scope): Promise<void> {
    this.#saves = this.#saves.then(() => this.#saveNow(scope));
    return this.#saves;
  }

  async #saveNow(scope: Scope): Promise<void> {
    const dirty = [...this.#people].filter(
      ([person, markers]) => markers.dirty && (scope === 'all' || markers.connections === 0) && this.#isAccount(person), // CONN-46
    );
    for (let next = 0; next < dirty.length; next += MAX_ROWS)
      if (!(await this.#saveChunk(dirty.slice(next, next + MAX_ROWS)))) return this.#schedule('all'); // CONN-46 CONN-58
  }

  async #saveChunk(chunk: readonly (readonly [PersonId, PersonMarkers])[]): Promise<boolean> {
    for (const [, markers] of chunk) {
      markers.dirty = false;
      markers.saving = true;
    }
    const saved = await this.#store().saveDeliveryMarkers(
      chunk.map(([person, { rooms }]) => ({ person, rooms: [...rooms] })),
    );
    for (const [person, markers] of chunk) {
      markers.saving = false;
      if (!saved) markers.dirty = true;
      this.#forget(person, markers);
    }
    return saved;
  }

  /** Forgets a person without a connection, if nothing is left to save. */
  #forget(person: PersonId, markers: PersonMarkers): boolean {
    const isSaved = !markers.saving && !(markers.dirty && this.#isAccount(person));
    return markers.connections === 0 && isSaved && this.#people.delete(person);
  }
}
