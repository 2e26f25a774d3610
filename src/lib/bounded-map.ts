/** A map of at most `limit` keys: one more removes the key that was set longest ago. */
export class BoundedMap<V, K extends string | number = string> {
  readonly #limit: number;
  readonly #values = new Map<K, V>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  get(key: K): V | undefined {
    return this.#values.get(key);
  }

  /** Makes the key the newest one; returns the value it had. */
  set(key: K, value: V): V | undefined {
    const before = this.#values.get(key);
    this.#values.delete(key);
    this.#values.set(key, value);
    if (this.#values.size > this.#limit) {
      const [oldest] = this.#values.keys();
      if (oldest !== undefined) this.#values.delete(oldest);
    }
    return before;
  }

  delete(key: K): void {
    this.#values.delete(key);
  }
}
