import type { Storage } from '../../src/core/ports.ts';
import { Condition } from '../../testing/condition.ts';
import type { SeededRandom } from '../../testing/random.ts';

/** The same object, but each call of a method goes through `call`. */
function through<T extends object>(target: T, call: (method: PropertyKey, run: () => unknown) => unknown): T {
  return new Proxy(target, {
    get: (_, key) => {
      const value: unknown = Reflect.get(target, key);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) => call(key, () => Reflect.apply(value, target, args));
    },
  });
}

/** Calls that take their time after they are made, or before it too. */
const LATE: ReadonlyMap<PropertyKey, 'after' | 'both'> = new Map([
  ['append', 'both'],
  ['entries', 'both'],
  // What these answer may be outdated when it arrives, as the answer of a server is.
  ['load', 'after'],
  ['changes', 'after'],
]);

/**
 * A storage that answers after a random number of microtasks, or of turns, so that two worlds overtake each other. What
 * `meanwhile` does happens while an answer is on its way. Reads of entries are counted.
 */
export function delaying(
  storage: Storage,
  random: SeededRandom,
  meanwhile: () => void,
  counts: { reads: number },
): Storage {
  const pause = async () => {
    const turns = random.below(4);
    const wait = random.next() < 0.2 ? () => new Promise(setImmediate) : () => Promise.resolve();
    for (let turn = 0; turn < turns; turn++) {
      await wait();
      meanwhile();
    }
  };
  const late = async (method: PropertyKey, run: () => unknown) => {
    if (LATE.get(method) === 'both') await pause();
    const answer = await run();
    await pause();
    if (method === 'entries') counts.reads += 1;
    return answer;
  };
  return through(storage, (method, run) => (LATE.has(method) ? late(method, run) : run()));
}

/** The calls that real servers have not answered. */
export class PendingCalls {
  readonly #answered = new Condition();
  #count = 0;

  /** The same object, whose calls are counted. */
  watch<T extends object>(port: T): T {
    return through(port, (_, run) => {
      const answer = run();
      if (answer instanceof Promise) this.#add(answer);
      return answer;
    });
  }

  /** Resolves when every call is answered. */
  async answered(): Promise<void> {
    await this.#answered.until(() => this.#count === 0);
  }

  #add(answer: Promise<unknown>): void {
    this.#count += 1;
    const end = () => {
      this.#count -= 1;
      this.#answered.notify();
    };
    answer.then(end, end);
  }
}
