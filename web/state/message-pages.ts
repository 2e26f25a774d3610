import { batch, computed, signal } from '@preact/signals';
import type { Client, KeyOf, MessageEntry, Page } from '../../src/protocols/documents/client.ts';
import {
  followed,
  isAtEnd,
  newer,
  older,
  PAGE_SIZE,
  type PageWindow,
  windowAround,
  windowAtEnd,
} from '../model/page-window.ts';
import { Live } from './live.ts';

/** A window of a room's messages: consecutive pages that keep themselves fresh. */
export class MessagePages {
  readonly #client: Client;
  readonly #room: KeyOf<'room'>;
  /** The number of the newest message, as far as the list of rooms knows it. */
  readonly #newest: () => number;
  readonly #pages = signal<ReadonlyMap<number, Live<Page<MessageEntry>>>>(new Map());
  readonly #window = signal<PageWindow | null>(null);

  constructor(client: Client, room: KeyOf<'room'>, newest: () => number) {
    this.#client = client;
    this.#room = room;
    this.#newest = newest;
  }

  /** How many messages the room has, which is also the number of the newest one. */
  readonly total = computed(() => {
    // In a direct some may be withheld, which only the pages know.
    const totals = [...this.#pages.value.values()].flatMap((page) => page.value.value?.total ?? []);
    return totals.length > 0 ? Math.max(...totals) : this.#newest();
  });

  /** The loaded messages of the window, oldest first, without a gap between them. */
  readonly loaded = computed((): readonly MessageEntry[] => {
    const window = this.#window.value;
    const pages = this.#pages.value;
    if (window === null) return [];
    const loaded: MessageEntry[] = [];
    for (let index = window.from; index <= window.to; index++) {
      const page = pages.get(index)?.value.value;
      if (page === undefined && loaded.length > 0) break;
      loaded.push(...(page?.entries ?? []));
    }
    return loaded;
  });

  /** The lowest number that a message of the window can have. */
  readonly first = computed(() => ((this.#window.value?.from ?? 1) - 1) * PAGE_SIZE + 1);

  /** Whether pages of the window are still to come. */
  readonly isLoading = computed(() => {
    const pages = [...this.#pages.value.values()];
    const isMissing = (page: Live<unknown>) => page.value.value === undefined && page.error.value === null;
    return this.#window.value === null || pages.some(isMissing);
  });

  /** Whether the first message of the room is in the window. */
  readonly isAtStart = computed(() => this.#window.value?.from === 1);

  /** Whether the newest message is in the window. */
  readonly hasEnd = computed(() => this.#window.value !== null && isAtEnd(this.#window.value, this.total.value));

  /** Whether there is no window yet. */
  get isNew(): boolean {
    return this.#window.peek() === null;
  }

  toEnd(): void {
    this.#show(windowAtEnd(this.total.peek()));
  }

  toMessage(number: number): void {
    this.#show(windowAround(number, this.total.peek()));
  }

  loadOlder(): void {
    const window = this.#window.peek();
    if (window !== null && !this.isLoading.peek()) this.#show(older(window)); // WEB-47
  }

  loadNewer(): void {
    const window = this.#window.peek();
    if (window !== null && !this.isLoading.peek()) this.#show(newer(window, this.total.peek())); // WEB-47
  }

  /** Takes in what has come after the window, which was at the newest message. */
  follow(total: number): void {
    const window = this.#window.peek();
    if (window !== null) this.#show(followed(window, total)); // WEB-41
  }

  close(): void {
    for (const page of this.#pages.peek().values()) page.close();
  }

  #show(window: PageWindow): void {
    const shown = this.#window.peek();
    if (shown?.from === window.from && shown.to === window.to) return;
    const before = this.#pages.peek();
    const pages = new Map<number, Live<Page<MessageEntry>>>();
    for (let page = window.from; page <= window.to; page++) {
      const options = { view: 'asc', page, size: PAGE_SIZE } as const;
      pages.set(page, before.get(page) ?? new Live(this.#client.watchPage(this.#room, options)));
    }
    batch(() => {
      this.#window.value = window;
      this.#pages.value = pages;
    });
    for (const [index, page] of before) if (!pages.has(index)) page.close();
  }
}
