import type { PersonId } from '../../core/model/ids.ts';
import type { Refusal } from '../../core/model/refusals.ts';
import { parseName } from '../../core/text/names/parse.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import type { LoginThrottle } from './login-throttle.ts';
import type { RateLimits } from './rate-limits.ts';

/** What has a budget per person. */
export type Budget = 'messages' | 'renames' | 'typing' | 'searches' | 'groups';

/** To be called once with the result of the attempt. */
export type ReportOutcome = (result: Result<unknown, Refusal>) => void;

/** The limits that apply to one connection; none if its address is exempt (CONN-20). */
export class RateGuard {
  readonly #limits: RateLimits;
  readonly #throttle: LoginThrottle;
  readonly #address: string;
  readonly #isLimited: boolean;

  constructor(limits: RateLimits, throttle: LoginThrottle, address: string) {
    this.#limits = limits;
    this.#throttle = throttle;
    this.#address = address;
    this.#isLimited = limits.applyTo(address); // CONN-20
  }

  /** Counts one more request that needs no login; false if that is over the limit. */
  mayPing(): boolean {
    return !this.#isLimited || this.#limits.mayPing(this.#address); // CONN-22
  }

  /** Counts this against the person's budget; a refusal if that is used up. */
  take(person: PersonId, budget: Budget): Refusal | null {
    if (!this.#isLimited) return null;
    return refusalAfter(budget === 'groups' ? this.#throttle.mayMakeGroup(person) : this.#limits.take(person, budget)); // CONN-21 CONN-61
  }

  /** Counts one more registration, or refuses it. */
  register(): Result<ReportOutcome, Refusal> {
    if (!this.#isLimited) return ok(() => {});
    const refusal = refusalAfter(this.#throttle.mayRegister(this.#address)); // CONN-34
    if (refusal !== null) return err(refusal);
    return ok((result) => {
      if (result.ok || isTaken(result.error)) this.#throttle.registered(this.#address);
      else this.#throttle.notRegistered(this.#address);
    });
  }

  /** Refuses an attempt to go on with a session after too many with unknown ones. */
  reconnect(): Result<ReportOutcome, Refusal> {
    if (!this.#isLimited) return ok(() => {}); // CONN-20
    const refusal = refusalAfter(this.#throttle.mayReconnect(this.#address)); // CONN-138
    if (refusal !== null) return err(refusal);
    return ok((result) => {
      if (!result.ok && result.error.type === 'wrong-credentials') this.#throttle.unknownSession(this.#address);
    });
  }

  /** Refuses a code of an invitation after too many that lead nowhere. */
  invitation(): Result<ReportOutcome, Refusal> {
    if (!this.#isLimited) return ok(() => {}); // CONN-20
    const refusal = refusalAfter(this.#throttle.mayTryInvitation(this.#address)); // CONN-165
    if (refusal !== null) return err(refusal);
    return ok((result) => {
      if (!result.ok && result.error.type === 'not-found') this.#throttle.unknownInvitation(this.#address);
    });
  }

  /** Counts one more attempt to log in under a name, or refuses it (CONN-30). */
  tryLogin(name: string): Result<ReportOutcome, Refusal> {
    if (!this.#isLimited) return ok(() => {}); // CONN-20
    const parsed = parseName(name);
    const key = parsed.ok ? parsed.value.skeleton : ''; // All invalid names count as one. CONN-35
    const refusal = refusalAfter(this.#throttle.begin(this.#address, key)); // CONN-30
    if (refusal !== null) return err(refusal);
    return ok((result) => {
      if (result.ok || result.error.type === 'banned') this.#throttle.succeeded(this.#address, key);
      else if (result.error.type === 'wrong-credentials') this.#throttle.failed(this.#address, key);
      else this.#throttle.undecided(this.#address, key);
    });
  }
}

/** Runs an attempt with a password under a name, unless the limits refuse it; `run` reports its result, which `done` gets too. */
export function attemptPassword<T>(
  guard: RateGuard,
  name: string,
  done: (result: Result<T, Refusal>) => void,
  run: (checked: (result: Result<T, Refusal>) => void) => void,
): void {
  const attempt = guard.tryLogin(name);
  if (!attempt.ok) return done(attempt);
  run((result) => {
    attempt.value(result);
    done(result);
  });
}

function refusalAfter(retryAfterMs: number): Refusal | null {
  return retryAfterMs > 0 ? { type: 'too-fast', retryAfterMs } : null;
}

/** Whether a registration fails because of the name that the client chose. */
function isTaken({ type }: Refusal): boolean {
  return type === 'name-taken' || type === 'name-registered'; // CONN-34
}
