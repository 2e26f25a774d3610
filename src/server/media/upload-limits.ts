import type { PersonId } from '../../core/model/ids.ts';
import type { Clock } from '../../core/ports.ts';
import { BoundedMap } from '../../lib/bounded-map.ts';
import { type Rate, TokenBucket } from '../../lib/token-bucket.ts';

const AT_ONCE = 16;
/** Pictures of one person: every one costs a process and stays for an hour. */
const RATE: Rate = { perSecond: 20 / 3_600, burst: 20 };
const KEPT_PEOPLE = 10_000;

/** An upload that may begin, or who has too many of them and in how many seconds to try again. */
type Admitted = { readonly end: () => void } | { readonly tooMany: 'person' | 'all'; readonly retrySeconds: number };

/** Bounds uploads: one at once and 20 an hour for each person, 16 at once for all. */
export class UploadLimits {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #uploading = new Set<PersonId>();
  readonly #rates = new BoundedMap<TokenBucket, PersonId>(KEPT_PEOPLE);

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock;
  }

  /** Admits an upload, which lasts until its `end` is called. */
  begin(person: PersonId): Admitted {
    if (this.#uploading.has(person)) return { tooMany: 'person', retrySeconds: 1 }; // SERVER-178
    if (this.#uploading.size >= AT_ONCE) return { tooMany: 'all', retrySeconds: 1 }; // SERVER-178
    const now = this.#clock.monotonic();
    const bucket = this.#rates.get(person) ?? new TokenBucket(RATE, now);
    this.#rates.set(person, bucket);
    const wait = bucket.take(now);
    if (wait > 0) return { tooMany: 'person', retrySeconds: Math.ceil(wait / 1_000) }; // SERVER-178
    this.#uploading.add(person);
    return { end: () => this.#uploading.delete(person) };
  }
}
