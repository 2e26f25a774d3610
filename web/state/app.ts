import { effect, signal } from '@preact/signals';
import { type Client, connect, DocumentsError, type Options, register } from '../../src/protocols/documents/client.ts';
import { Attention } from './attention.ts';
import { BrowserStorage, onChangeElsewhere, storageOf } from './browser-storage.ts';
import { Preferences } from './preferences.ts';
import { randomId } from './random-id.ts';
import { Router } from './router.ts';
import { readServerFacts, serverAddress } from './server-facts.ts';
import { ChatSession } from './session.ts';
import { TabRecords } from './tab-records.ts';
import { Shortcuts } from './find/shortcuts.ts';
import { Tabs } from './tabs.ts';

/** How far this page has come. */
export type Stage =
  | { readonly type: 'starting' }
  /** Nobody is logged in. `problem` is why somebody is not logged in any more, or could not be. */
  | { readonly type: 'entrance'; readonly problem: DocumentsError | null; readonly name: string }
  /** The server could not be reached yet. */
  | { readonly type: 'unreachable' }
  | { readonly type: 'inside'; readonly session: ChatSession };

/** The account that this browser is logged in with. */
type Account = { readonly name: string; readonly token: string };

/** Who enters: an account by its token or password, or a guest. */
type Entry = { readonly name: string; readonly token?: string; readonly password?: string };

const ACCOUNT = 'account';
const RECORD = 'record';
const RETRY_MS = 3_000;

/** The page: who is logged in, what is shown, what was chosen. */
export class App {
  readonly facts = readServerFacts();
  readonly router = new Router();
  readonly shortcuts = new Shortcuts(this.router);
  readonly attention = new Attention();
  readonly storage = new BrowserStorage(storageOf('localStorage'));
  readonly preferences = new Preferences(this.storage);
  readonly tabs = new Tabs((name) => this.#loggedOutElsewhere(name));
  readonly #tabStorage = new BrowserStorage(storageOf('sessionStorage'));
  readonly #records = new TabRecords(this.storage);
  readonly stage = signal<Stage>({ type: 'starting' });

  constructor() {
    effect(() => this.tabs.tell({ isWatching: this.attention.isWatching.value }));
    onChangeElsewhere((key) => {
      if (key === ACCOUNT && this.stage.peek().type === 'entrance') void this.start();
    });
  }

  /** Goes on as the person that this tab or this browser knows, or shows the entrance. */
  async start(): Promise<void> {
    const account = this.#account;
    const inUse = await this.tabs.recordsInUse();
    const own = this.#tabStorage.get(RECORD);
    const kept = typeof own === 'string' && !inUse.has(own) ? this.#records.read(own) : null;
    const isFit = kept !== null && (kept.isGuest ? account === null : kept.name === account?.name);
    const id = isFit ? (own as string) : this.#records.adoptable(account?.name ?? null, inUse, Date.now());
    const record = id === null ? null : this.#records.read(id);
    if (account === null && record === null) return this.#showEntrance(null, '');
    const name = record?.name ?? account?.name ?? '';
    const entry = account === null ? { name } : { name, token: account.token };
    const resumed = record === null ? {} : { session: record.session, outbox: record.outbox };
    await this.#enter(entry, id ?? randomId(), resumed, 'retry');
  }

  /** Logs an account in; rejects with a DocumentsError. */
  async logIn(name: string, password: string): Promise<void> {
    const client = await this.#enter({ name, password }, randomId(), {}, 'reject');
    await this.#keepToken(client, name);
  }

  /** Lets a guest in; rejects with a DocumentsError. */
  async enterAsGuest(name: string): Promise<void> {
    await this.#enter({ name }, randomId(), {}, 'reject');
  }

  /** Makes an account and logs it in; rejects with a DocumentsError. */
  async signUp(name: string, password: string, displayName: string): Promise<void> {
    await register(serverAddress(), { name, password, ...(displayName !== '' && { displayName }) });
    await this.logIn(name, password);
  }

  /** Turns this guest into an account with the same name; rejects with a DocumentsError. */
  async becomeAccount(session: ChatSession, password: string): Promise<void> {
    await session.client.register(password);
    await this.#keepToken(session.client, session.name);
  }

  /** Gives the account another password; rejects with a DocumentsError. */
  async setPassword(session: ChatSession, old: string, password: string): Promise<void> {
    await session.client.setPassword(old, password);
    await this.#keepToken(session.client, session.name);
  }

  /** Logs out, here and in the other tabs. */
  async logOut({ client, name, drafts }: ChatSession): Promise<void> {
    const isAccount = this.#account?.name === name;
    this.#forget();
    drafts.clear();
    this.router.replace({ type: 'home' });
    this.#showEntrance(null, name);
    if (isAccount) {
      this.storage.set(ACCOUNT, undefined);
      this.tabs.tellLoggedOut(name);
    }
    await client.close({ endToken: isAccount });
  }

  get #account(): Account | null {
    const kept = this.storage.get(ACCOUNT) as Partial<Account> | undefined;
    return typeof kept?.name === 'string' && typeof kept.token === 'string' ? (kept as Account) : null;
  }

