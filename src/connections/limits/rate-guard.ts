import { parseName } from '../../core/text/names/parse.ts';
import type { PersonId } from '../../core/model/ids.ts';
import type { Refusal } from '../../core/model/refusals.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import type { LoginThrottle } from './login-throttle.ts';
import type { RateLimits } from './rate-limits.ts';

/** To be told what came of something that was tried. */
export type ReportOutcome = (result: Result<unknown, Refusal>) => void;

/** How much one connection may ask for: everything, where limits do not hold for its address (CONN-20). */
export class RateGuard {
  readonly #limits: RateLimits;
  readonly #throttle: LoginThrottle;
  readonly #address: string;
  readonly #isLimited: boolean;

  constructor(limits: RateLimits, attempts: LoginThrottle, address: string) {
    this.#limits = limits;
    this.#throttle = attempts;
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
    return refusalAfter(what === 'groups' ? this.#throttle.mayMakeGroup(person) : this.#limits.take(person, what)); // CONN-21 CONN-61
  }

  /** One more account may be asked for: `Outcome` is to be told whether it was made. */
  register(): Result<ReportOutcome, Refusal> {
    if (!this.#isLimited) return ok(() => {});
    const refusal = refusalAfter(this.#throttle.mayRegister(this.#address)); // CONN-34
    if (refusal !== null) return err(refusal);
    return ok((result) => {
      if (!result.ok && result.error.type !== 'name-taken') this.#throttle.notRegistered(this.#address);
    });
  }

  /** A password may be tried on a name: `Outcome` is to be told whether it was right (CONN-30). */
  tryLogin(name: string): Result<ReportOutcome, Refusal> {
    if (!this.#isLimited) return ok(() => {}); // CONN-20
    const parsed = parseName(name);
    const key = parsed.ok ? parsed.value.skeleton : ''; // Names that nobody can have are one name. CONN-35
    const refusal = refusalAfter(this.#throttle.begin(this.#address, key)); // CONN-30
    if (refusal !== null) return err(refusal);
    return ok((result) => {
      if (result.ok || result.error.type === 'banned') this.#throttle.succeeded(this.#address, key);
      else if (result.error.type !== 'wrong-credentials') this.#throttle.undecided(this.#address, key);
    });
  }
}

function refusalAfter(retryAfterMs: number): Refusal | null {
  return retryAfterMs > 0 ? { type: 'too-fast', retryAfterMs } : null;
}
