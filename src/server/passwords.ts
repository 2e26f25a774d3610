import { argon2, createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import type { Password, Passwords } from '../core/ports.ts';
import { BoundedQueue } from './bounded-queue.ts';
import { type Costs, readVerifier, type Verifier, writeVerifier } from './verifier.ts';

/** The minimum that OWASP recommends. */
const defaultCosts: Costs = { memory: 19 * 1024, passes: 2, parallelism: 1 };
const SALT_BYTES = 16;
const DIGEST_BYTES = 32;
/** Half of Node's threads, so that files and host names never have to wait. */
const AT_ONCE = 2;
const WAITING = 64;

const derive = promisify(argon2);

/** Hashes passwords with argon2id on Node's threads, two at once. */
export class ArgonPasswords implements Passwords {
  readonly #costs: Costs;
  readonly #queue = new BoundedQueue(AT_ONCE, WAITING);
  /** Used where there is no verifier, so that the answer takes as long. */
  readonly #dummy: Verifier;

  /** `costs` are for new verifiers. */
  constructor(costs: Costs = defaultCosts) {
    this.#costs = costs;
    this.#dummy = { costs, salt: randomBytes(SALT_BYTES), digest: randomBytes(DIGEST_BYTES) };
  }

  /** Hashes a plain password in NFC, so that it matches however it is composed later; a hash as it was sent. */
  hash(password: Password): Promise<string | null> {
    return this.#queued(async () => {
      const [kept = ''] = digestsOf(password);
      const made = { costs: this.#costs, salt: randomBytes(SALT_BYTES) };
      return writeVerifier({ ...made, digest: await derivedKey(kept, made, DIGEST_BYTES) });
    });
  }

  verify(password: Password, verifier: string | null): Promise<boolean | null> {
    return this.#queued(async () => {
      const known = verifier === null ? null : readVerifier(verifier); // SERVER-72
      const compared = known ?? this.#dummy;
      for (const message of digestsOf(password)) {
        const digest = await derivedKey(message, compared, compared.digest.length);
        if (timingSafeEqual(digest, compared.digest)) return known !== null; // SERVER-70
      }
      return false;
    });
  }

  /** Null if too many wait, or if the hash failed, for example because memory was short. */
  #queued<T>(work: () => Promise<T>): Promise<T | null> {
    return this.#queue.run(work).catch(() => null);
  }
}

/**
 * The lower-case hex SHA-256 of a password. A plain one gives that of its NFC form first, then that of the password as it
 * came, if it differs: that is what a client of hashes or an earlier version may have set.
 */
export function digestsOf({ type, value }: Password): readonly string[] {
  if (type === 'sha256') return [value.toLowerCase()]; // SERVER-70
  const composed = value.normalize('NFC');
  return composed === value ? [sha256(value)] : [sha256(composed), sha256(value)]; // SERVER-71
}

function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

function derivedKey(message: string, { costs, salt }: Omit<Verifier, 'digest'>, bytes: number): Promise<Buffer> {
  return derive('argon2id', { message, nonce: salt, tagLength: bytes, ...costs });
}
