const BITS = 5;
const WIDTH = 1 << BITS;
const MASK = WIDTH - 1;

/** A leaf holds values, any other node holds nodes; all but the last ones at each level are full. */
type Node<T> = readonly (T | Node<T>)[];

/** An array that never changes: a change makes a new one, which shares with it all but O(log n). */
export class PersistentArray<T> {
  static readonly #none = new PersistentArray<never>([], 0, 0);
  readonly length: number;
  readonly #root: Node<T>;
  /** How many bits of an index are below those that choose among the children of the root. */
  readonly #shift: number;

  private constructor(root: Node<T>, shift: number, length: number) {
    this.#root = root;
    this.#shift = shift;
    this.length = length;
  }

  static of<T>(values: readonly T[]): PersistentArray<T> {
    if (values.length === 0) return PersistentArray.#none;
    let nodes: Node<T> = values;
    let shift = 0;
    for (; nodes.length > WIDTH; shift += BITS) nodes = inParts(nodes);
    return new PersistentArray<T>(shift === 0 ? [...nodes] : nodes, shift, values.length);
  }

  /** The value at an index from 0; undefined where there is none. */
  at(index: number): T | undefined {
    if (index < 0 || index >= this.length) return undefined;
    let node = this.#root;
    for (let shift = this.#shift; shift > 0; shift -= BITS) node = node[(index >>> shift) & MASK] as Node<T>;
    return node[index & MASK] as T;
  }

  /** The array with another value at an index, which may be its length. */
  put(index: number, value: T): PersistentArray<T> {
    const isFull = index === WIDTH << this.#shift;
    const shift = isFull ? this.#shift + BITS : this.#shift;
    const root = isFull ? [this.#root] : this.#root;
    return new PersistentArray(replaced(root, shift, index, value), shift, Math.max(this.length, index + 1));
  }

  /** The values from an index on. */
  *from(index: number): Generator<T, undefined> {
    let at = index;
    while (at < this.length) {
      const leaf = this.#leaf(at);
      for (let slot = at & MASK; slot < leaf.length; slot++) yield leaf[slot] as T;
      at = (at | MASK) + 1;
    }
  }

  [Symbol.iterator](): Generator<T, undefined> {
    return this.from(0);
  }

  #leaf(index: number): Node<T> {
    let node = this.#root;
    for (let shift = this.#shift; shift > 0; shift -= BITS) node = node[(index >>> shift) & MASK] as Node<T>;
    return node;
  }
}

function replaced<T>(node: Node<T>, shift: number, index: number, value: T): Node<T> {
  const copy = node.slice();
  const slot = (index >>> shift) & MASK;
  copy[slot] = shift === 0 ? value : replaced((node[slot] ?? []) as Node<T>, shift - BITS, index, value);
  return copy;
}

function inParts<T>(nodes: Node<T>): Node<T> {
  const parts: Node<T>[] = [];
  for (let at = 0; at < nodes.length; at += WIDTH) parts.push(nodes.slice(at, at + WIDTH));
  return parts;
}
