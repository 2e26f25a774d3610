import type { PersonId } from '../../core/model/ids.ts';
import type { WorldReader } from '../../core/reader.ts';
import { RecentChanges } from '../lists/recent-changes.ts';
import { personEntry, type PersonEntry } from './entries.ts';

/** People as all lists show them, so that lists share one entry for each, and the people who changed last. */
export class PeopleTable {
  readonly changes = new RecentChanges();
  readonly #reader: WorldReader;
  readonly #entries = new Map<PersonId, PersonEntry>();

  constructor(reader: WorldReader) {
    this.#reader = reader;
  }

  /** What others see of the person may have changed. */
  changed(person: PersonId): void {
    this.#entries.delete(person);
    this.changes.changed(person); // VIEW-20
  }

  /** Everybody may have changed. */
  reset(): void {
    this.#entries.clear();
    this.changes.reset();
  }

  /** The person's entry; null for a guest who is absent or invisible, and for nobody. */
  entry(person: PersonId): PersonEntry | null {
    const known = this.#entries.get(person);
    if (known !== undefined) return known;
    const entry = personEntry(this.#reader, person);
    if (entry !== null) this.#entries.set(person, Object.freeze(entry)); // VIEW-22
    return entry;
  }
}
