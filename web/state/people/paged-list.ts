import { computed, signal } from '@preact/signals';
import type { Client, EntryOf, KeyOf, Page, ViewName } from '../../../src/protocols/documents/client.ts';
import { Live } from '../live.ts';

/** The documents whose children are people or units. */
export type ListType = 'members' | 'unit' | 'index' | 'fav' | 'blocked';

type Entry = EntryOf<ListType>;

const SIZE = 100;

/** The children of a document, as many pages of them as were asked for; each page keeps itself fresh. */
export class PagedList {
  readonly #client: Client;
  readonly #key: KeyOf<ListType>;
  readonly #view: ViewName;
  readonly #pages = signal<readonly Live<Page<Entry>>[]>([]);

  constructor(client: Client, key: KeyOf<ListType>, view: ViewName) {
    this.#client = client;
    this.#key = key;
    this.#view = view;
    this.#add();
  }

  /** The number of all entries; undefined until it is known. */
  readonly total = computed(() => this.#pages.value[0]?.value.value?.total);

  /** The loaded entries in order. Somebody who moves from page to page may be on two of them for a moment, and is shown once. */
  readonly entries = computed((): readonly Entry[] => {
    const entries = new Map<string, Entry>();
    for (const page of this.#pages.value)
      for (const entry of page.value.value?.entries ?? []) {
        const name = `${entry.key.type} ${entry.key.id}`;
        if (!entries.has(name)) entries.set(name, entry);
      }
    return [...entries.values()];
  });

  readonly hasMore = computed(() => (this.total.value ?? 0) > this.#pages.value.length * SIZE);

  /** Whether the last page is still to come. A page that is not there any more has an error, and counts as loaded. */
  readonly isLoading = computed(() => {
    const last = this.#pages.value.at(-1);
    return last !== undefined && last.value.value === undefined && last.error.value === null;
  });

  /** Why the server refuses the list; null if it does not. */
  readonly error = computed(() => this.#pages.value[0]?.error.value ?? null);

  /** Loads one more page, if there is one and none is on its way. */
  loadMore(): void {
    if (this.hasMore.value && !this.isLoading.value) this.#add(); // WEB-106
  }

  close(): void {
    for (const page of this.#pages.peek()) page.close();
  }

  #add(): void {
    const page = this.#pages.peek().length + 1;
    const live = this.#client.watchPage(this.#key, { view: this.#view, page, size: SIZE });
    this.#pages.value = [...this.#pages.peek(), new Live(live)];
  }
}
