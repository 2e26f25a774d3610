import { EMPTY_TRIE, findIndex, hashOf, type HashTrie, withIndex, withoutIndex } from './hash-trie.ts';
import { PersistentArray } from './persistent-array.ts';

/** With so few gaps it is not worth it to close them. */
const GAPS = 32;

/**
 * A map that never changes, in the order of insertion: a change makes a new map in O(log n), which shares nearly everything
 * with this one. The key of a value is in the value. For small collections of which there are many, see `../immutable.ts`.
 */
export class PersistentMap<K extends string | number, V extends {}> implements ReadonlyMap<K, V> {
  readonly size: number;
  readonly #keyOf: (value: V) => K;
  /** Undefined is a gap that a removed value left. */
  readonly #values: PersistentArray<V | undefined>;
  /** Before this index there are only gaps. */
  readonly #first: number;
  readonly #index: HashTrie;

  private constructor(
    keyOf: (value: V) => K,
    values: PersistentArray<V | undefined>,
    index: HashTrie,
    size: number,
    first: number,
  ) {
    this.#keyOf = keyOf;
    this.#values = values;
    this.#index = index;
    this.size = size;
    this.#first = first;
  }

  /** The empty map of values that have these keys. */
  static empty<K extends string | number, V extends {}>(keyOf: (value: V) => K): PersistentMap<K, V> {
    return new PersistentMap<K, V>(keyOf, PersistentArray.of<V | undefined>([]), EMPTY_TRIE, 0, 0);
  }

  get(key: K): V | undefined {
    return this.#values.at(this.#indexOf(key));
  }

  has(key: K): boolean {
    return this.#indexOf(key) >= 0;
  }

  /** The map with this value; one that replaces another keeps its place. */
  with(value: V): PersistentMap<K, V> {
    const key = this.#keyOf(value);
    const index = this.#indexOf(key);
    if (index >= 0) return this.#changed(this.#values.put(index, value), this.#index, this.size, this.#first);
    const end = this.#values.length;
    const trie = withIndex(this.#index, hashOf(key), end, (at) => hashOf(this.#keyOf(this.#values.at(at) as V)));
    return this.#changed(this.#values.put(end, value), trie, this.size + 1, this.#first);
  }

  without(key: K): PersistentMap<K, V> {
    const index = this.#indexOf(key);
    if (index < 0) return this;
    const size = this.size - 1;
    const values = this.#values.put(index, undefined);
    const gaps = values.length - size;
    if (gaps > GAPS && gaps > size) return PersistentMap.empty(this.#keyOf).withAll(existing(values.from(this.#first)));
    let first = this.#first;
    while (first < values.length && values.at(first) === undefined) first++;
    return this.#changed(values, withoutIndex(this.#index, hashOf(key), index), size, first);
  }

  /** The map with all of these values. Faster than one by one if it is empty. */
  withAll(values: Iterable<V>): PersistentMap<K, V> {
    if (this.size > 0) return [...values].reduce((map: PersistentMap<K, V>, value) => map.with(value), this);
    const all: V[] = [];
    const hashes: number[] = [];
    const trie: HashTrie = [0];
    const hashAt = (index: number) => hashes[index] as number;
    for (const value of values) {
      const key = this.#keyOf(value);
      const hash = hashOf(key);
      const index = findIndex(trie, hash, (at) => this.#keyOf(all[at] as V) === key);
      if (index >= 0) all[index] = value;
      else {
        withIndex(trie, hash, all.length, hashAt, true);
        all.push(value);
        hashes.push(hash);
      }
    }
    return all.length === 0 ? this : this.#changed(PersistentArray.of<V | undefined>(all), trie, all.length, 0);
  }

  values(): Generator<V, undefined> {
    return existing(this.#values.from(this.#first));
  }

  *keys(): Generator<K, undefined> {
    for (const value of this.values()) yield this.#keyOf(value);
  }

  *entries(): Generator<[K, V], undefined> {
    for (const value of this.values()) yield [this.#keyOf(value), value];
  }

  [Symbol.iterator](): Generator<[K, V], undefined> {
    return this.entries();
  }

  forEach(run: (value: V, key: K, map: ReadonlyMap<K, V>) => void): void {
    for (const value of this.values()) run(value, this.#keyOf(value), this);
  }

  #indexOf(key: K): number {
    return findIndex(this.#index, hashOf(key), (index) => this.#keyOf(this.#values.at(index) as V) === key);
  }

  #changed(values: PersistentArray<V | undefined>, index: HashTrie, size: number, first: number): PersistentMap<K, V> {
    return new PersistentMap(this.#keyOf, values, index, size, first);
  }
}

function* existing<V>(values: Iterable<V | undefined>): Generator<V, undefined> {
  for (const value of values) if (value !== undefined) yield value;
}
