import type { PersonId, RoomId } from '../../core/model/ids.ts';
import type { DeliveryMarkerRow, RoomMarkers } from '../../core/model/rows.ts';
import type { Clock } from '../../core/ports.ts';

const SAVE_MS = 5_000;
/** How long a new connection waits for what an earlier one may still prove. */
const SETTLE_MS = 2_500;
/** People who disconnect within this time are saved together. */
const GATHER_MS = 50;
/** Markers that are saved at once; messages can be committed in between. */
const MAX_ROWS = 500;

/** The storage of delivery markers. */
export type MarkerStore = {
  /** Only people with an account have markers, since guests cannot come back. */
  readonly people: { account(person: PersonId): unknown };
  deliveryMarkers(person: PersonId): Promise<RoomMarkers>;
  /** Saves all of these rows or none; false if that failed. */
  saveDeliveryMarkers(rows: readonly DeliveryMarkerRow[]): Promise<boolean>;
};

type PersonMarkers = {
  readonly rooms: Map<RoomId, number>;
  /** The rooms whose markers are not on disk. */
  readonly changed: Set<RoomId>;
  connections: number;
  /** How many markers are being saved. */
  saving: number;
};

/** A marker that has to be saved. */
type Change = { readonly person: PersonId; readonly markers: PersonMarkers; readonly room: RoomId };

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
    markers.changed.add(room);
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
            changed: new Set(),
            connections: 0,
            saving: 0,
          };
          this.#people.set(person, markers);
          return markers;
        })
        .finally(() => this.#loading.delete(person));
    this.#loading.set(person, loading);
    return loading;
  }

  async #read(person: PersonId): Promise<RoomMarkers> {
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
    const changes = this.#changes(scope);
    for (let next = 0; next < changes.length; next += MAX_ROWS)
      if (!(await this.#saveChunk(changes.slice(next, next + MAX_ROWS)))) return this.#schedule('all'); // CONN-46 CONN-58
  }

  #changes(scope: Scope): Change[] {
    return [...this.#people].flatMap(([person, markers]) => {
      const isMeant =
        markers.changed.size > 0 && (scope === 'all' || markers.connections === 0) && this.#isAccount(person); // CONN-46
      return isMeant ? [...markers.changed].map((room) => ({ person, markers, room })) : [];
    });
  }

  async #saveChunk(chunk: readonly Change[]): Promise<boolean> {
    const rows = chunk.map(({ person, markers, room }) => {
      markers.changed.delete(room);
      markers.saving += 1;
      return { person, room, number: markers.rooms.get(room) ?? 0 };
    });
    const saved = await this.#store().saveDeliveryMarkers(rows);
    for (const { person, markers, room } of chunk) {
      markers.saving -= 1;
      if (!saved) markers.changed.add(room);
      this.#forget(person, markers);
    }
    return saved;
  }

  /** Forgets a person without a connection, if nothing is left to save. */
  #forget(person: PersonId, markers: PersonMarkers): boolean {
    const isSaved = markers.saving === 0 && !(markers.changed.size > 0 && this.#isAccount(person));
    return markers.connections === 0 && isSaved && this.#people.delete(person);
  }
}
