import type { Clock } from '../../core/ports.ts';
import type { Budget } from '../lists/budget.ts';
import { loading } from '../lists/list-loading.ts';
import { ListView } from '../lists/list-view.ts';
import type { ListEntry } from './entries.ts';
import type { ListSource } from './list-source.ts';
import { type Order, orders } from './orders.ts';

/** So many steps of loading, of about a millisecond each, are made at once, or as many as this time is enough for. */
const STEPS = 5;
const STEPS_MS = 4;

type Use = (view: ListView<ListEntry>) => void;

/** One list in one order, which knows what may have changed since its last version. */
export class LiveList {
  readonly #source: ListSource;
  /** Up to which count each follow was looked at. */
  #counts: number[] = [];
  /** Keys whose entries changed, came or went. */
  #marked = new Set<number>();
  #isReset = false;
  #view: ListView<ListEntry> | null = null;
  readonly #waiting: Use[] = [];

  constructor(source: ListSource) {
    this.#source = source;
  }

  /** Loads the list, at once if it is short. `dropped` is called when the budget takes it. */
  load(identity: string, order: Order, clock: Clock, budget: Budget, dropped: () => void): void {
    this.#look();
    const steps = loading(this.#source.keys(), (key) => this.#source.entry(key), orders[order]);
    advance(clock, steps, (content) => {
      const view = new ListView(identity, content, orders[order], budget, dropped);
      this.#view = view;
      for (const use of this.#waiting.splice(0)) this.#with(view, use);
    });
  }

  /** It is used no more. */
  close(): void {
    this.#view?.close();
  }

  /** The entry of this key changed, came or went. */
  mark(key: number): void {
    this.#marked.add(key);
  }

  /** Everything may have changed. */
  reset(): void {
    this.#isReset = true;
  }

  /** Calls `use` with the list as of now: at once if it is loaded. */
  whenLoaded(use: Use): void {
    if (this.#view === null) this.#waiting.push(use);
    else this.#with(this.#view, use);
  }

  #with(view: ListView<ListEntry>, use: Use): void {
    const keys = this.#changed(view);
    view.refresh(new Map([...keys].map((key) => [key, this.#source.entry(key)])));
    use(view);
  }

  /** The keys of entries that may have changed since the last version. */
  #changed(view: ListView<ListEntry>): ReadonlySet<number> {
    const keys = this.#marked;
    const isLong = this.#source.follows.map(({ changes, keyOf }, index) => {
      const ids = changes.since(this.#counts[index] ?? 0, view.size); // VIEW-21
      for (const key of (ids ?? []).map(keyOf)) if (key !== null) keys.add(key);
      return ids === null;
    });
    if (this.#isReset || isLong.includes(true)) {
      // What came back is not among the entries that are shown.
      for (const key of this.#source.keys()) keys.add(key); // VIEW-21
      for (const key of view.keys) keys.add(key); // VIEW-21
    }
    this.#look();
    return keys;
  }

  #look(): void {
    this.#marked = new Set();
    this.#isReset = false;
    this.#counts = this.#source.follows.map(({ changes }) => changes.count);
  }
}

/** Makes some steps, and the others later (VIEW-23). */
function advance<T>(clock: Clock, steps: Generator<void, T>, done: (value: T) => void): void {
  const end = clock.monotonic() + STEPS_MS;
  for (let made = 0; made < STEPS && clock.monotonic() < end; made++) {
    const step = steps.next();
    if (step.done === true) return done(step.value);
  }
  clock.soon(() => advance(clock, steps, done)); // VIEW-23
}
