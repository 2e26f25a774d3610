import { computed, effect, type ReadonlySignal, signal } from '@preact/signals';
import type { Client, KeyOf, MessageEntry, Page, Room, RoomEntry } from '../../src/protocols/documents/client.ts';
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
import type { Reading } from './reading.ts';

/** Where the reader is: at the newest message, or with this message at so many pixels from the top. */
export type Place = 'end' | { readonly number: number; readonly offset: number };

/** Why something else is shown than what the reader wanted to see at this number. */
export type Notice = {
  /** The message is not there, or the reader hides it; or nobody said anything on that day, so that the next message is shown. */
  readonly type: 'missing' | 'no-such-day';
  readonly number: number;
};

/** What a conversation needs to know of the session that it is in. */
export type ConversationContext = {
  readonly client: Client;
  /** The person who reads. */
  readonly self: number;
  /** The room in the list of the person's rooms; undefined if it is not loaded, or if the person is not in it. */
  entry(room: number): RoomEntry | undefined;
  /** Whether the reader hides what this person writes in rooms. */
  isBlocked(person: number): boolean;
  readonly reading: Reading;
  /** Whether somebody looks at the page. */
  readonly isWatching: ReadonlySignal<boolean>;
};

/** The messages of one room as one reader looks at them: a window of pages that keep themselves fresh. */
export class Conversation {
  readonly key: KeyOf<'room'>;
  readonly content: Live<Room>;
  readonly #context: ConversationContext;
  readonly #pages = signal<ReadonlyMap<number, Live<Page<MessageEntry>>>>(new Map());
  readonly #window = signal<PageWindow | null>(null);
  readonly #place = signal<Place>('end');
  readonly #stop: () => void;
  /** Whether it is shown. */
  readonly isOpen = signal(false);
  /** The number of the first message below the line of the unread ones, or null for no line. */
  readonly newFrom = signal<number | null>(null);
  /** The message that is to be shown and stands out; `at` tells two jumps to the same one apart. */
  readonly target = signal<{ readonly number: number; readonly at: number } | null>(null);
  readonly notice = signal<Notice | null>(null);
  /** The day, such as `2026-12-01`, at which the reader begins to choose one to go to; null while no day is chosen. */
  readonly dayChoice = signal<string | null>(null);

