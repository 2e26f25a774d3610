type Change = { readonly id: number; at: number; older: Change | null; newer: Change | null };

const MOST = 100_000;

/**
 * Ids by the time of their last change, which is counted: whoever looked at count `n` finds what changed since, the latest
 * first, without looking at anything older.
 */
export class RecentChanges {
  readonly #changes = new Map<number, Change>();
  readonly #most: number;
  #newest: Change | null = null;
  #oldest: Change | null = null;
  /** Every change until now has a count of at most this. */
  #count = 0;
  /** Changes up to this count may have been forgotten. */
  #forgotten = 0;

  /** Remembers the last changes of at most `most` ids. */
  constructor(most = MOST) {
    this.#most = most;
  }

  get count(): number {
    return this.#count;
  }

  /** The id changed; an earlier change of it counts no more. */
  changed(id: number): void {
    const change = this.#changes.get(id) ?? { id, at: 0, older: null, newer: null };
    this.#unlink(change);
    change.at = ++this.#count;
    change.older = this.#newest;
    if (this.#newest === null) this.#oldest = change;
    else this.#newest.newer = change;
    this.#newest = change;
    this.#changes.set(id, change);
    if (this.#changes.size > this.#most) this.#forgetOldest();
  }

  /** The ids that changed after a count; null where they are more than `limit`, or no longer known (VIEW-21). */
  since(count: number, limit: number): number[] | null {
    if (count < this.#forgotten) return null; // VIEW-21
    const ids: number[] = [];
    for (let change = this.#newest; change !== null && change.at > count; change = change.older) {
      if (ids.length === limit) return null; // VIEW-21
      ids.push(change.id);
    }
    return ids;
  }

  /** Any id may have changed. */
  reset(): void {
    this.#changes.clear();
    this.#newest = this.#oldest = null;
    this.#forgotten = ++this.#count; // VIEW-21
  }

  #forgetOldest(): void {
    const oldest = this.#oldest;
    if (oldest === null) return;
    this.#forgotten = oldest.at;
    this.#unlink(oldest);
    this.#changes.delete(oldest.id);
  }

  #unlink(change: Change): void {
    if (!this.#changes.has(change.id)) return;
    if (change.older === null) this.#oldest = change.newer;
    else change.older.newer = change.newer;
    if (change.newer === null) this.#newest = change.older;
    else change.newer.older = change.older;
    change.older = change.newer = null;
  }
}
