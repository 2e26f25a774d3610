import { effect, signal } from '@preact/signals';
import {
  connect,
  DocumentsError,
  type Options,
  type OutboxMessage,
  register,
} from '../../src/protocols/documents/client.ts';
import { Attention } from './attention.ts';
import { BrowserStorage, onChangeElsewhere, storageOf } from './browser-storage.ts';
import { ACCOUNT, KeptAccount } from './account/kept-account.ts';
import { Login, type Person } from './account/login.ts';
import { PatientConnect } from './account/patient-connect.ts';
import { Preferences } from './preferences.ts';
import { randomId } from './random-id.ts';
import { Router } from './router.ts';
import { readServerFacts, serverAddress } from './server-facts.ts';
import { ChatSession } from './session.ts';
import { Shortcuts } from './find/shortcuts.ts';
import { isSameName, TabRecords } from './tabs/tab-records.ts';
import { type TabChannel, Tabs } from './tabs/tabs.ts';

/** Why somebody is not logged in any more, or could not be. */
export type Farewell =
  | { readonly type: 'refused'; readonly error: DocumentsError }
  | { readonly type: 'logged-out-elsewhere' }
  | { readonly type: 'deleted' };

/** How far this page has come. */
export type Stage =
  | { readonly type: 'starting' }
  /** Nobody is logged in. `name` is who was. */
  | { readonly type: 'entrance'; readonly farewell: Farewell | null; readonly name: string; readonly wasGuest: boolean }
  /** The server could not be reached yet; so many messages wait to be sent. */
  | { readonly type: 'unreachable'; readonly unsent: number }
  /** `key` is another one for each session. */
  | { readonly type: 'inside'; readonly session: ChatSession; readonly key: number };

const RECORD = 'record';
const BEAT_MS = 60_000;

type Resumed = Pick<Options, 'session' | 'outbox'>;

/** The page: who is logged in, what is shown, what was chosen. */
export class App {
  readonly facts = readServerFacts();
  readonly router = new Router();
  readonly shortcuts = new Shortcuts(this.router);
  readonly attention = new Attention();
  readonly storage = new BrowserStorage(storageOf('localStorage'));
  readonly preferences = new Preferences(this.storage);
  readonly tabs = new Tabs(openChannel());
  readonly #tabStorage = new BrowserStorage(storageOf('sessionStorage'));
  readonly #records = new TabRecords(this.storage);
  readonly #account = new KeptAccount(this.storage);
  #login: Login | null = null;
  /** Grows with each try to log in; an older one that is still under way has no effect. */
  #tries = 0;
  #sessions = 0;
  readonly #patience = new PatientConnect();
  readonly stage = signal<Stage>({ type: 'starting' });

