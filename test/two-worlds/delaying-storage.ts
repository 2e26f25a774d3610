import { MemoryStorage } from '../../src/storage/memory/storage.ts';
import type { FakeClock } from '../../testing/clock.ts';
import type { SeededRandom } from '../../testing/random.ts';

/**
 * A storage that answers after a random number of microtasks, or of turns, so that two worlds overtake each other. What
 * `meanwhile` does happens while an answer is on its way.
 */
export class DelayingStorage extends MemoryStorage {
  readonly #random: SeededRandom;
  readonly #meanwhile: () => void;
  /** How often entries were read. */
  reads = 0;

  constructor(clock: FakeClock, random: SeededRandom, other: MemoryStorage, meanwhile: () => void) {
    super(clock, other);
    this.#random = random;
    this.#meanwhile = meanwhile;
  }

  override async append(...[batch]: Parameters<MemoryStorage['append']>) {
    await this.#pause();
    const results = await super.append(batch);
    await this.#pause();
    return results;
  }

  /** What it answers may be outdated when it arrives, as the answer of a server is. */
  override async entries(...asked: Parameters<MemoryStorage['entries']>) {
    await this.#pause();
    const entries = await super.entries(...asked);
    await this.#pause();
    this.reads += 1;
    return entries;
  }

  override async load(...asked: Parameters<MemoryStorage['load']>) {
    const snapshot = await super.load(...asked);
    await this.#pause();
    return snapshot;
  }

  override async changes() {
    const changes = await super.changes();
    await this.#pause();
    return changes;
  }

  async #pause(): Promise<void> {
    const turns = this.#random.below(4);
    const wait = this.#random.next() < 0.2 ? () => new Promise(setImmediate) : () => Promise.resolve();
    for (let turn = 0; turn < turns; turn++) {
      await wait();
      this.#meanwhile();
    }
  }
}
