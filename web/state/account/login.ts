import { type Client, DocumentsError, type OutboxMessage } from '../../../src/protocols/documents/client.ts';
import type { TabRecords } from '../tabs/tab-records.ts';

/** Who is logged in. */
export type Person = {
  readonly name: string;
  readonly isGuest: boolean;
  /** The token with which the person came, if it was one. */
  readonly token: string | null;
};

/** What a login tells the page. */
export type LoginListener = {
  /** The person has another id now, as guests do whose session the server has forgotten. */
  renewed(): void;
  /** The server does not take the person any more. */
  refused(error: DocumentsError): void;
  /** Somebody else goes on with the session. These messages only this tab has. */
  taken(unsent: readonly OutboxMessage[]): void;
};

/** Where the login is kept: the id of the record, and that of this tab. */
export type LoginPlace = { readonly records: TabRecords; readonly record: string; readonly tab: string };

const RETRY_MS = 3_000;

/** One person logged in in this tab: keeps what a reload needs, and ends as a whole. */
export class Login {
  readonly client: Client;
  readonly #place: LoginPlace;
  readonly #listener: LoginListener;
  readonly #ending = new AbortController();
  /** The ids of the messages that are in the record. */
  #kept: ReadonlySet<string> = new Set();
  #isKept = false;
  #self: number;
  person: Person;

  constructor(client: Client, person: Person, place: LoginPlace, listener: LoginListener) {
    this.client = client;
    this.person = person;
    this.#place = place;
    this.#listener = listener;
    this.#self = client.keys.self.id;
    this.#write();
    this.#listen();
  }

  get record(): string {
    return this.#place.record;
  }

  /** Whether it is over. */
  get isOver(): boolean {
    return this.#ending.signal.aborted;
  }

  /** From now on nothing of this login is kept, and nobody is told of it. The client is left to the caller. */
  end(): void {
    this.#ending.abort();
  }

  /** The guest has become an account, or the account has another token. */
  changed(person: Partial<Person>): void {
    this.person = { ...this.person, ...person };
    this.#keep();
  }

  /** Asks for a token until there is one. Null if the person gets none, or if the login is over before. */
  async token(): Promise<string | null> {
    while (!this.isOver) {
      try {
        return await this.client.token();
      } catch (error) {
        if (!(error instanceof DocumentsError)) throw error;
        const isPassing = error.code !== 'refused' || (error.status ?? 0) >= 500;
        if (!isPassing) return null;
        await pause(error.retryAfterMs ?? RETRY_MS); // WEB-05
      }
    }
    return null;
  }

  #listen(): void {
    const { client } = this;
    const { signal } = this.#ending;
    const stops = [
      client.outbox.subscribe(() => this.#keep()), // WEB-03
      client.connection.subscribe(() => this.#connectionChanged()),
    ];
    signal.addEventListener('abort', () => stops.forEach((stop) => stop())); // WEB-07
    const check = () => client.check();
    addEventListener('online', check, { signal });
    addEventListener('offline', check, { signal });
    document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && check(), { signal });
    addEventListener('pagehide', () => this.#keep(), { signal });
    addEventListener('beforeunload', (event) => this.#warn(event), { signal });
  }

  #connectionChanged(): void {
    const { value } = this.client.connection;
    if (value?.type === 'connected') {
      this.#keep();
      const { id } = this.client.keys.self;
      if (id !== this.#self && !this.isOver) {
        this.#self = id;
        this.#listener.renewed();
      }
    } else if (value?.type === 'refused' && !this.isOver) {
      if (value.error.status === null) this.#taken();
      else this.#listener.refused(value.error);
    }
  }

  #keep(): void {
    if (this.isOver) return;
    const { records, record, tab } = this.#place;
    const owner = records.read(record)?.owner ?? tab;
    if (owner === tab) this.#write();
    else this.#taken(); // WEB-04
  }

  #write(): void {
    const { records, record, tab } = this.#place;
    const { name, isGuest } = this.person;
    const outbox = [...this.client.outbox];
    const { session } = this.client;
    this.#isKept = records.write(record, { name, isGuest, session, outbox, owner: tab, savedAt: Date.now() });
    if (this.#isKept) this.#kept = new Set(outbox.map(({ id }) => id));
  }

  /** Either another tab has adopted the record, or another browser has a copy of what this one keeps. */
  #taken(): void {
    const { records, record, tab } = this.#place;
    const isAdopted = records.read(record)?.owner !== tab;
    const unsent = [...this.client.outbox].filter(({ id }) => !isAdopted || !this.#kept.has(id));
    if (!isAdopted) records.remove(record);
    this.#listener.taken(unsent); // WEB-04
  }

  /** Where the browser keeps nothing, closing the tab would lose what is not sent. */
  #warn(event: Event): void {
    if (!this.#isKept && [...this.client.outbox].length > 0) event.preventDefault(); // WEB-03
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
