import { argon2, createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import type { Password, Passwords } from '../core/ports.ts';
import { BoundedQueue } from './bounded-queue.ts';
import { type Costs, readVerifier, type Verifier, writeVerifier } from './verifier.ts';

/** What OWASP asks for at least. */
const usualCosts: Costs = { memory: 19 * 1024, passes: 2, parallelism: 1 };
const SALT_BYTES = 16;
const DIGEST_BYTES = 32;
/** Half of Node's threads, so that files and host names are never kept waiting. */
const AT_ONCE = 2;
const WAITING = 64;

const derive = promisify(argon2);

/** Hashes passwords with argon2id on Node's threads, few at once. */
export class ArgonPasswords implements Passwords {
  readonly #costs: Costs;
  readonly #queue = new BoundedQueue(AT_ONCE, WAITING);
  /** What is compared with where there is nothing to compare with. */
  readonly #nobody: Verifier;

  /** `costs` are those of verifiers that are made from now on. */
  constructor(costs: Costs = usualCosts) {
    this.#costs = costs;
    this.#nobody = { costs, salt: randomBytes(SALT_BYTES), digest: randomBytes(DIGEST_BYTES) };
  }

  /** Keeps the password as the bytes that were sent, not in any normal form. */
  hash(password: Password): Promise<string | null> {
    return this.#inTurn(async () => {
      const [exact = ''] = digestsOf(password);
      const made = { costs: this.#costs, salt: randomBytes(SALT_BYTES) };
      return writeVerifier({ ...made, digest: await derived(exact, made, DIGEST_BYTES) });
    });
  }

  verify(password: Password, verifier: string | null): Promise<boolean | null> {
    return this.#inTurn(async () => {
      const known = verifier === null ? null : readVerifier(verifier); // SERVER-72
      const compared = known ?? this.#nobody;
      for (const message of digestsOf(password)) {
        const digest = await derived(message, compared, compared.digest.length);
        if (timingSafeEqual(digest, compared.digest)) return known !== null; // SERVER-70
      }
      return false;
    });
  }

  /** A hash that failed, for want of memory, is told like one that had to wait for too long. */
  #inTurn<T>(work: () => Promise<T>): Promise<T | null> {
    return this.#queue.run(work).catch(() => null);
  }
}

/** The lower-case hex SHA-256 of a password; of a plain one in NFC too, where that is something else. */
export function digestsOf({ type, value }: Password): readonly string[] {
  if (type === 'sha256') return [value.toLowerCase()]; // SERVER-70
  const composed = value.normalize('NFC');
  return composed === value ? [sha256(value)] : [sha256(value), sha256(composed)]; // SERVER-71
}

function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

function derived(message: string, { costs, salt }: Omit<Verifier, 'digest'>, bytes: number): Promise<Buffer> {
  return derive('argon2id', { message, nonce: salt, tagLength: bytes, ...costs });
}