  constructor(room: number, context: ConversationContext) {
    this.key = { type: 'room', id: room };
    this.#context = context;
    this.content = new Live(context.client.watch(this.key));
    const stops = [
      effect(() => this.#followNew()),
      effect(() => this.#noteUnread()),
      effect(() => this.#readNew()),
      effect(() => this.#settle()),
    ];
    this.#stop = () => {
      for (const stop of stops) stop();
    };
  }

  get entry(): RoomEntry | undefined {
    return this.#context.entry(this.key.id);
  }

  /** The number of the newest message, as far as it is known. */
  readonly total = computed(() => {
    const totals = [...this.#pages.value.values()].map((page) => page.value.value?.total ?? 0);
    return Math.max(this.entry?.number ?? 0, ...totals);
  });

  /** The loaded messages of the window, oldest first, without a gap between them, and without those of blocked people. */
  readonly messages = computed((): readonly MessageEntry[] => {
    const window = this.#window.value;
    const pages = this.#pages.value;
    if (window === null) return [];
    const loaded: MessageEntry[] = [];
    for (let index = window.from; index <= window.to; index++) {
      const page = pages.get(index)?.value.value;
      if (page === undefined && loaded.length > 0) break;
      loaded.push(...(page?.entries ?? []));
    }
    return this.entry?.direct === true ? loaded : loaded.filter((message) => !this.#isHidden(message));
  });

  /** Whether pages of the window are still to come. */
  readonly isLoading = computed(() => {
    const pages = [...this.#pages.value.values()];
    return (
      this.#window.value === null || pages.some((page) => page.value.value === undefined && page.error.value === null)
    );
  });

  /** Whether the first message of the room is in the window. */
  readonly isAtStart = computed(() => this.#window.value?.from === 1);

  /** Whether the newest message is in the window. */
  readonly hasEnd = computed(() => this.#window.value !== null && isAtEnd(this.#window.value, this.total.value));

  /** Whether somebody reads the newest messages now. */
  readonly isReading = computed(
    () => this.isOpen.value && this.#place.value === 'end' && this.hasEnd.value && this.#context.isWatching.value,
  );

  /** The number of the last of one's own messages in the window that somebody else has read; 0 for none. */
  readonly lastRead = computed(() => {
    const { self } = this.#context;
    const seenBy = this.entry?.seen_by ?? 0;
    const own = this.messages.value.findLast(
      (message) => !('deleted' in message) && message.sender.key.id === self && message.key.id[1] <= seenBy,
    );
    return own?.key.id[1] ?? 0;
  });

  get place(): Place {
    return this.#place.value;
  }

  /** Remembers where the reader is; coming back to the room shows that place. */
  moved(place: Place): void {
    if (!isSame(place, this.#place.peek())) this.#place.value = place;
  }

  /** Shows the room where the reader left it, or at a message. `unreadFrom` is a message that the reader has marked as unread. */
  open(number?: number, unreadFrom?: number): void {
    const { entry } = this;
    const isFirst = this.#window.value === null;
    const first = unreadFrom ?? (entry && entry.unread > 0 ? entry.seen + 1 : null);
    if (first !== null) this.newFrom.value = first;
    this.isOpen.value = true;
    if (number !== undefined) this.jumpTo(number);
    else if (first !== null && (isFirst || this.#place.value === 'end')) this.#begin(first);
    else if (isFirst) this.toEnd();
  }

  /** The room is not shown any more. */
  leave(): void {
    this.isOpen.value = false;
    this.newFrom.value = null;
    this.target.value = null;
    this.notice.value = null;
    this.dayChoice.value = null;
    if (this.#place.value === 'end' && this.#window.value !== null) this.#show(windowAtEnd(this.total.value));
  }

  /** The reader has seen all that is loaded. */
  tellSeen(): void {
    const { entry } = this;
    if (entry !== undefined && entry.unread > 0) this.#context.reading.seen(entry, this.messages.peek());
  }

  /** Goes to the newest message. */
  toEnd(): void {
    this.#place.value = 'end';
    this.#show(windowAtEnd(this.total.value));
  }

  /** Goes to a message, which then stands out. */
  jumpTo(number: number): void {
    if (this.notice.peek()?.number !== number) this.notice.value = null;
    if (number < 1 || number > this.total.peek()) {
      this.notice.value = { type: 'missing', number }; // WEB-145
      return this.toEnd();
    }
    if (number === this.total.peek()) this.toEnd();
    else {
      this.#place.value = { number, offset: 0 };
      this.#show(windowAround(number, this.total.value));
    }
    this.target.value = { number, at: performance.now() };
  }

  /** A message has stood out for long enough. With less motion it does so until the reader goes elsewhere. */
  stoodOut(number: number): void {
    if (this.target.peek()?.number === number) this.target.value = null;
  }

  loadOlder(): void {
    const window = this.#window.value;
    if (window !== null && !this.isLoading.value) this.#show(older(window));
  }

  loadNewer(): void {
    const window = this.#window.value;
    if (window !== null && !this.isLoading.value) this.#show(newer(window, this.total.value));
  }

  close(): void {
    this.#stop();
    this.content.close();
    for (const page of this.#pages.peek().values()) page.close();
  }

  /** Shows the first unread message: at the top if there are many, else as part of the newest. */
  #begin(first: number): void {
    if (this.total.value - first < PAGE_SIZE) return this.toEnd();
    this.#place.value = { number: first, offset: 48 };
    this.#show(windowAround(first, this.total.value));
  }

  #show(window: PageWindow): void {
    const before = this.#pages.peek();
    const pages = new Map<number, Live<Page<MessageEntry>>>();
    for (let page = window.from; page <= window.to; page++) {
      const options = { view: 'asc', page, size: PAGE_SIZE } as const;
      pages.set(page, before.get(page) ?? new Live(this.#context.client.watchPage(this.key, options)));
    }
    this.#window.value = window;
    this.#pages.value = pages;
    for (const [index, page] of before) if (!pages.has(index)) page.close();
  }

  /** A reader at the newest message stays there. */
  #followNew(): void {
    const total = this.total.value;
    const window = this.#window.peek();
    if (window === null || this.#place.peek() !== 'end') return;
    const next = followed(window, total);
    if (next.from !== window.from || next.to !== window.to) this.#show(next);
  }

  /** What comes while nobody reads gets a line above it. */
  #noteUnread(): void {
    const { entry } = this;
    if (entry === undefined || entry.unread === 0 || this.isReading.value || this.#window.peek() === null) return;
    if (this.newFrom.peek() === null) this.newFrom.value = entry.seen + 1;
  }

  /** What comes while somebody reads is read. */
  #readNew(): void {
    if (this.isReading.value && this.messages.value.length > 0) this.tellSeen();
  }

  /** Where the message that the reader wants to see is not among the loaded ones, the next one is shown. */
  #settle(): void {
    const target = this.target.value;
    const place = this.#place.value;
    if (target === null || place === 'end' || place.number !== target.number || this.isLoading.value) return;
    const messages = this.messages.value;
    if (messages.length === 0 || messages.some(({ key }) => key.id[1] === target.number)) return;
    this.target.value = null;
    this.notice.value = { type: 'missing', number: target.number }; // WEB-145
    const next = messages.find(({ key }) => key.id[1] > target.number);
    if (next === undefined) this.toEnd();
    else this.#place.value = { number: next.key.id[1], offset: 0 };
  }

  #isHidden(message: MessageEntry): boolean {
    return !('deleted' in message) && this.#context.isBlocked(message.sender.key.id);
  }
}

/** Whether nobody could see a difference: a view that is drawn again for each change would never end. */
function isSame(one: Place, other: Place): boolean {
  if (one === 'end' || other === 'end') return one === other;
  return one.number === other.number && Math.abs(one.offset - other.offset) < 1;
}