  constructor() {
    effect(() => {
      const { value: route } = this.router.route;
      this.tabs.tell({ room: route.type === 'room' && this.attention.isWatching.value ? route.room : null });
    });
    onChangeElsewhere((key) => key === ACCOUNT && this.#accountChangedElsewhere());
    setInterval(() => this.tabs.beat(), BEAT_MS);
    addEventListener('pagehide', () => this.tabs.leave());
    // A page that was kept aside knows nothing of what has happened since; another tab may have its record.
    addEventListener('pageshow', ({ persisted }) => persisted && location.reload()); // WEB-04
    addEventListener('online', () => this.tryNow());
  }

  /** Goes on as the person that this tab or this browser knows, or shows the entrance. Never rejects. */
  async start(unsent: readonly OutboxMessage[] = []): Promise<void> {
    const isCurrent = this.#newTry();
    const inUse = await this.tabs.recordsInUse();
    if (!isCurrent()) return;
    const { value: account, name: knownName } = this.#account;
    const own = this.#tabStorage.get(RECORD);
    const kept = typeof own === 'string' && !inUse.has(own) ? this.#records.read(own) : null;
    const isFit = kept !== null && (kept.isGuest || account === null || isSameName(kept.name, account.name)); // WEB-02
    const chosen = isFit ? (own as string) : this.#records.adoptable(account?.name ?? null, inUse, Date.now());
    const record = chosen === null ? null : this.#records.read(chosen);
    if (account === null && record === null) return this.#showEntrance(null, knownName, knownName === '');
    const id = chosen ?? randomId();
    if (record !== null) this.#records.write(id, { ...record, owner: this.tabs.id }); // WEB-04
    this.tabs.tell({ record: id });
    const isGuest = record?.isGuest ?? false;
    const token = isGuest ? null : (account?.token ?? null);
    const person = { name: record?.name ?? account?.name ?? '', isGuest, token };
    const outbox = [...(record?.outbox ?? []), ...unsent];
    const session = record === null ? {} : { session: record.session };
    await this.#goOn(person, id, { ...session, outbox }, isCurrent);
  }

  /** Tries at once to reach the server. */
  tryNow(): void {
    this.#patience.tryNow();
  }

  /** Logs an account in, which goes on with what it has not sent; rejects with a DocumentsError. */
  async logIn(name: string, password: string): Promise<void> {
    const isCurrent = this.#newTry();
    const inUse = await this.tabs.recordsInUse();
    const id = this.#records.adoptable(name, inUse, Date.now());
    // Without the kept session: it would let in whoever has the browser, with any password.
    const outbox = id === null ? [] : (this.#records.read(id)?.outbox ?? []); // WEB-06
    const client = await connect(serverAddress(), { name, password, outbox });
    if (!isCurrent()) return void client.close();
    const login = this.#entered(client, { name, isGuest: false, token: null }, id ?? randomId());
    void this.#keepToken(login);
  }

  /** Lets a guest in; rejects with a DocumentsError. */
  async enterAsGuest(name: string): Promise<void> {
    const isCurrent = this.#newTry();
    const client = await connect(serverAddress(), { name });
    if (!isCurrent()) return void client.close();
    this.#entered(client, { name, isGuest: true, token: null }, randomId());
  }

  /** Makes an account and logs it in; rejects with a DocumentsError. */
  async signUp(name: string, password: string, displayName: string): Promise<void> {
    await register(serverAddress(), { name, password, ...(displayName !== '' && { displayName }) });
    await this.logIn(name, password);
  }

  /** Turns this guest into an account with the same name; rejects with a DocumentsError. */
  async becomeAccount(password: string): Promise<void> {
    const login = this.#login;
    if (login === null) return;
    await login.client.register(password);
    login.changed({ isGuest: false });
    void this.#keepToken(login);
  }

  /** Gives the account another password, which logs it out everywhere else; rejects with a DocumentsError. */
  async setPassword(old: string, password: string): Promise<void> {
    const login = this.#login;
    if (login === null) return;
    await login.client.setPassword(old, password);
    void this.#keepToken(login);
  }

  /** How many messages logging out would throw away. */
  get unsent(): number {
    return this.#login === null ? 0 : this.#records.unsent(this.#login.person.name);
  }

  /** Logs out, here and in the other tabs. What is not sent is thrown away. */
  async logOut(): Promise<void> {
    const left = this.#leave(null);
    if (left !== null) await left.client.close({ endToken: !left.person.isGuest });
  }

  /** Deletes the account; rejects with a DocumentsError. */
  async deleteAccount(password: string): Promise<void> {
    await this.#login?.client.deleteAccount(password);
    this.#leave({ type: 'deleted' });
  }

  /** Ends the login of this tab, and forgets the person in this browser. */
  #leave(farewell: Farewell | null): Login | null {
    const login = this.#login;
    if (login === null) return null;
    const { name, isGuest } = login.person;
    const { value: stage } = this.stage;
    if (stage.type === 'inside') stage.session.drafts.clear();
    this.#drop();
    this.#records.removeOf(name); // WEB-08
    this.router.replace({ type: 'home' });
    if (!isGuest) this.#account.forget(); // WEB-08
    this.#showEntrance(farewell, farewell === null ? name : '', isGuest);
    return login;
  }

  /** Connects until the server says yes or no. */
  async #goOn(person: Person, record: string, resumed: Resumed, isCurrent: () => boolean): Promise<void> {
    const { name, token } = person;
    const isOwn = () => (this.#records.read(record)?.owner ?? this.tabs.id) === this.tabs.id;
    const waiting = () => {
      this.stage.value = { type: 'unreachable', unsent: resumed.outbox?.length ?? 0 };
    };
    try {
      const options = { name, ...(token !== null && { token }), ...resumed };
      const client = await this.#patience.connect(options, { isWanted: () => isCurrent() && isOwn(), waiting });
      if (client === null) return isCurrent() ? await this.start() : undefined; // WEB-04
      const login = this.#entered(client, person, record);
      if (token === null && !person.isGuest) void this.#keepToken(login);
    } catch (error) {
      if (!isCurrent()) return;
      if (error instanceof DocumentsError) return this.#refused(person, error);
      // What was kept cannot even be sent.
      this.#records.remove(record);
      this.#account.forget();
      this.#showEntrance(null, '', person.isGuest);
    }
  }

  #entered(client: Login['client'], person: Person, record: string): Login {
    const place = { records: this.#records, record, tab: this.tabs.id };
    this.#tabStorage.set(RECORD, record);
    const login: Login = new Login(client, person, place, {
      renewed: () => this.#show(login),
      refused: (error) => {
        this.#drop();
        this.#refused(login.person, error);
      },
      taken: (unsent) => {
        this.#drop();
        void client.close({ keepSession: true });
        void this.start(unsent); // WEB-04
      },
    });
    this.#login = login;
    this.#show(login);
    return login;
  }

  #show({ client, person, record }: Login): void {
    this.tabs.tell({ record, person: client.keys.self.id });
    const session = new ChatSession(client, person.name, this.storage, this.attention.isWatching);
    this.#sessions += 1;
    this.stage.value = { type: 'inside', session, key: this.#sessions };
  }

  /** The server does not take this person. Another tab may have a newer token; what is not sent waits for the next login. */
  #refused({ name, isGuest, token }: Person, error: DocumentsError): void {
    const account = this.#account.value;
    this.#forgetRecord();
    if (!isGuest && account !== null) {
      if (account.token !== token) return void this.start(); // WEB-09
      this.#account.end();
    }
    this.#showEntrance({ type: 'refused', error }, name, isGuest);
  }

