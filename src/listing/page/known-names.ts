import { foldText } from '../../lib/search/fold.ts';

/** What the page needs to know of a name. */
type KnownName = {
  /** The name as searches compare it. */
  readonly folded: string;
  /** A name with a lower place comes first. */
  readonly place: number;
};

const { compare } = new Intl.Collator('en');

/**
 * The names of all servers, folded and in order. Keep one object for all pages: to sort 10,000 names takes seconds if somebody has
 * chosen them for that, so each is placed only once.
 */
export class KnownNames {
  #sorted: readonly string[] = [];
  #known: ReadonlyMap<string, KnownName> = new Map();

  /** Places the new ones among these names, and then forgets the names that are not among them. Call it before the other methods. */
  learn(names: readonly string[]): void {
    const fresh = new Set(names.filter((name) => !this.#known.has(name)));
    if (fresh.size === 0) return; // LIST-92
    const current = new Set(names);
    const kept = this.#sorted.filter((name) => current.has(name));
    this.#sorted = merge(kept, [...fresh].sort(compare)); // LIST-92
    this.#known = new Map(this.#sorted.map((name, place) => [name, { folded: this.#fold(name), place }]));
  }

  placeOf(name: string): number {
    return this.#known.get(name)?.place ?? 0;
  }

  foldedOf(name: string): string {
    return this.#known.get(name)?.folded ?? '';
  }

  #fold(name: string): string {
    return this.#known.get(name)?.folded ?? foldText(name);
  }
}

/** Puts names in order into others in order, with few comparisons where they are few. */
function merge(kept: readonly string[], fresh: readonly string[]): string[] {
  const merged: string[] = [];
  let from = 0;
  for (const name of fresh) {
    const place = placeAmong(kept, name, from);
    merged.push(...kept.slice(from, place), name);
    from = place;
  }
  return merged.concat(kept.slice(from));
}

/** Where this name belongs among sorted ones, from this place on. */
function placeAmong(sorted: readonly string[], name: string, from: number): number {
  let [low, high] = [from, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compare(sorted[middle] ?? '', name) < 0)
      low = middle + 1; // LIST-82
    else high = middle;
  }
  return low;
}
