import {
  type Client,
  type Driver,
  type Endpoint,
  type Operation,
  PASSWORD,
  Refused,
  sentBy,
  type SentMessage,
} from '../driver.ts';
import { type Conversation, DIRECT, type Observations, type Pattern, type MessagePattern } from '../observations.ts';
import { lineFrames } from '../connection.ts';
import { BaseClient, type ProtocolFormat } from './base-client.ts';
import { type Answer, Copies, type Json, type Key } from './documents-copies.ts';
import { statusOf } from './documents-people.ts';
import { DocumentsScreen, type Login } from './documents-screen.ts';

/** A document that does not exist, where a client knows none of that name. */
const NOBODY: Key = { type: 'user', id: 0 };
const NOWHERE: Key = { type: 'room', id: 0 };

/** The presence that a status means, in small letters; any other status is a text. */
const PRESENCE: ReadonlyMap<string, string> = new Map([
  ['available', 'online'],
  ['online', 'online'],
  ['away', 'away'],
  ['busy', 'busy'],
  ['offline', 'offline'],
]);

class DocumentsClient extends BaseClient implements Client {
  readonly protocol = 'documents';
  readonly #copies = new Copies((cls, data) => this.#ask(cls, data));
  #name = '';
  #self: Key = NOBODY;
  #rooms: Key = NOWHERE;
  #screen: DocumentsScreen | null = null;
  #requests = 0;
  #looked: Promise<unknown> = Promise.resolve();
  #opened: Parameters<BaseClient['open']> | null = null;

  constructor(format: ProtocolFormat) {
    super(format);
    this.observed.askWhileWaiting(() => this.look());
  }

  override open(...args: Parameters<BaseClient['open']>): Promise<this> {
    this.#opened = args;
    return super.open(...args);
  }

  enter(username: string): Promise<void> {
    return this.#enter('enter', { username });
  }

  login(username: string, password: string): Promise<void> {
    return this.#enter('login', { username, password });
  }

  async register(username: string, password: string): Promise<void> {
    await this.#must('register', 'register', { username, password });
  }

  /** One look at a time, so that each asks with the versions of the one before. */
  override look(): Promise<void> {
    const look = this.#looked.then(() => this.#look());
    this.#looked = look.catch(() => {});
    return look;
  }

