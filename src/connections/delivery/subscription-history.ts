import type { PersonId } from '../../core/model/ids.ts';
import type { SubscriptionOptions } from '../session/session-api.ts';
import { Subscriptions, type SubscriptionContext } from './subscriptions.ts';

/**
 * What one connection shows, and what it showed to whoever signed out last: that may have been seen, which the next sign of
 * life tells after all of it has left (CONN-43).
 */
export class SubscriptionHistory {
  readonly #context: SubscriptionContext;
  #current: Subscriptions | null = null;
  #previous: Subscriptions | null = null;
  /** All that was shown before has left; what is sent now is for others. */
  #previousHasLeft = false;

  constructor(context: SubscriptionContext) {
    this.#context = context;
  }

  /** The one that shows something; null while nobody is shown anything. */
  get current(): Subscriptions | null {
    return this.#current;
  }

  /** Begins to show; the screen is to be opened. */
  begin(person: PersonId, options: SubscriptionOptions): Subscriptions {
    this.#current = new Subscriptions(this.#context, person, options);
    return this.#current;
  }

  /** The other side showed that it is there. */
  confirm(): void {
    this.#current?.confirm();
    if (this.#previous?.confirm(this.#previousHasLeft) === true) this.#forgetPrevious(); // CONN-43
  }

  /** Nothing more is shown to the person, and the connection stays. */
  signOut(): void {
    this.#forgetPrevious();
    const past = this.#current;
    past?.stop(); // CONN-65
    this.#current = null;
    this.#previous = past;
    const { outbox } = this.#context;
    outbox.flush();
    this.#previousHasLeft = outbox.size === 0; // CONN-43
    outbox.whenTaken(() => {
      if (this.#previous === past) this.#previousHasLeft = true;
    });
    this.#context.probe(); // CONN-65
  }

  /** The connection is over: what is not known to have been seen waits again. */
  close(): void {
    this.#current?.close();
    this.#forgetPrevious();
  }

  #forgetPrevious(): void {
    this.#previous?.close();
    this.#previous = null;
  }
}
