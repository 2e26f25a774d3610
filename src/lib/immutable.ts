// Maps and sets that never change, so that many can share one. A change makes another, at the cost of copying: they are for
// what is small, and read or kept far more often than it changes.

/** All that are made empty are these: their types let nothing in. */
const EMPTY: { readonly set: ReadonlySet<never>; readonly map: ReadonlyMap<never, never> } = {
  set: new Set<never>(),
  map: new Map<never, never>(),
};

/** The set of these values. */
export function setOf<T>(values: readonly T[]): ReadonlySet<T> {
  return values.length === 0 ? EMPTY.set : new Set(values);
}

/** The map of these entries; of several with one key the last counts. */
export function mapOf<K, V>(entries: readonly (readonly [K, V])[]): ReadonlyMap<K, V> {
  return entries.length === 0 ? EMPTY.map : new Map(entries);
}

/** The set with one value more. */
export function setWith<T>(set: ReadonlySet<T>, value: T): ReadonlySet<T> {
  return new Set(set).add(value);
}

/** The set without a value. */
export function setWithout<T>(set: ReadonlySet<T>, value: T): ReadonlySet<T> {
  const copy = new Set(set);
  copy.delete(value);
  return copy;
}

/** The map with this value of the key; a key that was there keeps its place in the order. */
export function mapWith<K, V>(map: ReadonlyMap<K, V>, key: K, value: V): ReadonlyMap<K, V> {
  return new Map(map).set(key, value);
}

/** The map without a key. */
export function mapWithout<K, V>(map: ReadonlyMap<K, V>, key: K): ReadonlyMap<K, V> {
  const copy = new Map(map);
  copy.delete(key);
  return copy;
}
