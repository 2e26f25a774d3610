const BITS = 5;
const MASK = 31;
/** Below this level all bits of a hash are used up: there a node is a list of entries with the same hash. */
const LAST = 30;

/**
 * A trie from hashes to entries, which never changes. A node has a bitmap first, which says which of its 32 slots are used, and
 * then two items for each of those: an index and a value, or a node of the next 5 bits and nothing.
 */
export type HashTrie<V> = readonly (number | V | HashTrie<V> | undefined)[];

type MutableTrie<V> = (number | V | HashTrie<V> | undefined)[];

export const EMPTY_TRIE: HashTrie<never> = [0];

/** What of an entry is asked for: the offset of its item. */
const INDEX = 0;
const VALUE = 1;

/** The index of the entry with this key and its hash; undefined without one. */
export function indexIn<K, V>(trie: HashTrie<V>, hash: number, key: K, keyOf: (value: V) => K): number | undefined {
  return find(trie, hash, key, keyOf, INDEX) as number | undefined;
}

/** The value of the entry with this key and its hash; undefined without one. */
export function valueIn<K, V>(trie: HashTrie<V>, hash: number, key: K, keyOf: (value: V) => K): V | undefined {
  return find(trie, hash, key, keyOf, VALUE) as V | undefined;
}

function find<K, V>(trie: HashTrie<V>, hash: number, key: K, keyOf: (value: V) => K, item: number): unknown {
  let node = trie;
  for (let shift = 0; shift <= LAST; shift += BITS) {
    const bitmap = node[0] as number;
    const bit = 1 << ((hash >>> shift) & MASK);
    if ((bitmap & bit) === 0) return undefined;
    const place = placeOf(bitmap, bit);
    const found = node[place];
    if (typeof found === 'number') return keyOf(node[place + VALUE] as V) === key ? node[place + item] : undefined;
    node = found as HashTrie<V>;
  }
  for (let at = 1; at < node.length; at += 2) if (keyOf(node[at + VALUE] as V) === key) return node[at + item];
  return undefined;
}

/** Puts a value at an index, whether the trie has that or not. With `inPlace` the trie itself changes. */
export function withEntry<V>(
  trie: HashTrie<V>,
  hash: number,
  index: number,
  value: V,
  hashIn: (value: V) => number,
  inPlace = false,
): HashTrie<V> {
  return put(trie, 0, hash, index, value, hashIn, inPlace);
}

function put<V>(
  node: HashTrie<V>,
  shift: number,
  hash: number,
  index: number,
  value: V,
  hashIn: (value: V) => number,
  inPlace: boolean,
): HashTrie<V> {
  const copy = inPlace ? (node as MutableTrie<V>) : node.slice();
  if (shift > LAST) {
    const place = placeInList(node, index);
    copy[place] = index;
    copy[place + VALUE] = value;
    return copy;
  }
  const bitmap = node[0] as number;
  const bit = 1 << ((hash >>> shift) & MASK);
  const place = placeOf(bitmap, bit);
  const found = node[place] as number | HashTrie<V>;
  if ((bitmap & bit) === 0) {
    copy[0] = bitmap | bit;
    copy.splice(place, 0, index, value);
  } else if (found === index) copy[place + VALUE] = value;
  else {
    const isNode = typeof found !== 'number';
    const other = node[place + VALUE] as V;
    const child = isNode ? found : put([0], shift + BITS, hashIn(other), found, other, hashIn, true);
    copy[place] = put(child, shift + BITS, hash, index, value, hashIn, inPlace || !isNode);
    copy[place + VALUE] = undefined;
  }
  return copy;
}

/** Takes out an index that the trie has. */
export function withoutIndex<V>(trie: HashTrie<V>, hash: number, index: number): HashTrie<V> {
  return removed(trie, 0, hash, index);
}

function removed<V>(node: HashTrie<V>, shift: number, hash: number, index: number): HashTrie<V> {
  const copy = node.slice();
  if (shift > LAST) {
    copy.splice(placeInList(node, index), 2);
    return copy;
  }
  const bitmap = node[0] as number;
  const bit = 1 << ((hash >>> shift) & MASK);
  const place = placeOf(bitmap, bit);
  const found = node[place] as number | HashTrie<V>;
  if (typeof found === 'number') {
    copy[0] = bitmap & ~bit;
    copy.splice(place, 2);
    return copy;
  }
  const child = removed(found, shift + BITS, hash, index);
  const isSingle = child.length === 3 && typeof child[1] === 'number';
  copy[place] = isSingle ? child[1] : child; // A single entry needs no node of its own.
  copy[place + VALUE] = isSingle ? child[2] : undefined;
  return copy;
}

/** Where in a list of entries the one with this index is; the end if there is none. */
function placeInList<V>(list: HashTrie<V>, index: number): number {
  let place = 1;
  while (place < list.length && list[place] !== index) place += 2;
  return place;
}

/** Where in a node the items of this bit are, or would be. */
function placeOf(bitmap: number, bit: number): number {
  let below = bitmap & (bit - 1);
  below -= (below >>> 1) & 0x55555555;
  below = (below & 0x33333333) + ((below >>> 2) & 0x33333333);
  return 1 + 2 * (Math.imul((below + (below >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24);
}

/** A hash of 32 bits, in all of which keys differ. */
export function hashOf(key: string | number): number {
  let hash = 0;
  if (typeof key === 'number') hash = Math.imul(key | 0, 0x85ebca6b) ^ Math.imul((key / 2 ** 32) | 0, 0xc2b2ae35);
  else for (let at = 0; at < key.length; at++) hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return hash ^ (hash >>> 13);
}
