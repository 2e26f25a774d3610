import type { Ids } from '../../core/ports.ts';
import type { PersonId } from '../../core/model/ids.ts';
import { sha256 } from '../../lib/sha256.ts';

/** The named sessions of this process: who holds a secret acts for its person, for example to upload a picture. */
export class SessionRegistry {
  readonly #ids: Pick<Ids, 'identity'>;
  /** By the digest of the secret, so that memory holds no secret. */
  readonly #owners = new Map<string, PersonId>();

  constructor(ids: Pick<Ids, 'identity'>) {
    this.#ids = ids;
  }

  /** Names a session of the person by a new secret, until `close`. */
  open(person: PersonId): string {
    const secret = this.#ids.identity(); // CONN-120
    this.#owners.set(sha256(secret), person);
    return secret;
  }

  /** The person whose session has this secret; null without such a session. */
  owner(secret: string): PersonId | null {
    return this.#owners.get(sha256(secret)) ?? null; // CONN-120
  }

  close(secret: string): void {
    this.#owners.delete(sha256(secret)); // CONN-121
  }
}
