/**
 * Rows by key, kept as JSON text, as a database keeps them: nobody shares an object with the store, and what cannot be
 * stored is lost here too.
 */
export class JsonMap<K, T> {
  readonly #texts = new Map<K, string>();

  get(key: K): T | null {
    const text = this.#texts.get(key);
    return text === undefined ? null : parse<T>(text);
  }

  all(): T[] {
    return [...this.#texts.values()].map((text) => parse<T>(text));
  }

  put(key: K, row: T): void {
    this.#texts.set(key, JSON.stringify(row));
  }

  drop(key: K): void {
    this.#texts.delete(key);
  }
}

/** Such rows in groups, each found by group and key. */
export class JsonGroups<G, K, T> {
  readonly #groups = new Map<G, JsonMap<K, T>>();

  all(group: G): T[] {
    return this.#groups.get(group)?.all() ?? [];
  }

  put(group: G, key: K, row: T): void {
    inner(this.#groups, group, () => new JsonMap<K, T>()).put(key, row);
  }

  drop(group: G, key: K): void {
    this.#groups.get(group)?.drop(key);
  }
}

/** Reads back what this store has written itself. */
export function parse<T>(text: string): T {
  return JSON.parse(text) as T;
}

/** What a map has for a key; made and put there if it has nothing. */
export function inner<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}
