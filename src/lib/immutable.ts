// Immutable maps and sets, so that many owners can share one. A change copies: use them for small collections that are read
// far more often than they change.

/** Shared by all empty collections. */
const EMPTY: { readonly set: ReadonlySet<never>; readonly map: ReadonlyMap<never, never> } = {
  set: new Set<never>(),
  map: new Map<never, never>(),
};

export function setOf<T>(values: readonly T[]): ReadonlySet<T> {
  return values.length === 0 ? EMPTY.set : new Set(values);
}

export function mapOf<K, V>(entries: readonly (readonly [K, V])[]): ReadonlyMap<K, V> {
  return entries.length === 0 ? EMPTY.map : new Map(entries);
}

export function setWith<T>(set: ReadonlySet<T>, value: T): ReadonlySet<T> {
  return new Set(set).add(value);
}

export function setWithout<T>(set: ReadonlySet<T>, value: T): ReadonlySet<T> {
  const copy = new Set(set);
  copy.delete(value);
  return copy;
}

/** A map with this entry; an existing key keeps its place in the order. */
export function mapWith<K, V>(map: ReadonlyMap<K, V>, key: K, value: V): ReadonlyMap<K, V> {
  return new Map(map).set(key, value);
}

export function mapWithout<K, V>(map: ReadonlyMap<K, V>, key: K): ReadonlyMap<K, V> {
  const copy = new Map(map);
  copy.delete(key);
  return copy;
}
