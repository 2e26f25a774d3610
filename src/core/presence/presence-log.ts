import type { PresenceChange, PresenceRecord } from '../model/bus-message.ts';
import type { PersonId } from '../model/ids.ts';
import type { Departure } from '../model/person.ts';

/** How many departures are remembered for nodes that missed them. */
const DEPARTURES = 10_000;

/** What this node reports of its people: the last change of each, and the departures of late. */
export class PresenceLog {
  /** The number of changes so far. */
  version = 0;
  readonly #present = new Map<PersonId, PresenceChange>();
  /** The oldest first. */
  readonly #left = new Map<PersonId, PresenceChange>();
  /** Departures up to this version are forgotten. */
  #forgotten = 0;

  add(person: PersonId, record: PresenceRecord | null, departure: Departure | null): PresenceChange {
    const change: PresenceChange = { version: ++this.version, person, record, departure };
    const hadLeft = this.#left.delete(person);
    if (record !== null) this.#present.set(person, change);
    else if (this.#present.delete(person) || hadLeft) this.#left.set(person, change);
    if (this.#left.size > DEPARTURES) this.#forgetOne(); // WORLD-282
    return change;
  }

  /** The changes after a version, in order, without those that a later one replaced; null if some are forgotten. */
  since(version: number): PresenceChange[] | null {
    if (version < this.#forgotten) return null; // WORLD-282
    const changes: PresenceChange[] = [];
    for (const known of [this.#present, this.#left])
      for (const change of known.values()) if (change.version > version) changes.push(change);
    return changes.sort((a, b) => a.version - b.version);
  }

  /** All people of this node, as they are now. */
  records(): PresenceRecord[] {
    return [...this.#present.values()].flatMap(({ record }) => record ?? []);
  }

  #forgetOne(): void {
    const [oldest] = this.#left.values();
    if (oldest === undefined) return;
    this.#left.delete(oldest.person);
    this.#forgotten = oldest.version;
  }
}
