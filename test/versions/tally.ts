/** Counts by name. */
export class Tally {
  readonly #counts = new Map<string, number>();

  add(name: string, count = 1): void {
    this.#counts.set(name, this.of(name) + count);
  }

  of(name: string): number {
    return this.#counts.get(name) ?? 0;
  }

  /** All counts whose names begin like this, the names in order. */
  listed(start = ''): string {
    const names = [...this.#counts.keys()].filter((name) => name.startsWith(start)).toSorted();
    return names.map((name) => `${name}: ${this.of(name)}`).join('\n');
  }
}
