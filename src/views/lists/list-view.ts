import { sameJson } from '../../lib/same-json.ts';
import type { Page, PageRequest, Version, ViewAnswer } from '../answer.ts';
import type { Budget, Budgeted } from './budget.ts';
import { OrderedTree } from './ordered-tree.ts';
import { bytesOf } from './bytes-of.ts';
import type { Compare } from './tree-node.ts';

/** The place of an entry in the index of a list, by its id. */
const INDEX_BYTES = 64;

/** What a list begins with: its entries by id and in their order, and their estimated bytes. The list takes the map. */
export type ListContent<E, K> = {
  readonly entries: Map<K, E>;
  readonly sorted: readonly E[];
  readonly bytes: number;
};

/** A list in one order, with its versions. `K` is what tells its entries apart. */
export class ListView<E extends object, K = number> implements Budgeted {
  readonly #identity: string;
  readonly #budget: Budget;
  readonly #dropped: () => void;
  readonly #compare: Compare<E>;
  readonly #versions = new Map<number, OrderedTree<E>>();
  readonly #entries: Map<K, E>;
  #current: OrderedTree<E>;
  #number = 1;
  #bytes: number;
  #isDropped = false;

  /** `dropped` is called when the budget takes the view, which may be at once. */
  constructor(identity: string, content: ListContent<E, K>, compare: Compare<E>, budget: Budget, dropped: () => void) {
    this.#identity = identity;
    this.#budget = budget;
    this.#dropped = dropped;
    this.#compare = compare;
    this.#entries = content.entries;
    this.#current = OrderedTree.of(content.sorted, compare, this.#number);
    this.#versions.set(this.#number, this.#current);
    this.#bytes = content.bytes + this.#current.bytes;
    budget.set(this, this.#bytes);
  }

  get size(): number {
    return this.#entries.size;
  }

  get keys(): Iterable<K> {
    return this.#entries.keys();
  }

  /** Makes one version of these changes; `null` takes an entry out. Entries that are equal to what is there change nothing. */
  refresh(changes: ReadonlyMap<K, E | null>): void {
    const real = [...changes].filter(([key, entry]) => !sameJson(this.#entries.get(key) ?? null, entry)); // VIEW-06
    if (real.length === 0) return this.#budget.used(this);
    const number = this.#number + 1;
    let [added, removed] = [0, 0];
    const { tree, cost } = this.#current.edit(number, (edit) => {
      for (const [key, entry] of real) {
        const before = this.#entries.get(key);
        if (before !== undefined && entry !== null && this.#compare(before, entry) === 0) edit.replace(before, entry);
        else {
          if (before !== undefined) edit.remove(before);
          if (entry !== null) edit.insert(entry);
        }
        if (before !== undefined) removed += costOf(before);
        if (entry === null) this.#entries.delete(key);
        else {
          added += costOf(entry);
          this.#entries.set(key, Object.freeze(entry));
        }
      }
    });
    this.#current = tree;
    this.#number = number;
    this.#versions.set(number, tree);
    this.#bytes += cost.made + added - cost.replaced - removed;
    if (this.#isDropped) return;
    this.#budget.superseded(this, number - 1, cost.replaced + removed);
    this.#budget.set(this, this.#bytes);
  }

  /** Answers with a page as of the last `refresh`. */
  answer(since: Version | null, request: PageRequest): ViewAnswer<Page<E>> {
    const version = { identity: this.#identity, number: this.#number };
    const before = since?.identity === this.#identity ? this.#versions.get(since.number) : undefined;
    if (before === undefined) return { type: 'whole', version, value: pageOf(this.#current, request) }; // VIEW-08
    if (before === this.#current) return { type: 'same', version }; // VIEW-07
    return { type: 'changed', version, before: pageOf(before, request), after: pageOf(this.#current, request) };
  }

  forget(number: number): void {
    this.#versions.delete(number);
  }

  drop(): void {
    this.#isDropped = true;
    this.#dropped();
  }

  /** The view is used no more. */
  close(): void {
    this.#isDropped = true;
    this.#budget.remove(this);
  }
}

/** An estimate of the bytes of an entry in a list. */
export function costOf(entry: object): number {
  return bytesOf(entry) + INDEX_BYTES;
}

function pageOf<E>(tree: OrderedTree<E>, { size, index }: PageRequest): Page<E> {
  return { entries: tree.slice((index - 1) * size, size), total: tree.size };
}
