import assert from 'node:assert/strict';
import type { Key } from '../src/protocols/documents/schema.ts';
import { openTestApp, type TestApp, type TestAppOptions } from './app.ts';

/** An object as it comes over the wire. */
export type Json = { readonly [name: string]: unknown };

/** An answer or another message of the server. */
export type Answer = { readonly type: string; readonly status?: number; readonly data?: Json } & Json;

export const PASSWORD = 'correct horse battery';

/** An app with clients of documents, which are read as the document prints their messages. */
export class DocumentsScene {
  readonly app: TestApp;

  constructor(app: TestApp) {
    this.app = app;
  }

  static async open(options: TestAppOptions = {}): Promise<DocumentsScene> {
    return new DocumentsScene(await openTestApp(options));
  }

  client(): DocumentsClient {
    return new DocumentsClient(this.app);
  }

  /** A client that is logged in to a new account of this name. */
  async member(name: string): Promise<DocumentsClient> {
    const client = this.client();
    assert.equal((await client.ask('register', { username: name, password: PASSWORD })).status, 201);
    await client.login({ username: name, password: PASSWORD });
    return client;
  }

  async guest(name: string): Promise<DocumentsClient> {
    const client = this.client();
    await client.login({ username: name });
    return client;
  }
}

/** One connection that speaks documents. */
export class DocumentsClient {
  /** The data of the answer to the last login. */
  session: Json = {};
  readonly #app: TestApp;
  readonly #pair: ReturnType<TestApp['connect']>;
  #ids = 0;

  constructor(app: TestApp) {
    this.#app = app;
    this.#pair = app.connect('documents');
  }

  /** The id of the person who is logged in. */
  get id(): number {
    return (this.session.self as Key).id as number;
  }

  get user(): Key {
    return { type: 'user', id: this.id };
  }

  get fav(): Key {
    return { type: 'fav', id: this.id };
  }

  get rooms(): Key {
    return { type: 'rooms', id: this.id };
  }

  /** How the server ended the connection; null while it is open. */
  get endedAs(): string | null {
    return this.#pair.link.ended?.kind ?? null;
  }

  async login(data: Json): Promise<void> {
    const answer = await this.ask('login', data);
    assert.equal(answer.status, 200, JSON.stringify(answer));
    this.session = answer.data ?? {};
  }

  /** Goes on with the session of another connection. */
  async resume({ session }: DocumentsClient): Promise<void> {
    assert.equal((await this.ask('reconnect', { session: session.session })).status, 200);
    this.session = session;
  }

  /** Sends one request and returns its answer. */
  async ask(cls: string, data?: Json): Promise<Answer> {
    const [answer] = await this.send({ type: 'request', id: `id ${++this.#ids}`, cls, ...(data && { data }) });
    return answer ?? assert.fail(`no answer to ${cls}`);
  }

  /** Sends these messages at once, objects or texts, and returns all that came since the last call. */
  async send(...messages: readonly (Json | string)[]): Promise<Answer[]> {
    const texts = messages.map((message) => (typeof message === 'string' ? message : JSON.stringify(message)));
    this.#pair.peer.send(new TextEncoder().encode(texts.join('')));
    await this.#app.settle();
    const lines = new TextDecoder().decode(this.#pair.peer.take()).split('\n').slice(0, -1);
    return lines.map((line): Answer => JSON.parse(line));
  }

  async drop(): Promise<void> {
    this.#pair.peer.close();
    await this.#app.settle();
  }

  /** The status of an answer, and the code of an error. */
  async status(cls: string, data?: Json): Promise<number> {
    const { status, data: answer } = await this.ask(cls, data);
    return (answer?.code as number | undefined) ?? status ?? 0;
  }

  /** The whole content of a document. */
  async content(key: Key): Promise<Json> {
    const { data } = await this.ask('get_content', { key, ver: null });
    return (data?.content ?? assert.fail(`no content of ${JSON.stringify(key)}: ${JSON.stringify(data)}`)) as Json;
  }

  /** The entries of a whole page of children. */
  async children(key: Key, more: Json = {}): Promise<readonly Json[]> {
    const { data } = await this.ask('get_children', { key, ver: null, ...more });
    return (data?.page ?? assert.fail(`no children of ${JSON.stringify(key)}: ${JSON.stringify(data)}`)) as Json[];
  }

  /** The version of a content. */
  async version(key: Key): Promise<unknown> {
    return (await this.ask('get_content', { key })).data?.ver;
  }

  /** Adds a child and returns its key. */
  async add<T extends Key['type']>(key: Key, obj: Json): Promise<Extract<Key, { type: T }>> {
    const answer = await this.ask('add_child', { key, obj });
    assert.equal(answer.status, 200, JSON.stringify(answer));
    return answer.data?.key as Extract<Key, { type: T }>;
  }

  patch(key: Key, fields: Json, ver: unknown = null): Promise<Answer> {
    const patch = Object.entries(fields).map(([name, value]) => ({ op: 'add', path: `/${name}`, value }));
    return this.ask('patch_content', { key, ver, patch });
  }
}
