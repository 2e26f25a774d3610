import type { PersonId } from '../../core/model/ids.ts';

const A_PERSON = 4;
const ALL = 16;

/** An upload that may begin and lasts until its `end` is called, or who has too many of them. */
type Admitted = { readonly end: () => void } | { readonly tooMany: 'person' | 'all' };

/** Bounds uploads: 4 at once for each person, 16 at once for all. */
export class UploadLimits {
  readonly #uploading = new Map<PersonId, number>();
  #all = 0;

  /** How many are under way. */
  get running(): number {
    return this.#all;
  }

  begin(person: PersonId): Admitted {
    const own = this.#uploading.get(person) ?? 0;
    if (own >= A_PERSON) return { tooMany: 'person' }; // SERVER-264
    if (this.#all >= ALL) return { tooMany: 'all' }; // SERVER-264
    this.#add(person, 1);
    return { end: () => this.#add(person, -1) };
  }

  #add(person: PersonId, more: 1 | -1): void {
    const own = (this.#uploading.get(person) ?? 0) + more;
    if (own === 0) this.#uploading.delete(person);
    else this.#uploading.set(person, own);
    this.#all += more;
  }
}
