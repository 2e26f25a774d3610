import type { BrowserStorage } from '../browser-storage.ts';

/** The account that this browser is logged in with. */
export type Account = { readonly name: string; readonly token: string };

/** Where the account is kept. */
export const ACCOUNT = 'account';

/** Remembers the account for all tabs of this browser: by a token, never by the password. */
export class KeptAccount {
  readonly #storage: BrowserStorage;

  constructor(storage: BrowserStorage) {
    this.#storage = storage;
  }

  /** Null if nobody is logged in with a token that may be good. */
  get value(): Account | null {
    const { name, token } = this.#read();
    return typeof name === 'string' && typeof token === 'string' ? { name, token } : null;
  }

  /** The name of the account, also of one whose token is not good any more; else empty. */
  get name(): string {
    const { name } = this.#read();
    return typeof name === 'string' ? name : '';
  }

  /** Whether nobody was logged in, or the person has logged out. */
  get isForgotten(): boolean {
    return this.name === '';
  }

  set(account: Account): void {
    this.#storage.set(ACCOUNT, account);
  }

  /** The token is not good any more; tabs that have a newer one go on. */
  end(): void {
    this.#storage.set(ACCOUNT, { name: this.name });
  }

  /** The person has logged out, in all tabs. */
  forget(): void {
    this.#storage.set(ACCOUNT, undefined);
  }

  #read(): Partial<Account> {
    const kept = this.#storage.get(ACCOUNT);
    return typeof kept === 'object' && kept !== null ? kept : {};
  }
}
