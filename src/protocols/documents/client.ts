import { type Platform, withDefaults } from '../../lib/platform.ts';
import type { Push, Typing } from './client/codec.ts';
import { Commands } from './client/commands.ts';
import { Confirmations } from './client/confirmations.ts';
import { Connection, type Session } from './client/connection.ts';
import { Copies } from './client/copies.ts';
import type { ContentOf, EntryOf, KeyOf } from './client/documents.ts';
import { DocumentsError, unfit } from './client/error.ts';
import { Listeners } from './client/listeners.ts';
import { LiveSource, LiveValue } from './client/live-value.ts';
import { Outbox, type OutboxMessage, type SendOptions } from './client/outbox.ts';
import { accountData } from './client/register.ts';
import { Requests } from './client/requests.ts';
import type { Page, PageOptions } from './client/target.ts';
import type { Key } from './schema.ts';

export type { Platform } from '../../lib/platform.ts';
export type { Typing } from './client/codec.ts';
export type { Ban, Invitation, InvitationTerms, NewInvitation } from './client/commands.ts';
export type { Session } from './client/connection.ts';
export type * from './client/documents.ts';
export { DocumentsError, type Failure } from './client/error.ts';
export type { LiveValue } from './client/live-value.ts';
export type { Outbox, OutboxMessage, SendOptions } from './client/outbox.ts';
export { register, type RegisterOptions } from './client/register.ts';
export type { Page, PageOptions } from './client/target.ts';
export type { Key, Version, ViewName } from './schema.ts';

/**
 * Without a password or a token of the account the person is a guest. `session` and `outbox` are what an earlier run of the program has kept; only together
 * with its session the server knows which messages of the outbox it has.
 */
export type Options = {
  readonly name: string;
  readonly password?: string;
  /** What `Client.token` gave, in place of the password. */
  readonly token?: string;
  readonly session?: Session;
  readonly outbox?: readonly OutboxMessage[];
  readonly platform?: Partial<Platform>;
};

/** How a client ends. `endToken` means nothing with `keepSession`. */
export type CloseOptions = { readonly keepSession?: boolean; readonly endToken?: boolean };

/** Whether the client is connected. `resumed`: with the session from before; else the person may have another id, as guests do. */
export type ConnectionState =
  | { readonly type: 'connected'; readonly resumed: boolean }
  | { readonly type: 'offline'; readonly reason: string }
  | { readonly type: 'closed' }
  /** The server refuses the person, and the client does not try again. */
  | { readonly type: 'refused'; readonly error: DocumentsError };

/** The keys of the person's own documents, of the directory and of the person's unit. */
export type Keys = Omit<Session, 'session' | 'config'>;

type RoomKey = KeyOf<'room'>;
type MessageKey = KeyOf<'msg'>;
/**
 * Logs in at a server, for example at `ws://localhost:5000/documents`, or goes on with a kept session. Rejects with a DocumentsError
 * `refused`, `offline` or `unreadable`, and with a TypeError for what is not well-formed Unicode.
 */
export function connect(url: string, options: Options): Promise<Client> {
  return Client.open(url, options);
}

