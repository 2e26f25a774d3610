import type { Clock, Ids } from '../../core/ports.ts';
import type { Version, ViewAnswer } from '../answer.ts';
import type { Budget } from '../lists/budget.ts';
import { ContentView } from '../lists/content-view.ts';
import type { ListView } from '../lists/list-view.ts';
import type { ListEntry } from './entries.ts';
import { Holds } from './holds.ts';
import type { ListSource } from './list-source.ts';
import { LiveList } from './live-list.ts';
import { COLLATION, type Order } from './orders.ts';

type Document = { readonly contents: Map<number, ContentView<object>>; readonly lists: Map<Order, LiveList> };

/** The live views in memory, by the name of their document: while they are used, and 30 minutes longer. */
export class LiveDocuments {
  readonly #clock: Clock;
  readonly #ids: Ids;
  readonly #budget: Budget;
  readonly #documents = new Map<string, Document>();
  readonly #holds: Holds<string>;

  constructor(ports: { readonly clock: Clock; readonly ids: Ids }, budget: Budget, inUse: () => Iterable<string>) {
    this.#clock = ports.clock;
    this.#ids = ports.ids;
    this.#budget = budget;
    this.#holds = new Holds(ports.clock, inUse, (name) => this.#release(name));
  }

  /** Answers with a content as it is now; `part` is its id among the contents of the document. */
  content<T extends object>(name: string, part: number, content: T, since: Version | null): ViewAnswer<T> {
    const { contents } = this.#use(name);
    const known = contents.get(part);
    const view = known ?? new ContentView<object>(this.#ids.identity(), this.#budget, () => contents.delete(part));
    contents.set(part, view);
    return view.answer(content, since) as ViewAnswer<T>;
  }

  /** Calls `use` with a list of a document as it is now: at once if it is loaded. */
  list(name: string, order: Order, source: ListSource, use: (view: ListView<ListEntry>) => void): void {
    const document = this.#use(name);
    const known = document.lists.get(order);
    if (known !== undefined) return known.whenLoaded(use);
    const list = new LiveList(source);
    document.lists.set(order, list);
    list.whenLoaded(use);
    const identity = `${this.#ids.identity()}-${COLLATION}`; // VIEW-29
    list.load(identity, order, this.#clock, this.#budget, () => document.lists.delete(order));
  }

  /** An entry of the document's lists changed, came or went. */
  mark(name: string, key: number): void {
    for (const list of this.#documents.get(name)?.lists.values() ?? []) list.mark(key);
  }

  /** All entries of the document's lists may have changed. */
  reset(name: string): void {
    for (const list of this.#documents.get(name)?.lists.values() ?? []) list.reset();
  }

  /** The names of the documents in memory. */
  get names(): Iterable<string> {
    return this.#documents.keys();
  }

  close(): void {
    this.#holds.close();
  }

  #use(name: string): Document {
    this.#holds.use(name); // VIEW-42
    const document = this.#documents.get(name) ?? {
      contents: new Map<number, ContentView<object>>(),
      lists: new Map<Order, LiveList>(),
    };
    this.#documents.set(name, document);
    return document;
  }

  #release(name: string): void {
    const document = this.#documents.get(name);
    this.#documents.delete(name);
    for (const content of document?.contents.values() ?? []) content.close();
    for (const list of document?.lists.values() ?? []) list.close();
  }
}
