/** A map of at most `limit` keys; setting one more forgets the one that was set longest ago. */
export class BoundedMap<V, K extends string | number = string> {
  readonly #limit: number;
  readonly #values = new Map<K, V>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The value of the key; nothing where there is none, or it was forgotten. */
  get(key: K): V | undefined {
    return this.#values.get(key);
  }

  /** Sets the value of the key, which is the last to be forgotten then. */
  set(key: K, value: V): void {
    this.#values.delete(key);
    this.#values.set(key, value);
    if (this.#values.size <= this.#limit) return;
    const [oldest] = this.#values.keys();
    if (oldest !== undefined) this.#values.delete(oldest);
  }

  /** Forgets the key. */
  delete(key: K): void {
    this.#values.delete(key);
  }
}
