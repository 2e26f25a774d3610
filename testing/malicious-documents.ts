import type { Page, WebSocketRoute } from 'playwright-core';

type Json = { readonly [name: string]: unknown };
type Key = { readonly type: string; readonly id: unknown };

const SELF = { type: 'user', id: 1 };
const PEOPLE = 100;
const ROOMS = 100;
const MESSAGES = 100;

/**
 * A server of documents that puts these texts into every field that has a text, one after the other. It has rooms, people and
 * messages for every view of the web client.
 */
export class MaliciousDocuments {
  readonly #texts: readonly string[];
  /** How many texts each field was given. */
  readonly given = new Map<string, number>();

  constructor(texts: readonly string[]) {
    this.#texts = texts;
  }

  /** Takes the place of the server for this tab; call it before the page is loaded. */
  async attach(page: Page): Promise<void> {
    await page.routeWebSocket(/\/documents$/, (socket) => {
      socket.onMessage((frame) => this.#receive(socket, JSON.parse(String(frame)) as Json));
    });
  }

  #receive(socket: WebSocketRoute, { type, id, cls, data }: Json): void {
    if (type !== 'request') return;
    const answer = this.#answer(String(cls), (data ?? {}) as Json);
    const status = answer === null ? {} : { data: answer };
    socket.send(JSON.stringify({ type: 'result', id, cls, status: cls === 'register' ? 201 : 200, ...status }));
  }

  #answer(cls: string, data: Json): Json | null {
    const key = data['key'] as Key;
    switch (cls) {
      case 'login':
        return {
          session: 'secret',
          self: SELF,
          rooms: { type: 'rooms', id: 1 },
          fav: { type: 'fav', id: 1 },
          blocked: { type: 'blocked', id: 1 },
          root: { type: 'index', id: 1 },
          home: { type: 'unit', id: 1 },
          config: { media_server: '/media' },
        };
      case 'token':
        return { token: 'secret' };
      case 'get_content':
        return { key, ver: ['identity', 1], content: this.#content(key) };
      case 'get_children':
        return this.#page(data, key);
      case 'patch_content':
        return { ver: ['identity', 2] };
      case 'add_child':
        return { key: { type: 'msg', id: [1, MESSAGES] } };
      case 'search':
        return {
          users: this.#entries({ type: 'members', id: 1 }),
          rooms: this.#entries({ type: 'rooms', id: 1 }).map((room) => ({ ...room, joined: false })),
          msgs: this.#entries({ type: 'room', id: 1 }),
        };
      case 'invitation':
        return {
          key: { type: 'room', id: 2 },
          room: { type: 'room', id: 2 },
          name: this.#text('invitation.name'),
          members_total: 3,
          until: 9e12,
        };
      default:
        return null;
    }
  }

  #page(data: Json, key: Key): Json {
    const all = this.#entries(key);
    const size = Number(data['size'] ?? 50);
    const index = Number(data['page'] ?? data['index'] ?? 1);
    const page = all.slice((index - 1) * size, index * size);
    return { key, ver: ['identity', 1], view: data['view'] ?? 'asc', index, size, total: all.length, page };
  }

  #content({ type, id }: Key): Json {
    switch (type) {
      case 'user':
        return {
          ...this.#person('user'),
          first_name: this.#text('user.first_name'),
          last_name: this.#text('user.last_name'),
          status: this.#text('user.status'),
          username: this.#text('user.username'),
          guest: false,
        };
      case 'room':
        return {
          name: this.#text('room.name'),
          groupname: this.#text('room.groupname'),
          open: Number(id) % 2 === 0,
          members: [{ key: SELF }],
          members_total: PEOPLE,
        };
      case 'msg':
        return { ...this.#message('msg'), read: true };
      case 'member':
        return { role: 'owner', muted_until: null };
      case 'index':
        return { home: { type: 'unit', id: 1 } };
      case 'unit':
        return { name: this.#text('unit.name'), parent: null };
      default:
        return {};
    }
  }

  #entries({ type, id }: Key): readonly Json[] {
    switch (type) {
      case 'room':
        return numbers(MESSAGES).map((number) => ({
          ...this.#message('room', number),
          key: { type: 'msg', id: [id, number] },
        }));
      case 'rooms':
        return numbers(ROOMS).map((number) => ({
          key: { type: 'room', id: number },
          name: this.#text('rooms.name'),
          groupname: this.#text('rooms.groupname'),
          direct: number % 5 === 0,
          unread: 0,
          last_msg: { ...this.#message('rooms.last_msg'), key: { type: 'msg', id: [number, MESSAGES] } },
          members: [{ key: SELF }, { key: { type: 'user', id: number + 1 } }],
          members_total: PEOPLE,
          number: MESSAGES,
          seen: MESSAGES,
          seen_by: 0,
        }));
      case 'index':
        return numbers(3).map((number) => ({ key: { type: 'unit', id: number }, name: this.#text('index.name') }));
      case 'unit':
      case 'fav':
      case 'blocked':
      case 'members':
        return numbers(type === 'blocked' ? 3 : PEOPLE).map((number) => ({
          ...this.#person(type),
          key: { type: 'user', id: type === 'blocked' ? 900 + number : number },
          role: 'member',
        }));
      default:
        return [];
    }
  }

  #person(where: string): Json {
    return {
      display_name: this.#text(`${where}.display_name`),
      picture: this.#text(`${where}.picture`),
      presence: 'online',
      connected: true,
    };
  }

  #message(where: string, sender = 2): Json {
    return {
      sender: { key: { type: 'user', id: sender }, name: this.#text(`${where}.sender`) },
      time: 1_700_000_000_000,
      text: this.#text(`${where}.text`),
      edited: null,
      via: this.#text(`${where}.via`),
      font: {
        family: this.#text(`${where}.font.family`),
        color: this.#text(`${where}.font.color`),
        style: this.#text(`${where}.font.style`),
      },
      file: {
        name: this.#text(`${where}.file.name`),
        size: 10,
        type: this.#text(`${where}.file.type`),
        width: 10,
        height: 10,
        address: this.#text(`${where}.file.address`),
      },
    };
  }

  #text(field: string): string {
    const count = this.given.get(field) ?? 0;
    this.given.set(field, count + 1);
    return this.#texts[count % this.#texts.length] ?? '';
  }
}

function numbers(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}
