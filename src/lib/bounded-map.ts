/** A map whose values weigh at most `limit` together, by default 1 each: a heavier one removes those that were set longest ago. */
export class BoundedMap<V, K extends string | number = string> {
  readonly #limit: number;
  readonly #weightOf: (value: V) => number;
  readonly #values = new Map<K, V>();
  #weight = 0;

  constructor(limit: number, weightOf: (value: V) => number = () => 1) {
    this.#limit = limit;
    this.#weightOf = weightOf;
  }

  get(key: K): V | undefined {
    return this.#values.get(key);
  }

  /** Makes the key the newest one; returns the value it had. */
  set(key: K, value: V): V | undefined {
    const before = this.#values.get(key);
    this.delete(key);
    this.#values.set(key, value);
    this.#weight += this.#weightOf(value);
    for (const oldest of this.#values.keys()) {
      if (this.#weight <= this.#limit) break;
      this.delete(oldest);
    }
    return before;
  }

  delete(key: K): void {
    const value = this.#values.get(key);
    if (value !== undefined && this.#values.delete(key)) this.#weight -= this.#weightOf(value);
  }
}
