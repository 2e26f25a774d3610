import { type Conversation, type Font, type Observations, timestampOf } from '../observations.ts';
import type { Copies, Key } from './documents-copies.ts';
import { DocumentsPeople, type Sender, type UserKey } from './documents-people.ts';

/** The keys that a login tells. */
export type Login = { readonly self: UserKey; readonly rooms: Key; readonly blocked: Key };
type Room = {
  readonly key: { readonly type: 'room'; readonly id: number };
  readonly name: string;
  readonly groupname?: string;
  readonly direct: boolean;
  readonly unread: number;
  readonly number: number;
  readonly seen: number;
  readonly members: readonly { readonly key: UserKey }[];
};
type Message = {
  readonly key: { readonly type: 'msg'; readonly id: readonly [room: number, number: number] };
  readonly sender?: Sender;
  /** The server's, in milliseconds. */
  readonly time?: number;
  readonly text?: string;
  readonly font?: Font;
  readonly deleted?: true;
};
/** A message that was not deleted, or what it was before. */
type Readable = Required<Pick<Message, 'sender' | 'time' | 'text'>>;
/** What was shown of a room: up to which number, and its messages as they were shown last. */
type Shown = { newest: number; readonly messages: Map<number, Readable> };

/** What a client shows: at each look it asks for everything, and observes what is new since the last one. */
export class DocumentsScreen {
  readonly people: DocumentsPeople;
  readonly #login: Login;
  readonly #copies: Copies;
  readonly #observed: Observations;
  readonly #shown = new Map<number, Shown>();
  #rooms: readonly Room[] = [];
  #isFirst = true;

  constructor(login: Login, copies: Copies, observed: Observations) {
    this.people = new DocumentsPeople(login.self, copies, observed);
    this.#login = login;
    this.#copies = copies;
    this.#observed = observed;
  }

  /** Resolves with the newest message of others that was shown in each room since the last look. */
  async look(): Promise<readonly Message['key'][]> {
    const { rooms, blocked } = this.#login;
    this.#rooms = await this.#copies.children<Room>(rooms, 'recent');
    const hidden = await this.#copies.children<{ readonly key: UserKey }>(blocked, 'asc');
    const hiddenIds = new Set(hidden.map(({ key }) => key.id));
    const lobby = this.group('lobby');
    if (lobby !== null) await this.people.look(lobby.id);
    for (const id of this.#shown.keys()) if (!this.#rooms.some(({ key }) => key.id === id)) this.#shown.delete(id);
    const read = await Promise.all(this.#rooms.map((room) => this.#lookAt(room, hiddenIds)));
    this.#isFirst = false;
    return read.filter((key) => key !== null);
  }

  /** The room with this group name, as it was at the last look. */
  group(name: string): Room['key'] | null {
    return this.#rooms.find(({ groupname }) => groupname === name)?.key ?? null;
  }

  /** Shows new messages, but none of people that are blocked, whom pages still list. */
  async #lookAt(room: Room, hidden: ReadonlySet<number>): Promise<Message['key'] | null> {
    const shown = this.#shown.get(room.key.id) ?? { newest: this.#seenOf(room), messages: new Map() };
    this.#shown.set(room.key.id, shown);
    const page = await this.#copies.messages<Message>(room.key, shown.newest);
    let read: Message['key'] | null = null;
    for (const message of page) {
      const [, number] = message.key.id;
      const { sender, time = 0, text = '' } = message;
      const before = shown.messages.get(number);
      const isOwn = sender?.key.id === this.#login.self.id;
      const isNew = number > shown.newest && !(this.#isFirst && isOwn);
      if (number > shown.newest && sender !== undefined && !isOwn) read = message.key;
      // A message counts as shown once it is: the connection may end while the name of its author is asked for.
      if (sender === undefined) {
        if (before !== undefined) await this.#observe(room, { ...message, ...before, text: '(deleted)' });
        shown.messages.delete(number);
      } else if ((before === undefined ? isNew : before.text !== text) && !hidden.has(sender.key.id)) {
        await this.#observe(room, { ...message, sender, time, text });
        shown.messages.set(number, { sender, time, text });
      }
      shown.newest = Math.max(shown.newest, number);
    }
    return read;
  }

  /** At the login what was seen elsewhere is not shown again; a room that comes later is new as a whole. */
  #seenOf({ unread, number, seen }: Room): number {
    if (!this.#isFirst) return 0;
    return unread === 0 ? number : seen; // A guest has seen nothing, and has nothing unread.
  }

  async #observe(room: Room, message: Message & Readable): Promise<void> {
    const { key, sender, text, font = null } = message;
    const time = timestampOf(message.time);
    const [author, conversation] = [await this.people.nameOf(sender), await this.#conversation(room, sender)];
    this.#observed.add({ kind: 'message', conversation, author, text, id: key.id.join('/'), time, font });
  }

  async #conversation({ direct, groupname, name, members }: Room, sender: Sender): Promise<Conversation> {
    if (!direct) return { type: 'group', name: groupname ?? name };
    if (sender.key.id !== this.#login.self.id) return { type: 'direct' };
    const other = members.find(({ key }) => key.id !== sender.key.id);
    return { type: 'direct', to: other === undefined ? name : await this.people.nameOf({ ...other, name }) };
  }
}
