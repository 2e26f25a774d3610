/** Remembers the last value of each key, for as many keys as `limit`; those seen longest ago are forgotten first. */
export class Recent {
  readonly #limit: number;
  readonly #values = new Map<string, string>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Remembers the value; false if it is the one that the key had. */
  isNews(key: string, value: string): boolean {
    const before = this.#values.get(key);
    this.#values.delete(key);
    this.#values.set(key, value);
    if (this.#values.size > this.#limit) {
      const [oldest] = this.#values.keys();
      if (oldest !== undefined) this.#values.delete(oldest);
    }
    return before !== value;
  }
}
