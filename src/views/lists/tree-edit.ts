import {
  bytesOfNode,
  childFor,
  type Compare,
  innerOf,
  ITEM_BYTES,
  LEAST,
  leafOf,
  MOST,
  placeIn,
  type TreeNode,
} from './tree-node.ts';

/** One batch of changes of a tree. The first change of a node copies it, later ones of the same batch change the copy. */
export class TreeEdit<E> {
  root: TreeNode<E> | null;
  /** The bytes of the nodes that this batch made. */
  made = 0;
  /** The bytes of the nodes that it took out of the tree. */
  replaced = 0;
  readonly #compare: Compare<E>;
  readonly #version: number;

  constructor(root: TreeNode<E> | null, compare: Compare<E>, version: number) {
    this.root = root;
    this.#compare = compare;
    this.#version = version;
  }

  /** Adds an entry whose place is free. */
  insert(entry: E): void {
    if (this.root === null) {
      this.root = this.#added(leafOf(this.#version, [entry]));
      return;
    }
    const parts = this.#insert(this.root, entry);
    this.root = parts.length === 1 ? (parts[0] ?? null) : this.#added(innerOf(this.#version, parts));
  }

  /** Takes out the entry that has this entry's place; throws if there is none. */
  remove(entry: E): void {
    const { root } = this;
    if (root === null) throw new Error('the entry is not in the tree');
    let after = this.#remove(root, entry);
    while (after !== null && !after.leaf && after.items.length === 1) {
      this.#dropped(after);
      after = after.items[0] ?? null;
    }
    this.root = after;
  }

  /** Puts an entry in the place of the one it takes over; throws if the places differ or there is none. */
  replace(before: E, after: E): void {
    if (this.root === null || this.#compare(before, after) !== 0) throw new Error('another place');
    this.root = this.#replace(this.root, after);
  }

  #insert(node: TreeNode<E>, entry: E): TreeNode<E>[] {
    const own = this.#own(node);
    if (own.leaf) return this.#filled(own, own.items.toSpliced(placeIn(own.items, entry, this.#compare), 0, entry));
    const child = childFor(own.items, entry, this.#compare);
    return this.#filled(own, own.items.toSpliced(child, 1, ...this.#insert(own.items[child] as TreeNode<E>, entry)));
  }

  #remove(node: TreeNode<E>, entry: E): TreeNode<E> | null {
    const own = this.#own(node);
    if (own.leaf) {
      const place = this.#placeOf(own.items, entry);
      if (own.items.length > 1) return this.#filled(own, own.items.toSpliced(place, 1))[0] ?? null;
      this.#dropped(own);
      return null;
    }
    const child = childFor(own.items, entry, this.#compare);
    const left = this.#remove(own.items[child] as TreeNode<E>, entry);
    const items = own.items.toSpliced(child, 1, ...(left === null ? [] : [left]));
    if (left !== null && left.items.length < LEAST && items.length > 1) {
      const from = Math.max(0, child - 1);
      const [first, second] = items.slice(from, from + 2) as [TreeNode<E>, TreeNode<E>];
      items.splice(from, 2, ...this.#joined(first, second));
    }
    return this.#filled(own, items)[0] ?? null;
  }

  #replace(node: TreeNode<E>, entry: E): TreeNode<E> {
    const own = this.#own(node);
    if (own.leaf) {
      own.items = own.items.with(this.#placeOf(own.items, entry), entry);
      own.first = own.items[0] as E;
    } else {
      const child = childFor(own.items, entry, this.#compare);
      own.items = own.items.with(child, this.#replace(own.items[child] as TreeNode<E>, entry));
      own.first = (own.items[0] as TreeNode<E>).first;
    }
    return own;
  }

  #placeOf(items: readonly E[], entry: E): number {
    const place = placeIn(items, entry, this.#compare);
    const found = items[place];
    if (found === undefined || this.#compare(found, entry) !== 0) throw new Error('the entry is not in the tree');
    return place;
  }

  /** One node of the items of two neighbours, or two where they do not fit into one. */
  #joined(first: TreeNode<E>, second: TreeNode<E>): TreeNode<E>[] {
    const own = this.#own(first);
    this.#dropped(second);
    if (own.leaf && second.leaf) return this.#filled(own, [...own.items, ...second.items]);
    if (!own.leaf && !second.leaf) return this.#filled(own, [...own.items, ...second.items]);
    throw new Error('neighbours of different height');
  }

  /** Gives a node of this batch other items; where they are too many, a second node takes the later half. */
  #filled<N extends TreeNode<E>>(own: N, items: N['items']): TreeNode<E>[] {
    const half = items.length > MOST ? items.length >>> 1 : items.length;
    this.made += ITEM_BYTES * (half - own.items.length);
    own.items = items.slice(0, half);
    const same = own.leaf ? leafOf(this.#version, own.items) : innerOf(this.#version, own.items);
    own.first = same.first;
    own.size = same.size;
    if (half === items.length) return [own];
    const rest = items.slice(half) as N['items'];
    const second = own.leaf
      ? leafOf(this.#version, rest as readonly E[])
      : innerOf(this.#version, rest as readonly TreeNode<E>[]);
    return [own, this.#added(second)];
  }

  /** The node itself if this batch made it, else a copy. */
  #own(node: TreeNode<E>): TreeNode<E> {
    if (node.version === this.#version) return node; // VIEW-02
    this.replaced += bytesOfNode(node.items.length);
    return this.#added({ ...node, version: this.#version });
  }

  #added(node: TreeNode<E>): TreeNode<E> {
    this.made += bytesOfNode(node.items.length);
    return node;
  }

  #dropped(node: TreeNode<E>): void {
    if (node.version === this.#version) this.made -= bytesOfNode(node.items.length);
    else this.replaced += bytesOfNode(node.items.length);
  }
}
