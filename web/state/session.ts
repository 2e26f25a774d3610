import { computed, type ReadonlySignal, signal } from '@preact/signals';
import type {
  Client,
  ConnectionState,
  KeyOf,
  OutboxMessage,
  Page,
  PersonEntry,
  RoomEntry,
  User,
} from '../../src/protocols/documents/client.ts';
import type { BrowserStorage } from './browser-storage.ts';
import { ComposerState } from './writing/composer-state.ts';
import { Conversation } from './conversation.ts';
import { Drafts } from './writing/drafts.ts';
import { Live } from './live.ts';
import { Outgoing } from './writing/outgoing.ts';
import { UploadSlots } from './writing/upload-slots.ts';
import { Overlays } from './overlays.ts';
import { People } from './people.ts';
import { Reading } from './reading.ts';
import { RoomList } from './room-list.ts';
import { Search } from './find/search.ts';
import { TypingNotices } from './typing.ts';

/** So many conversations are kept as they were left. */
const MOST_CONVERSATIONS = 10;
const MOST_ROOMS = 200;

/** One person who is logged in, and what this person sees. */
export class ChatSession {
  readonly client: Client;
  readonly name: string;
  readonly drafts: Drafts;
  readonly typing: TypingNotices;
  readonly people: People;
  readonly reading: Reading;
  readonly outgoing: Outgoing;
  readonly uploadSlots = new UploadSlots();
  readonly search: Search;
  readonly overlays = new Overlays();
  readonly self: Live<User>;
  readonly rooms: RoomList;
  readonly favourites: Live<Page<PersonEntry>>;
  readonly blocked: Live<Page<PersonEntry>> | null;
  readonly #isWatching: ReadonlySignal<boolean>;
  readonly #conversations = new Map<number, Conversation>();
  readonly #composers = new Map<number, ComposerState>();
  readonly connection = signal<ConnectionState | undefined>(undefined);
  /** The messages that are not acknowledged. */
  readonly outbox = signal<readonly OutboxMessage[]>([]);
  readonly #entries = computed(() => new Map((this.rooms.value.value?.entries ?? []).map((one) => [one.key.id, one])));
  readonly #blockedIds = computed(() => new Set(this.blocked?.value.value?.entries.map(({ key }) => key.id)));

  constructor(client: Client, name: string, storage: BrowserStorage, isWatching: ReadonlySignal<boolean>) {
    const { self, rooms, fav, blocked } = client.keys;
    this.client = client;
    this.name = name;
    this.#isWatching = isWatching;
    this.drafts = new Drafts(storage, name);
    this.typing = new TypingNotices(client);
    this.people = new People(client);
    this.search = new Search(client);
    this.outgoing = new Outgoing(client, (message, error) => this.composer(message.room.id).givenBack(message, error));
    this.outgoing.keepAtEnd((room, text) => this.drafts.append(room, text));
    this.self = new Live(client.watch(self));
    const list = client.watchPage(rooms, { view: 'recent', size: MOST_ROOMS });
    this.rooms = new RoomList(list, this.self.value, self.id);
    this.reading = new Reading(client, (entry, upTo) => this.rooms.read(entry, upTo));
    this.favourites = new Live(client.watchPage(fav, { view: 'asc_pres_first', size: MOST_ROOMS }));
    this.blocked = blocked ? new Live(client.watchPage(blocked, { size: MOST_ROOMS })) : null;
    this.connection.value = client.connection.value;
    client.connection.subscribe((live) => {
      this.connection.value = live.value;
    });
    this.outbox.value = [...client.outbox];
    client.outbox.subscribe(() => {
      this.outbox.value = [...client.outbox];
    });
  }

  get selfKey(): KeyOf<'user'> {
    return this.client.keys.self;
  }

  /** A room in the list of this person's rooms. */
  entry(room: number): RoomEntry | undefined {
    return this.#entries.value.get(room);
  }

  isBlocked(person: number): boolean {
    return this.#blockedIds.value.has(person);
  }

  isFavourite(person: number): boolean {
    return this.favourites.value.value?.entries.some(({ key }) => key.id === person) === true;
  }

  /** The address of a picture. */
  pictureUrl(path: string): string {
    return `${this.client.session.config.media_server.replace(/\/$/, '')}/${path.replace(/^\//, '')}`;
  }

  /** Marks every room as read. */
  readAll(): void {
    for (const entry of this.rooms.value.peek()?.entries ?? []) this.reading.seenAll(entry);
  }

  /** A room as this person looks at it; the last ones are kept as they were left. */
  conversation(room: number): Conversation {
    const known = this.#conversations.get(room);
    const conversation = known ?? this.#newConversation(room);
    this.#conversations.delete(room);
    this.#conversations.set(room, conversation);
    for (const [old, one] of this.#conversations) {
      if (this.#conversations.size <= MOST_CONVERSATIONS) break;
      if (one.isOpen.peek()) continue;
      one.close();
      this.#conversations.delete(old);
    }
    return conversation;
  }

  /** What is being written in a room. */
  composer(room: number): ComposerState {
    const composer = this.#composers.get(room) ?? new ComposerState(this, room);
    this.#composers.set(room, composer);
    return composer;
  }

  #newConversation(room: number): Conversation {
    return new Conversation(room, {
      client: this.client,
      self: this.selfKey.id,
      entry: (id) => this.entry(id),
      isBlocked: (person) => this.isBlocked(person),
      reading: this.reading,
      isWatching: this.#isWatching,
    });
  }
}