  async #keepToken(login: Login): Promise<void> {
    const token = await login.token();
    if (token === null || login.isOver) return;
    login.changed({ token });
    this.#account.set({ name: login.person.name, token }); // WEB-05
  }

  #accountChangedElsewhere(): void {
    const login = this.#login;
    const { type } = this.stage.peek();
    if (this.#account.value !== null && type === 'entrance') return void this.start(); // WEB-09
    if (type === 'unreachable') return void this.start();
    // A login without a token is newer than the account that was forgotten.
    if (!this.#account.isForgotten || login === null || login.person.token === null) return;
    const { client, person, record } = login;
    this.#drop();
    this.#records.remove(record);
    this.router.replace({ type: 'home' });
    this.#showEntrance({ type: 'logged-out-elsewhere' }, person.name, false); // WEB-08
    void client.close();
  }

  /** This tab has no login any more. */
  #drop(): void {
    this.#login?.end();
    this.#login = null;
    // What is written into a view of a client that has ended would be lost.
    this.stage.value = { type: 'starting' }; // WEB-07
    this.#tries += 1;
    this.#forgetRecord();
  }

  #forgetRecord(): void {
    this.#tabStorage.set(RECORD, undefined);
    this.tabs.tell({ record: null, person: null });
  }

  #showEntrance(farewell: Farewell | null, name: string, wasGuest: boolean): void {
    this.stage.value = { type: 'entrance', farewell, name, wasGuest };
  }

  /** A try to log in; the returned function says whether it is still the last one. */
  #newTry(): () => boolean {
    this.#tries += 1;
    const own = this.#tries;
    return () => own === this.#tries;
  }
}

function openChannel(): TabChannel | null {
  return typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('parlance.tabs');
}
