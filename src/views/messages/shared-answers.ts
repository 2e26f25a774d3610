import { BoundedMap } from '../../lib/bounded-map.ts';

/** So many bytes of answers are kept, by estimate. */
const KEPT_BYTES = 16 * 1024 * 1024;

/** Answers that many people ask for alike: each is worked out once, while it is asked for and for a while after. */
export class SharedAnswers<T> {
  readonly #running = new Map<string, Promise<T>>();
  readonly #known: BoundedMap<T>;

  constructor(bytesOf: (answer: T) => number) {
    this.#known = new BoundedMap(KEPT_BYTES, bytesOf); // VIEW-46
  }

  /** The answer of this name, if it was worked out before and is kept. */
  known(name: string): T | undefined {
    return this.#known.get(name);
  }

  /** The same; `make` is called if nobody works on it yet. A failure is not kept. */
  get(name: string, make: () => Promise<T>): Promise<T> {
    const known = this.known(name);
    if (known !== undefined) return Promise.resolve(known);
    const running = this.#running.get(name);
    if (running !== undefined) return running;
    const making = make()
      .then((answer) => {
        this.#known.set(name, answer);
        return answer;
      })
      .finally(() => this.#running.delete(name));
    this.#running.set(name, making);
    return making;
  }
}