/** One person on one server. It reconnects by itself and keeps copies of what is watched. */
export class Client extends Commands {
  readonly #copies: Copies;
  readonly #confirmations: Confirmations;
  readonly #connection: Connection;
  readonly #typing = new Listeners<Typing>();
  readonly #state = new LiveSource<ConnectionState>();
  /** The messages that are not acknowledged. */
  readonly outbox: Outbox;
  /** Whether the client is connected, now and later. */
  readonly connection: LiveValue<ConnectionState> = new LiveValue(this.#state);

  private constructor(url: string, { name, password, token, session, outbox = [], platform = {} }: Options) {
    const complete = withDefaults(platform);
    super(new Requests(complete));
    this.#copies = new Copies(this.requests, complete.after);
    this.#confirmations = new Confirmations(this.requests, complete.after);
    this.outbox = new Outbox(this.requests, complete.after, outbox);
    const secret = { ...(password !== undefined && { password }), ...(token !== undefined && { token }) };
    this.#connection = new Connection(url, complete, { name, secret }, session ?? null, {
      newId: () => this.requests.newId(),
      connected: (channel, resumed) => {
        this.requests.connected(channel, resumed);
        this.#copies.connected(resumed);
        this.outbox.connected(resumed);
        this.#show({ type: 'connected', resumed });
      },
      pushed: (push) => this.#pushed(push),
      lost: (reason) => {
        this.requests.lost();
        this.#confirmations.lost();
        this.#show({ type: 'offline', reason });
      },
      ended: (error) => this.#ended(error),
    });
  }

  /** Implements `connect`. */
  static async open(url: string, options: Options): Promise<Client> {
    const client = new Client(url, options);
    await client.#connection.open();
    return client;
  }

  /** The session, to be kept by the application. It is another one after each `connected` that is not `resumed`. */
  get session(): Session {
    const { session } = this.#connection;
    if (session === null) throw new DocumentsError('offline', 'not connected');
    return session;
  }

  get keys(): Keys {
    const { session: _, config: __, ...keys } = this.session;
    return keys;
  }

  /** Watches the content of a document. Everybody who watches the same shares one copy; close it when it is not shown any more. */
  watch<K extends Key>(key: K): LiveValue<ContentOf<K['type']>> {
    return this.#copies.watch({ cls: 'get_content', data: { key } }) as unknown as LiveValue<ContentOf<K['type']>>;
  }

  /** Watches a page of a document's children in the same way. */
  watchPage<K extends Key>(key: K, options: PageOptions = {}): LiveValue<Page<EntryOf<K['type']>>> {
    const live = this.#copies.watch({ cls: 'get_children', data: { ...options, key } });
    return live as unknown as LiveValue<Page<EntryOf<K['type']>>>;
  }

  /**
   * Sends a message to a room by way of the outbox, also while offline; see `Outbox.send`. A `file` is what the server answered
   * to `POST /files?name=NAME` with `Authorization: Bearer SESSION` and the bytes as body; an hour later it is gone if no
   * message has it. With a file the text may be empty.
   */
  send(room: RoomKey, text: string, options: SendOptions = {}): Promise<MessageKey> {
    return this.outbox.send(room, text, options);
  }

  /** Says that this person types in a room, or has stopped: every 3 s while it goes on, and not more often. */
  typing(room: RoomKey, typing = true): void {
    this.requests.tell({ type: 'notify', cls: 'typing', data: { key: room, typing } }); // DOC-206
  }

  /**
   * Calls the listener when somebody types in a room that is watched, or has stopped, until the returned function is called. Forget
   * it after 6 s, or when a message of the person comes.
   */
  subscribeTyping(listener: (typing: Typing) => void): () => void {
    return this.#typing.add(listener); // DOC-206
  }

  /**
   * Asks for a token: a secret that logs the account in until it expires, 14 days after its last use. It may be kept where a
   * password must not be. From now on this client logs in by it, and not by the password.
   */
  async token(): Promise<string> {
    const answer = await this.requests.promise({ cls: 'token' });
    if (answer.cls !== 'token') throw unfit(); // DOC-200
    const { token } = answer.data;
    this.#connection.credentials.secret = { token }; // DOC-207
    return token;
  }

  /**
   * Changes the password of the account, which ends its other sessions and all its tokens. From now on this client logs in by the
   * new password, until the application asks for another token.
   */
  async setPassword(old: string, password: string): Promise<void> {
    await this.request('password', { old, new: password });
    this.#connection.credentials.secret = { password }; // DOC-182
  }

  /** Turns this guest into an account with the same name. */
  async register(password: string, displayName?: string): Promise<void> {
    const { name } = this.#connection.credentials;
    await this.request('register', accountData({ name, password, ...(displayName !== undefined && { displayName }) }));
    this.#connection.credentials.secret = { password }; // DOC-182
  }

  /** Deletes the account, and closes this client. */
  async deleteAccount(password: string): Promise<void> {
    await this.request('delete_account', { password });
    await this.close({ keepSession: true });
  }

  /**
   * Tells the client that the network may have changed, or that the program did not run for a while. In a browser, call it at the
   * events `online` and `visibilitychange`: an offline client then connects at once, and a dead connection is noticed within 5 s.
   */
  check(): void {
    this.#connection.check();
  }

  /**
   * Logs out and ends; resolves when the connection has ended. With `keepSession` another `connect` can go on with the session. With
   * `endToken` the token by which the client logs in is good for nothing any more, unless the client is offline.
   */
  close({ keepSession = false, endToken = false }: CloseOptions = {}): Promise<void> {
    this.outbox.close();
    this.requests.close();
    const { token } = this.#connection.credentials.secret;
    const ended = endToken && token !== undefined && { data: { token } }; // DOC-208
    return this.#connection.close(keepSession ? null : { type: 'request', cls: 'logout', ...ended }); // DOC-202
  }

  protected override added(): void {
    this.#copies.askRefused(); // DOC-188
  }

  #pushed(push: Push): void {
    switch (push.type) {
      case 'error':
        return this.#confirmations.refused(push);
      case 'notify':
        return this.#typing.tell(push.data); // DOC-206
      case 'request':
        this.#copies.changed(push);
        this.#confirmations.confirm(push.id); // DOC-184
    }
  }

  #ended(error: DocumentsError | null): void {
    this.outbox.end(error);
    this.requests.end();
    this.#confirmations.lost();
    this.#copies.end(error);
    this.#show(error === null ? { type: 'closed' } : { type: 'refused', error });
    this.#state.finish(error);
  }

  #show(value: ConnectionState): void {
    this.#state.set({ value, error: null, version: null });
  }
}