  async #keepToken(client: Client, name: string): Promise<void> {
    const token = await client.token();
    this.storage.set(ACCOUNT, { name, token });
  }

  /** With `retry` it goes on until the server can be reached; else it rejects. */
  async #enter(
    entry: Entry,
    record: string,
    resumed: Pick<Options, 'session' | 'outbox'>,
    failing: 'retry' | 'reject',
  ): Promise<Client> {
    for (;;) {
      try {
        const client = await connect(serverAddress(), { ...entry, ...resumed });
        this.#entered(client, entry, record);
        return client;
      } catch (error) {
        if (!(error instanceof DocumentsError) || failing === 'reject') throw error;
        if (error.code === 'refused') {
          this.#refused(entry, error);
          throw error;
        }
        this.stage.value = { type: 'unreachable' };
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }

  #entered(client: Client, entry: Entry, record: string): void {
    const session = new ChatSession(client, entry.name, this.storage, this.attention.isWatching);
    this.#tabStorage.set(RECORD, record);
    this.tabs.tell({ record });
    const isThere = () => {
      const stage = this.stage.peek();
      return stage.type === 'inside' && stage.session === session;
    };
    this.stage.value = { type: 'inside', session };
    const keep = () => {
      if (!isThere()) return;
      const isGuest = this.#account?.name !== entry.name;
      const outbox = [...client.outbox];
      this.#records.write(record, { name: entry.name, isGuest, session: client.session, outbox, savedAt: Date.now() });
    };
    keep();
    client.outbox.subscribe(keep);
    client.connection.subscribe(({ value }) => {
      if (value?.type === 'connected') keep();
      if (value?.type === 'refused' && isThere()) this.#refused(entry, value.error);
    });
    const check = () => client.check();
    const checkVisible = () => document.visibilityState === 'visible' && check();
    addEventListener('online', check);
    document.addEventListener('visibilitychange', checkVisible);
    addEventListener('pagehide', keep);
  }

  /** The server does not take this person any more. Another tab may have a newer token, or may have taken the session. */
  #refused({ token }: Entry, error: DocumentsError): void {
    const account = this.#account;
    this.#forget();
    if (account !== null && (account.token !== token || error.status === null)) return void this.start();
    this.storage.set(ACCOUNT, undefined);
    this.#showEntrance(error, account?.name ?? '');
  }

  #loggedOutElsewhere(name: string): void {
    const stage = this.stage.peek();
    if (stage.type !== 'inside' || stage.session.name !== name) return;
    this.#forget();
    this.#showEntrance(null, name);
    void stage.session.client.close();
  }

  /** This tab begins anew. */
  #forget(): void {
    const record = this.#tabStorage.get(RECORD);
    if (typeof record === 'string') this.#records.remove(record);
    this.#tabStorage.set(RECORD, undefined);
    this.tabs.tell({ record: null });
  }

  #showEntrance(problem: DocumentsError | null, name: string): void {
    this.stage.value = { type: 'entrance', problem, name };
  }
}
