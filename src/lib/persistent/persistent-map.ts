import { EMPTY_TRIE, hashOf, type HashTrie, indexIn, valueIn, withEntry, withoutIndex } from './hash-trie.ts';
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
  /** The values and their indexes, by the hash of their key. */
  readonly #trie: HashTrie<V>;

  private constructor(
    keyOf: (value: V) => K,
    values: PersistentArray<V | undefined>,
    trie: HashTrie<V>,
    size: number,
    first: number,
  ) {
    this.#keyOf = keyOf;
    this.#values = values;
    this.#trie = trie;
    this.size = size;
    this.#first = first;
  }

  /** The empty map of values that have these keys. */
  static empty<K extends string | number, V extends {}>(keyOf: (value: V) => K): PersistentMap<K, V> {
    return new PersistentMap<K, V>(keyOf, PersistentArray.of<V | undefined>([]), EMPTY_TRIE, 0, 0);
  }

  get(key: K): V | undefined {
    return valueIn(this.#trie, hashOf(key), key, this.#keyOf);
  }

  has(key: K): boolean {
    return this.get(key) !== undefined;
  }

  /** The map with this value; one that replaces another keeps its place. */
  with(value: V): PersistentMap<K, V> {
    const key = this.#keyOf(value);
    const hash = hashOf(key);
    const index = indexIn(this.#trie, hash, key, this.#keyOf);
    const at = index ?? this.#values.length;
    const trie = withEntry(this.#trie, hash, at, value, (other) => hashOf(this.#keyOf(other)));
    return this.#changed(
      this.#values.put(at, value),
      trie,
      index === undefined ? this.size + 1 : this.size,
      this.#first,
    );
  }

  without(key: K): PersistentMap<K, V> {
    const hash = hashOf(key);
    const index = indexIn(this.#trie, hash, key, this.#keyOf);
    if (index === undefined) return this;
    const size = this.size - 1;
    const values = this.#values.put(index, undefined);
    const gaps = values.length - size;
    if (gaps > GAPS && gaps > size) return PersistentMap.empty(this.#keyOf).withAll(existing(values.from(this.#first)));
    let first = this.#first;
    while (first < values.length && values.at(first) === undefined) first++;
    return this.#changed(values, withoutIndex(this.#trie, hash, index), size, first);
  }

  /** The map with all of these values. Faster than one by one if it is empty. */
  withAll(values: Iterable<V>): PersistentMap<K, V> {
    if (this.size > 0) return [...values].reduce((map: PersistentMap<K, V>, value) => map.with(value), this);
    const all: V[] = [];
    const trie: HashTrie<V> = [0];
    for (const value of values) {
      const key = this.#keyOf(value);
      const hash = hashOf(key);
      const index = indexIn(trie, hash, key, this.#keyOf) ?? all.length;
      withEntry(trie, hash, index, value, (other) => hashOf(this.#keyOf(other)), true);
      all[index] = value;
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

  #changed(
    values: PersistentArray<V | undefined>,
    trie: HashTrie<V>,
    size: number,
    first: number,
  ): PersistentMap<K, V> {
    return new PersistentMap(this.#keyOf, values, trie, size, first);
  }
}

function* existing<V>(values: Iterable<V | undefined>): Generator<V, undefined> {
  for (const value of values) if (value !== undefined) yield value;
}
