import { bytesOfAll, childFor, type Compare, placeIn, rootOf, type TreeNode } from './tree-node.ts';
import { TreeEdit } from './tree-edit.ts';

/**
 * Entries in one order, as a B+ tree that never changes: an edit makes another tree, which shares all nodes without changes.
 * Nodes know their sizes, so an entry is found by its rank.
 */
export class OrderedTree<E> {
  readonly #compare: Compare<E>;
  readonly #root: TreeNode<E> | null;
  /** How many nodes all slices of this tree have looked at: what pages cost. */
  visited = 0;

  private constructor(compare: Compare<E>, root: TreeNode<E> | null) {
    this.#compare = compare;
    this.#root = root;
  }

  /** A tree of entries that are sorted by `compare`; its time grows with their number. */
  static of<E>(sorted: readonly E[], compare: Compare<E>, version: number): OrderedTree<E> {
    return new OrderedTree(compare, rootOf(version, sorted));
  }

  get size(): number {
    return this.#root?.size ?? 0;
  }

  /** An estimate of the bytes of all nodes, without the entries. It looks at each node. */
  get bytes(): number {
    return bytesOfAll(this.#root);
  }

  /** At most `count` entries from this rank on; ranks count from 0. */
  slice(rank: number, count: number): E[] {
    const found: E[] = [];
    if (this.#root !== null && count > 0) this.#collect(this.#root, rank, count, found); // VIEW-03
    return found;
  }

  /** The rank of the entry that has this entry's place; -1 if there is none. */
  indexOf(entry: E): number {
    let rank = 0;
    let node = this.#root;
    while (node !== null && !node.leaf) {
      const child = childFor(node.items, entry, this.#compare);
      for (const { size } of node.items.slice(0, child)) rank += size;
      node = node.items[child] ?? null;
    }
    const place = node === null ? 0 : placeIn(node.items, entry, this.#compare);
    const found = node?.items[place];
    return found !== undefined && this.#compare(found, entry) === 0 ? rank + place : -1;
  }

  /** Changes this tree by `change` into another one. `version` must be one that no node of this tree was made by. */
  edit(
    version: number,
    change: (edit: TreeEdit<E>) => void,
  ): { readonly tree: OrderedTree<E>; readonly cost: TreeCost } {
    const edit = new TreeEdit(this.#root, this.#compare, version);
    change(edit);
    const { root, made, replaced } = edit;
    return { tree: new OrderedTree(this.#compare, root), cost: { made, replaced } };
  }

  #collect(node: TreeNode<E>, rank: number, count: number, found: E[]): void {
    this.visited++;
    if (node.leaf) {
      for (let at = rank; at < node.items.length && found.length < count; at++) found.push(node.items[at] as E);
      return;
    }
    let skipped = 0;
    for (const child of node.items) {
      if (found.length === count) return;
      if (skipped + child.size > rank) this.#collect(child, Math.max(0, rank - skipped), count, found);
      skipped += child.size;
    }
  }
}

/** An estimate of the bytes of nodes that an edit made, and of those that only the tree before it still has. */
export type TreeCost = { readonly made: number; readonly replaced: number };
