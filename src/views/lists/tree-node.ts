/** How two entries are ordered: below zero where the first comes first, zero only for entries with the same place. */
export type Compare<E> = (first: E, second: E) => number;

/** A leaf has entries, any other node has nodes below it. `version` made the node and alone may change it. */
export type TreeNode<E> = {
  readonly version: number;
  first: E;
  /** How many entries are in the node and below it. */
  size: number;
} & ({ readonly leaf: true; items: readonly E[] } | { readonly leaf: false; items: readonly TreeNode<E>[] });

/** The most items of a node. */
export const MOST = 32;
/** The fewest items of a node beside others. */
export const LEAST = 8;
/** The items of a node in a new tree: some more fit in. */
const FULL = 24;

/** A node and its array on a 64-bit engine, and what each item adds; entries themselves are counted by who makes them. */
const NODE_BYTES = 120;
export const ITEM_BYTES = 8;

export function bytesOfNode(items: number): number {
  return NODE_BYTES + ITEM_BYTES * items; // VIEW-05
}

export function leafOf<E>(version: number, items: readonly E[]): TreeNode<E> {
  return { version, first: items[0] as E, size: items.length, leaf: true, items };
}

export function innerOf<E>(version: number, items: readonly TreeNode<E>[]): TreeNode<E> {
  const size = items.reduce((sum, item) => sum + item.size, 0);
  return { version, first: (items[0] as TreeNode<E>).first, size, leaf: false, items };
}

/** The root of a tree of sorted entries, in a time that grows with their number; null without any. */
export function rootOf<E>(version: number, sorted: readonly E[]): TreeNode<E> | null {
  if (sorted.length === 0) return null;
  let nodes = partsOf(sorted).map((items) => leafOf(version, items));
  while (nodes.length > 1) nodes = partsOf(nodes).map((items) => innerOf(version, items));
  return nodes[0] ?? null;
}

/** Cuts items into parts of nearly the same length, none longer than a node of a new tree. */
function partsOf<T>(items: readonly T[]): (readonly T[])[] {
  const parts = Math.ceil(items.length / FULL);
  const cut = (part: number) => Math.floor((part * items.length) / parts);
  return Array.from({ length: parts }, (_, part) => items.slice(cut(part), cut(part + 1)));
}

/** The bytes of a node and all nodes below it. */
export function bytesOfAll<E>(node: TreeNode<E> | null): number {
  if (node === null) return 0;
  const own = bytesOfNode(node.items.length);
  return node.leaf ? own : node.items.reduce((sum, item) => sum + bytesOfAll(item), own);
}

/** Where an entry is among sorted entries, or would be. */
export function placeIn<E>(items: readonly E[], entry: E, compare: Compare<E>): number {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compare(items[middle] as E, entry) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Which of the nodes has an entry, or would have it. */
export function childFor<E>(items: readonly TreeNode<E>[], entry: E, compare: Compare<E>): number {
  let [low, high] = [0, items.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (compare((items[middle] as TreeNode<E>).first, entry) <= 0) low = middle;
    else high = middle - 1;
  }
  return low;
}
