import { computed, effect, type ReadonlySignal, signal } from '@preact/signals';
import type {
  Client,
  ContentOf,
  KeyOf,
  MessageEntry,
  Page,
  PersonEntry,
  Room,
  RoomEntry,
} from '../../src/protocols/documents/client.ts';
import { isSamePlace, type Place } from './place.ts';
import { Live } from './live.ts';
import { MessagePages } from './message-pages.ts';
import type { Reading } from './reading.ts';

/** A message that one goes to is shown so far below the upper edge, so that one sees what it answers. */
const JUMP_OFFSET = 64;

const MOST_MEMBERS = 200;

/** Why something else is shown than what the reader wanted to see at this number. */
export type Notice = {
  /** The message is not there, or the reader hides it; or nobody said anything on that day, so that the next message is shown. */
  readonly type: 'missing' | 'no-such-day';
  readonly number: number;
};

/** What the reader is asked or shown about a message. */
export type MessageDialog = { readonly type: 'delete' | 'details'; readonly message: MessageEntry };

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
  /** The reader as a member. */
  readonly role: Live<ContentOf<'member'>>;
  readonly #context: ConversationContext;
  readonly #pages: MessagePages;
  readonly #place = signal<Place>('end');
  readonly #stop: () => void;
  #members: Live<Page<PersonEntry>> | null = null;
  /** Whether the line of the unread ones may move: all before was read, or nobody has looked yet. */
  #canMoveLine = true;
  /** Whether it is shown. */
  readonly isOpen = signal(false);
  /** The number of the first message below the line of the unread ones, or null for no line. */
  readonly newFrom = signal<number | null>(null);
  /** The message that is to be shown and stands out; `at` tells two jumps to the same one apart. */
  readonly target = signal<{ readonly number: number; readonly at: number } | null>(null);
  readonly notice = signal<Notice | null>(null);
  /** The day, such as `2026-12-01`, at which the reader begins to choose one to go to; null while no day is chosen. */
  readonly dayChoice = signal<string | null>(null);
  readonly dialog = signal<MessageDialog | null>(null);

  /** How many messages the room has, which is also the number of the newest one. */
  readonly total: ReadonlySignal<number>;
  /** The loaded messages, oldest first, without a gap between them. */
  readonly loaded: ReadonlySignal<readonly MessageEntry[]>;
  /** The lowest number that a loaded message can have. */
  readonly first: ReadonlySignal<number>;
  /** Whether messages are still to come that were asked for. */
  readonly isLoading: ReadonlySignal<boolean>;
  /** Whether the first message of the room is loaded. */
  readonly isAtStart: ReadonlySignal<boolean>;
  /** Whether the newest message is loaded. */
  readonly hasEnd: ReadonlySignal<boolean>;

  constructor(room: number, context: ConversationContext) {
    this.key = { type: 'room', id: room };
    this.#context = context;
    this.#pages = new MessagePages(context.client, this.key, () => this.entry?.number ?? 0);
    this.total = this.#pages.total;
    this.loaded = this.#pages.loaded;
    this.first = this.#pages.first;
    this.isLoading = this.#pages.isLoading;
    this.isAtStart = this.#pages.isAtStart;
    this.hasEnd = this.#pages.hasEnd;
    this.content = new Live(context.client.watch(this.key));
    this.role = new Live(context.client.watch({ type: 'member', id: [room, context.self] }));
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

  /** The members who can be mentioned, those who are here first; watched from the first use on. */
  get members(): ReadonlySignal<Page<PersonEntry> | undefined> {
    const options = { view: 'asc_pres_first', size: MOST_MEMBERS } as const;
    this.#members ??= new Live(this.#context.client.watchPage({ type: 'members', id: this.key.id }, options));
    return this.#members.value;
  }

  get entry(): RoomEntry | undefined {
    return this.#context.entry(this.key.id);
  }

  /** The loaded messages without those of blocked people. */
  readonly messages = computed((): readonly MessageEntry[] =>
    this.entry?.direct === true ? this.loaded.value : this.loaded.value.filter((message) => !this.#isHidden(message)),
  );

  /** Whether the newest message is what is shown. */
  readonly isAtEnd = computed(() => this.#place.value === 'end' && this.hasEnd.value);

  /** Whether somebody reads the newest messages now: as soon as they are loaded they are shown. */
  readonly isReading = computed(
    () => this.isOpen.value && this.#place.value === 'end' && this.#context.isWatching.value, // WEB-42
  );

  /** Whether this person may delete what others write in the room. */
  readonly isModerator = computed(() => {
    const role = this.role.value.value?.role;
    return role === 'moderator' || role === 'owner';
  });

  /** The number of the last of one's own messages in the window that somebody else has read; 0 for none. */
  readonly lastRead = computed(() => {
    const { self } = this.#context;
    const seenBy = this.entry?.seen_by ?? 0;
    const own = this.messages.value.findLast(
      (message) => !('deleted' in message) && message.sender.key.id === self && message.key.id[1] <= seenBy,
    );
    return own?.key.id[1] ?? 0;
  });

  isOwn(message: MessageEntry): boolean {
    return !('deleted' in message) && message.sender.key.id === this.#context.self;
  }

  /** Where the reader is now. Nothing is drawn again because of it. */
  get place(): Place {
    return this.#place.peek();
  }

  /** Remembers where the reader is; coming back to the room shows that place. */
  moved(place: Place): void {
    if (!isSamePlace(place, this.#place.peek())) this.#place.value = place;
  }

  /** Shows the room where the reader left it, or at a message. `unreadFrom` is a message that the reader has marked as unread. */
  open(number?: number, unreadFrom?: number): void {
    const { entry } = this;
    const isFirst = this.#pages.isNew;
    const first = unreadFrom ?? (entry !== undefined && this.#isUnread(entry) ? this.#firstUnread(entry) : null);
    this.newFrom.value = first;
    this.#canMoveLine = first === null;
    this.isOpen.value = true;
    if (number !== undefined) this.jumpTo(number);
    else if (first !== null && (isFirst || this.#place.value === 'end')) this.show(first, JUMP_OFFSET);
    else if (isFirst) this.toEnd();
  }

  /** The room is not shown any more. */
  leave(): void {
    this.isOpen.value = false;
    this.newFrom.value = null;
    this.target.value = null;
    this.notice.value = null;
    this.dayChoice.value = null;
    this.dialog.value = null;
    if (this.#place.peek() === 'end' && !this.#pages.isNew) this.#pages.toEnd();
  }

  /** The reader has seen all that is loaded up to a message; without one, all. */
  tellSeen(upTo = Number.POSITIVE_INFINITY): void {
    const { entry } = this;
    // The list is drawn before the conversation is opened, which finds out what is unread.
    if (!this.isOpen.peek() || entry === undefined || entry.unread === 0) return;
    const seen = this.loaded.peek().findLast((message) => message.key.id[1] <= upTo);
    if (seen !== undefined) this.#context.reading.seen(entry, this.loaded.peek(), seen.key.id[1]);
  }

  /** Draws the line of the unread ones above a message. */
  markNew(number: number): void {
    this.newFrom.value = number;
    this.#canMoveLine = false;
  }

  /** Goes to the newest message. */
  toEnd(): void {
    this.#place.value = 'end';
    this.#pages.toEnd();
  }

  /** Goes to a message, which then stands out. */
  jumpTo(number: number): void {
    if (this.notice.peek()?.number !== number) this.notice.value = null;
    if (number < 1 || number > this.total.peek()) {
      this.notice.value = { type: 'missing', number }; // WEB-145
      return this.toEnd();
    }
    if (number === this.total.peek()) this.toEnd();
    else this.show(number, JUMP_OFFSET);
    this.target.value = { number, at: performance.now() };
  }

  /** A message has stood out for long enough. With less motion it does so until the reader goes elsewhere. */
  stoodOut(number: number): void {
    if (this.target.peek()?.number === number) this.target.value = null;
  }

  /** Shows a message at so many pixels from the top. */
  show(number: number, offset: number): void {
    this.#place.value = { number, offset };
    this.#pages.toMessage(number);
  }

  loadOlder(): void {
    this.#pages.loadOlder();
  }

  loadNewer(): void {
    this.#pages.loadNewer();
  }

  close(): void {
    this.#stop();
    this.content.close();
    this.role.close();
    this.#members?.close();
    this.#pages.close();
  }

  /** A reader at the newest message stays there. */
  #followNew(): void {
    const total = this.total.value;
    if (this.#place.peek() === 'end') this.#pages.follow(total);
  }

  /** What comes while nobody reads gets a line above it, which stays there until all was read and more comes. */
  #noteUnread(): void {
    const { entry } = this;
    if (this.isReading.value || entry === undefined || !this.#isUnread(entry)) {
      this.#canMoveLine = true;
    } else if (this.#canMoveLine && !this.#pages.isNew) {
      this.#canMoveLine = false;
      this.newFrom.value = this.#firstUnread(entry); // WEB-43
    }
  }

  /** What comes while somebody reads is read. */
  #readNew(): void {
    if (this.isReading.value && this.loaded.value.length > 0) this.tellSeen(); // WEB-42
  }

  /** Whether something is unread that this page has not just told the server it was read. */
  #isUnread(entry: RoomEntry): boolean {
    return entry.unread > 0 && this.#context.reading.toldUpTo(this.key.id) < entry.number;
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
    else this.#place.value = { number: next.key.id[1], offset: JUMP_OFFSET };
  }

  #isHidden(message: MessageEntry): boolean {
    return !('deleted' in message) && this.#context.isBlocked(message.sender.key.id);
  }

  /** The number of the first unread message. Own messages and what was before joining are not unread, although they are beyond `seen`. */
  #firstUnread({ number, unread, seen }: RoomEntry): number {
    return Math.max(seen, number - unread, this.#context.reading.toldUpTo(this.key.id)) + 1;
  }
}
