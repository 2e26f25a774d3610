const BITS = 5;
const MASK = 31;
/** Below this level all bits of a hash are used up: there a node is a list of indexes with the same hash. */
const LAST = 30;

/**
 * A trie from hashes to indexes, which never changes. A node has a bitmap first, which says which of its 32 slots are used,
 * and then those: an index, or a node of the next 5 bits.
 */
export type HashTrie = readonly (number | HashTrie)[];

export const EMPTY_TRIE: HashTrie = [0];

type MutableTrie = (number | HashTrie)[];

/** The first index of this hash of which `isIt` says so; -1 without one. */
export function findIndex(trie: HashTrie, hash: number, isIt: (index: number) => boolean): number {
  let node = trie;
  for (let shift = 0; shift <= LAST; shift += BITS) {
    const bitmap = node[0] as number;
    const bit = 1 << ((hash >>> shift) & MASK);
    if ((bitmap & bit) === 0) return -1;
    const found = node[placeOf(bitmap, bit)] as number | HashTrie;
    if (typeof found === 'number') return isIt(found) ? found : -1;
    node = found;
  }
  for (let at = 1; at < node.length; at++) if (isIt(node[at] as number)) return node[at] as number;
  return -1;
}

/** Adds an index that the trie lacks. `hashAt` gives the hash of any other. With `inPlace` the trie itself changes. */
export function withIndex(
  trie: HashTrie,
  hash: number,
  index: number,
  hashAt: (index: number) => number,
  inPlace = false,
): HashTrie {
  return added(trie, 0, hash, index, hashAt, inPlace);
}

function added(
  node: HashTrie,
  shift: number,
  hash: number,
  index: number,
  hashAt: (index: number) => number,
  inPlace: boolean,
): HashTrie {
  const copy = inPlace ? (node as MutableTrie) : node.slice();
  if (shift > LAST) {
    copy.push(index);
    return copy;
  }
  const bitmap = node[0] as number;
  const bit = 1 << ((hash >>> shift) & MASK);
  const place = placeOf(bitmap, bit);
  if ((bitmap & bit) === 0) {
    copy[0] = bitmap | bit;
    copy.splice(place, 0, index);
    return copy;
  }
  const found = node[place] as number | HashTrie;
  const isNode = typeof found !== 'number';
  const child = isNode ? found : added([0], shift + BITS, hashAt(found), found, hashAt, true);
  copy[place] = added(child, shift + BITS, hash, index, hashAt, inPlace || !isNode);
  return copy;
}

/** Takes out an index that the trie has. */
export function withoutIndex(trie: HashTrie, hash: number, index: number): HashTrie {
  return removed(trie, 0, hash, index);
}

function removed(node: HashTrie, shift: number, hash: number, index: number): HashTrie {
  const copy = node.slice();
  if (shift > LAST) {
    copy.splice(node.indexOf(index, 1), 1);
    return copy;
  }
  const bitmap = node[0] as number;
  const bit = 1 << ((hash >>> shift) & MASK);
  const place = placeOf(bitmap, bit);
  const found = node[place] as number | HashTrie;
  if (typeof found === 'number') {
    copy[0] = bitmap & ~bit;
    copy.splice(place, 1);
    return copy;
  }
  const child = removed(found, shift + BITS, hash, index);
  const [, only] = child;
  // A single index needs no node of its own.
  copy[place] = child.length === 2 && typeof only === 'number' ? only : child;
  return copy;
}

/** Where in a node the slot of this bit is, or would be. */
function placeOf(bitmap: number, bit: number): number {
  let below = bitmap & (bit - 1);
  below -= (below >>> 1) & 0x55555555;
  below = (below & 0x33333333) + ((below >>> 2) & 0x33333333);
  return 1 + (Math.imul((below + (below >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24);
}

/** A hash of 32 bits, in all of which keys differ. */
export function hashOf(key: string | number): number {
  let hash = 0;
  if (typeof key === 'number') hash = Math.imul(key | 0, 0x85ebca6b) ^ Math.imul((key / 2 ** 32) | 0, 0xc2b2ae35);
  else for (let at = 0; at < key.length; at++) hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return hash ^ (hash >>> 13);
}
