import type { PersonId } from '../../core/model/ids.ts';
import type { Storage } from '../../core/ports.ts';

/** What the uploads of one person that are under way have taken, and what was stored when the first of them began. */
type Account = { readonly stored: Promise<number>; claimed: number; uploads: number };

/** The part of a person's quota that one upload takes. */
export type Claim = {
  /** Takes so many bytes more; false, and takes nothing, if the person's files would have too many. */
  more(bytes: number): Promise<boolean>;
  /** The upload is over; what it took counts on only if the file was stored. */
  end(isStored: boolean): void;
};

/** Keeps the files of each person below a number of bytes, however many are uploaded at once. */
export class Quotas {
  readonly #storage: Pick<Storage, 'fileBytes'>;
  readonly #bytes: number;
  readonly #accounts = new Map<PersonId, Account>();

  constructor(storage: Pick<Storage, 'fileBytes'>, bytes: number) {
    this.#storage = storage;
    this.#bytes = bytes;
  }

  begin(person: PersonId): Claim {
    const account = this.#accounts.get(person) ?? { stored: this.#read(person), claimed: 0, uploads: 0 };
    this.#accounts.set(person, account);
    account.uploads++;
    let own = 0;
    return {
      more: async (bytes) => {
        const stored = await account.stored;
        if (stored + account.claimed + bytes > this.#bytes) return false; // SERVER-263
        account.claimed += bytes;
        own += bytes;
        return true;
      },
      end: (isStored) => {
        if (!isStored) account.claimed -= own;
        if (--account.uploads === 0) this.#accounts.delete(person);
      },
    };
  }

  #read(person: PersonId): Promise<number> {
    const stored = this.#storage.fileBytes(person);
    stored.catch(() => {}); // Who claims something is told.
    return stored;
  }
}
