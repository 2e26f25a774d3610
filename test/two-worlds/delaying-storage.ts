import { MemoryStorage } from '../../src/storage/memory/storage.ts';
import type { FakeClock } from '../../testing/clock.ts';
import type { SeededRandom } from '../../testing/random.ts';

/** A storage that answers after a random number of microtasks, so that two worlds overtake each other. */
export class DelayingStorage extends MemoryStorage {
  readonly #random: SeededRandom;

  constructor(clock: FakeClock, random: SeededRandom, other?: MemoryStorage) {
    super(clock, other);
    this.#random = random;
  }

  override async append(...[batch]: Parameters<MemoryStorage['append']>) {
    const before = this.#random.below(4);
    for (let turn = 0; turn < before; turn++) await Promise.resolve();
    const results = await super.append(batch);
    const after = this.#random.below(4);
    for (let turn = 0; turn < after; turn++) await Promise.resolve();
    return results;
  }
}
