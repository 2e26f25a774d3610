import type { PersonId } from '../../core/model/ids.ts';
import type { SubscriptionOptions } from '../session/session-api.ts';
import { type SubscriptionContext, Subscriptions } from './subscriptions.ts';

/**
 * The subscriptions of one connection: the current ones, and those of the person who signed out last. The first sign of life
 * after all bytes of the latter have left confirms them (CONN-43).
 */
export class SubscriptionHistory {
  readonly #context: SubscriptionContext;
  #current: Subscriptions | null = null;
  #previous: Subscriptions | null = null;
  /** All bytes of the previous subscriptions have left; later bytes are for the next person. */
  #isPreviousSent = false;

  constructor(context: SubscriptionContext) {
    this.#context = context;
  }

  /** Null while nothing is delivered. */
  get current(): Subscriptions | null {
    return this.#current;
  }

  /** Makes the current subscriptions; the caller opens them. */
  begin(person: PersonId, options: SubscriptionOptions): Subscriptions {
    this.#current = new Subscriptions(this.#context, person, options);
    return this.#current;
  }

  /** The client gave a sign of life. */
  confirm(): void {
    this.#current?.confirm();
    if (this.#previous?.confirm(this.#isPreviousSent) === true) this.#forgetPrevious(); // CONN-43
  }

  /** The person signed out: delivers nothing more, and the connection stays. */
  signOut(): void {
    this.#forgetPrevious();
    const previous = this.#current;
    previous?.stop(); // CONN-65
    this.#current = null;
    this.#previous = previous;
    const { outbox } = this.#context;
    outbox.flush();
    this.#isPreviousSent = outbox.size === 0; // CONN-43
    outbox.whenDrained(() => {
      if (this.#previous === previous) this.#isPreviousSent = true;
    });
    this.#context.probe(); // CONN-65
  }

  /** The connection is closed: messages that were not confirmed wait again. */
  close(): void {
    this.#current?.close();
    this.#forgetPrevious();
  }

  #forgetPrevious(): void {
    this.#previous?.close();
    this.#previous = null;
  }
}
