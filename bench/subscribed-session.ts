import { pong, webSocketText } from './client-transports.ts';
import { PASSWORD } from './documents-client.ts';
import { IdleConnection } from './idle-connection.ts';
import { ServerFrames } from './server-frames.ts';

/** Which page of which document's children is shown. */
export type PageRequest = { readonly key: unknown; readonly view: string; readonly size: number };

type Json = { readonly [name: string]: unknown };
type Operation = { readonly op: string; readonly path: string; readonly value?: unknown };
type Page = { readonly ver: unknown; readonly page: unknown[] };
type Patch = { readonly ver: unknown; readonly patch: readonly Operation[] };

const INDEX = /^\/(\d+)$/;

/**
 * A session of documents over a WebSocket, which shows a page and is subscribed to it: it confirms each block at once, asks what
 * changed since its version, and applies the patch.
 */
export class SubscribedSession {
  received = 0;
  sent = 0;
  version: unknown = null;
  entries: unknown[] = [];
  readonly #page: PageRequest;
  readonly #patched: () => void;
  readonly #connection: IdleConnection;
  /** Null until the WebSocket is open. */
  #frames: ServerFrames | null = null;
  #answered: ((data: Json) => void) | null = null;
  #ids = 0;

  private constructor(connection: IdleConnection, page: PageRequest, patched: () => void) {
    this.#connection = connection;
    this.#page = page;
    this.#patched = patched;
  }

  /** Makes an account, logs in and joins the room; later calls `patched` after each patch. */
  static async open(
    port: number,
    memory: Uint8Array,
    { username, page }: { readonly username: string; readonly page: PageRequest },
    patched: () => void,
  ): Promise<SubscribedSession> {
    const events = {
      onData: (bytes: Uint8Array) => session.#read(bytes),
      onClose: () => {
        throw new Error('the server closed a subscribed session');
      },
    };
    const connection = await IdleConnection.connect(port, '127.0.0.1', memory, events);
    const session = new SubscribedSession(connection, page, patched);
    for (const step of webSocketText.handshake()) await connection.ask(step);
    session.#frames = new ServerFrames();
    await session.#join(username);
    return session;
  }

  /** Subscribes to the page, and gets it as it is now. */
  async subscribe(): Promise<void> {
    const { ver, page } = (await this.#ask('get_children', { ...this.#page, ver: null, subscribe: true })) as Page;
    this.version = ver;
    this.entries = page;
  }

  close(): void {
    this.#connection.close();
  }

  async #join(username: string): Promise<void> {
    await this.#ask('register', { username, password: PASSWORD });
    const { self } = await this.#ask('login', { username, password: PASSWORD });
    const rooms = { type: 'rooms', id: (self as { readonly id: number }).id };
    await this.#ask('add_child', { key: rooms, obj: { key: this.#page.key } });
  }

  /** Sends a request and returns the data of its answer. */
  #ask(cls: string, data: Json): Promise<Json> {
    const { promise, resolve } = Promise.withResolvers<Json>();
    this.#answered = resolve;
    this.#send(this.#request(cls, data));
    return promise;
  }

  #request(cls: string, data: Json): Json {
    return { type: 'request', id: `${++this.#ids}`, cls, data };
  }

  #read(bytes: Uint8Array): void {
    if (this.#frames === null) return;
    this.received += bytes.length;
    for (const { type, payload } of this.#frames.push(bytes)) {
      if (type === 'ping') this.#write(pong(payload));
      if (type === 'text') this.#take(JSON.parse(payload.toString()));
    }
  }

  #take(message: Json): void {
    const { type, id, cls, status } = message;
    if (type === 'error') throw new Error(JSON.stringify(message));
    const answered = this.#answered;
    if (cls === 'changed') {
      this.#send({ type: 'result', id, cls, status: 200 });
      this.#send(this.#request('get_children', { ...this.#page, ver: this.version }));
    } else if (answered !== null) {
      this.#answered = null;
      answered((message.data ?? {}) as Json);
    } else if (status === 206) this.#patch(message.data as Patch);
    else throw new Error(`not a patch: ${JSON.stringify(message)}`);
  }

  #patch({ ver, patch }: Patch): void {
    for (const operation of patch) this.#apply(operation);
    this.version = ver;
    this.#patched();
  }

  /** New messages add whole entries, and push others off the page: a patch that does anything else is not of this bench. */
  #apply({ op, path, value }: Operation): void {
    const index = Number(INDEX.exec(path)?.[1]);
    if (op === 'add' && index <= this.entries.length) this.entries.splice(index, 0, value);
    else if (op === 'remove' && index < this.entries.length) this.entries.splice(index, 1);
    else throw new Error(`${op} ${path} cannot be applied`);
  }

  #send(message: Json): void {
    this.#write(webSocketText.frame(JSON.stringify(message)));
  }

  #write(frame: Uint8Array): void {
    this.sent += frame.length;
    this.#connection.send(frame);
  }
}