  async reconnect(server?: Endpoint): Promise<void> {
    if (this.#opened === null) throw new Error('never connected');
    await Promise.all([this.ended, this.#looked]);
    const [last, transport] = this.#opened;
    await this.open(server ?? last, transport);
    await this.#must('login', 'login', { username: this.#name, password: PASSWORD });
  }

  override async checkCopies(): Promise<void> {
    if (this.isOpen) await this.#copies.check();
  }

  async sendToLobby(text: string): Promise<SentMessage> {
    return this.#send('sendToLobby', this.#shown.group('lobby') ?? NOWHERE, text);
  }

  async sendToGroup(group: string, text: string): Promise<SentMessage> {
    await this.look();
    return this.#send('sendToGroup', this.#shown.group(group) ?? NOWHERE, text);
  }

  async sendDirect(name: string, text: string): Promise<SentMessage> {
    const members = [{ key: await this.#personNamed(name) }];
    const obj = { key: { type: 'room' }, members };
    const { data } = await this.#must('sendDirect', 'add_child', { key: this.#rooms, obj });
    return this.#send('sendDirect', data.key as Key, text);
  }

  async edit(sent: SentMessage, text: string): Promise<void> {
    const patch = [{ op: 'replace', path: '/text', value: text }];
    await this.#must('edit', 'patch_content', { key: messageKey(sent), ver: null, patch });
  }

  async delete(sent: SentMessage): Promise<void> {
    const key = messageKey(sent);
    await this.#must('delete', 'remove_child', { key: { type: 'room', id: key.id[0] }, obj: { key } });
  }

  rename(name: string): Promise<void> {
    return this.#patchSelf('rename', [{ op: 'replace', path: '/username', value: name }]);
  }

  async who(names: readonly string[]): Promise<readonly string[]> {
    await this.look();
    return this.#shown.people.present(names);
  }

  override async details(name: string): Promise<{ readonly displayName: string; readonly status: string } | null> {
    await this.look();
    const found = await this.#shown.people.find(name);
    return found && { displayName: found.person.display_name, status: statusOf(found.person) };
  }

  setStatus(text: string): Promise<void> {
    const presence = PRESENCE.get(text.toLowerCase());
    const change = (path: string, value: string | null) => ({ op: 'replace', path, value });
    const status = presence === undefined ? text : null;
    return this.#patchSelf('setStatus', [change('/presence', presence ?? 'online'), change('/status', status)]);
  }

  setDisplayName(text: string): Promise<void> {
    return this.#patchSelf('setDisplayName', [{ op: 'replace', path: '/display_name', value: text }]);
  }

  /** After the answer the connection is open, and nobody is logged in on it. */
  async leave(): Promise<void> {
    if (this.#screen !== null) await this.#must('login', 'logout');
    await this.close();
  }

  async #enter(operation: Operation, data: { readonly username: string; readonly password?: string }): Promise<void> {
    const login = (await this.#must(operation, 'login', data)).data as unknown as Login;
    this.#name = data.username;
    this.#self = login.self;
    this.#rooms = login.rooms;
    this.#screen = new DocumentsScreen(login, this.#copies, this.observed);
    await this.look();
  }

  /** Shows what is new, and tells the server that it was read. Guests have no place to keep that. */
  async #look(): Promise<void> {
    const read = await this.#shown.look();
    const patch = { op: 'add', path: '/read', value: true };
    await Promise.all(read.map((key) => this.#ask('patch_content', { key, ver: null, patch })));
  }

  get #shown(): DocumentsScreen {
    if (this.#screen === null) throw new Error('nobody is logged in');
    return this.#screen;
  }

  async #personNamed(name: string): Promise<Key> {
    await this.look();
    return (await this.#shown.people.find(name))?.key ?? NOBODY;
  }

  async #patchSelf(operation: Operation, patch: readonly Json[]): Promise<void> {
    await this.#must(operation, 'patch_content', { key: this.#self, ver: null, patch });
  }

  async #send(operation: Operation, room: Key, text: string): Promise<SentMessage> {
    const { data } = await this.#must(operation, 'add_child', { key: room, obj: { key: { type: 'msg' }, text } });
    const { id } = data.key as { readonly id: readonly number[] };
    return { ...sentBy(this.#name, text), id: id.join('/') };
  }

  async #must(operation: Operation, cls: string, data?: Json): Promise<Answer> {
    const answer = await this.#ask(cls, data);
    if (answer.status >= 400) throw new Refused('documents', operation, `${answer.status} ${answer.data.msg}`);
    return answer;
  }

  async #ask(cls: string, data?: Json): Promise<Answer> {
    const id = `${++this.#requests}`;
    const frame = await this.raw(JSON.stringify({ type: 'request', id, cls, ...(data && { data }) }));
    const answer = JSON.parse(frame) as Answer & { readonly id: unknown; readonly cls: unknown };
    if (answer.id !== id || answer.cls !== cls) throw new Error(`the answer to ${id} ${cls} is ${frame}`);
    return answer;
  }
}

/** The key of a message whose id came from documents: its room and its number. */
function messageKey({ id }: SentMessage) {
  const [, room, number] = PLACE.exec(id ?? '') ?? [];
  if (room === undefined || number === undefined) throw new Error(`documents knows no message ${id}`);
  return { type: 'msg', id: [Number(room), Number(number)] } as const;
}

const PLACE = /^(\d+)\/(\d+)$/;

type Frame = {
  readonly type: string;
  readonly id?: string;
  readonly data: { readonly code?: number; readonly msg: string };
};

/** What the server cannot read is answered without an id; the last words to a person who is removed have none either. */
function isAnswer(frame: string): boolean {
  const { type, id, data } = JSON.parse(frame) as Frame;
  return type !== 'request' && (id !== undefined || data.code === 4_000_000);
}

/** Follows the document and uses none of the server's code. It asks anyway, so it need not be told of changes. */
function observe(frame: string, observed: Observations): void {
  const { type, data } = JSON.parse(frame) as Frame;
  if (type === 'request') return;
  if (type !== 'error') throw new Error(`documents has no such message: ${frame}`);
  observed.add({ kind: 'server-message', text: data.msg });
}

function shown({ author, text, id, font }: SentMessage, conversation: Conversation): MessagePattern {
  const place = id !== null && PLACE.test(id) ? { id } : {};
  return { kind: 'message', conversation, author, text, ...place, time: 'now', font };
}

const left = (name: string) => ({ kind: 'left', name }) as const;
const entered = (name: string) => ({ kind: 'entered', name }) as const;

const format: ProtocolFormat = { protocol: 'documents', framing: lineFrames, isAnswer, observe };

/** Clients of documents.txt: they keep copies of pages, and ask what changed. */
export const documents: Driver = {
  protocol: 'documents',
  unsupported: { rename: 'in documents the name of a person is not among the fields that can be written' },
  asks: true,
  echo: { rooms: 'all', direct: 'all' },
  echoOnRequest: null,
  history: false,
  privateLines: false,
  transports: ['websocket', 'tcp'],
  singleLine: [],
  refusals: {
    nameTaken: '409 this name is taken',
    nameRegistered: '409 this name belongs to an account: log in with its password',
    banned: (reason) => `403 banned: ${reason}`,
    unreachable: '403 that person cannot be sent direct messages',
  },
  expected: {
    message: (sent, group) => shown(sent, { type: 'group', name: group }),
    direct: (sent) => shown(sent, DIRECT),
    ownDirect: (sent, to) => shown(sent, { type: 'direct', to }),
    edited: (sent, text, conversation) => shown({ ...sent, text }, conversation),
    deleted: (sent, conversation) => shown({ ...sent, text: '(deleted)', font: null }, conversation),
    renamed: (before, name): readonly Pattern[] => [
      { kind: 'renamed', before, name },
      { kind: 'person', name, displayName: name },
    ],
    status: (name, status) => ({ kind: 'person', name, status }),
    displayName: (name, displayName) => ({ kind: 'person', name, displayName }),
    left,
    entered,
    lost: left,
    banned: left,
    banMessage: (_name, reason) => ({ kind: 'server-message', text: `banned: ${reason}` }),
  },
  connect: (...args) => new DocumentsClient(format).open(...args),
};
