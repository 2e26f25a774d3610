import { parseName } from '../core/names/parse.ts';
import type { PersonId } from '../core/ids.ts';
import type { Refusal } from '../core/refusals.ts';
import { err, ok, type Result } from '../lib/result.ts';
import type { Attempts } from './attempts.ts';
import type { Limits } from './limits.ts';

/** To be told what came of something that was tried. */
export type Outcome = (result: Result<unknown, Refusal>) => void;

/** How much one connection may ask for: everything, where limits do not hold for its address (CONN-20). */
export class Allowance {
  readonly #limits: Limits;
  readonly #attempts: Attempts;
  readonly #address: string;
  readonly #isLimited: boolean;

  constructor(limits: Limits, attempts: Attempts, address: string) {
    this.#limits = limits;
    this.#attempts = attempts;
    this.#address = address;
    this.#isLimited = limits.applyTo(address); // CONN-20
  }

  /** True if one more of what needs no login is within the limit. */
  mayPing(): boolean {
    return !this.#isLimited || this.#limits.mayPing(this.#address); // CONN-22
  }

  /** Null if the person may do this now, which then counts. */
  take(person: PersonId, what: 'messages' | 'renames' | 'groups'): Refusal | null {
    if (!this.#isLimited) return null;
    return refusalAfter(what === 'groups' ? this.#attempts.mayMakeGroup(person) : this.#limits.take(person, what)); // CONN-21 CONN-61
  }

  /** One more account may be asked for: `Outcome` is to be told whether it was made. */
  register(): Result<Outcome, Refusal> {
    if (!this.#isLimited) return ok(() => {});
    const refusal = refusalAfter(this.#attempts.mayRegister(this.#address)); // CONN-34
    if (refusal !== null) return err(refusal);
    return ok((result) => {
      if (!result.ok && result.error.type !== 'name-taken') this.#attempts.notRegistered(this.#address);
    });
  }

  /** A password may be tried on a name: `Outcome` is to be told whether it was right (CONN-30). */
  attempt(name: string): Result<Outcome, Refusal> {
    if (!this.#isLimited) return ok(() => {}); // CONN-20
    const parsed = parseName(name);
    const key = parsed.ok ? parsed.value.skeleton : ''; // Names that nobody can have are one name. CONN-35
    const refusal = refusalAfter(this.#attempts.begin(this.#address, key)); // CONN-30
    if (refusal !== null) return err(refusal);
    return ok((result) => {
      if (result.ok || result.error.type === 'banned') this.#attempts.succeeded(this.#address, key);
      else if (result.error.type !== 'wrong-credentials') this.#attempts.undecided(this.#address, key);
    });
  }
}

function refusalAfter(retryAfterMs: number): Refusal | null {
  return retryAfterMs > 0 ? { type: 'too-fast', retryAfterMs } : null;
}
