import type { PersonId } from '../../core/model/ids.ts';
import type { SubscriptionOptions } from '../session/session-api.ts';
import type { SubscriptionContext } from './subscription-context.ts';
import { Subscriptions } from './subscriptions.ts';

/** How many signed-out people may wait for a proof on one connection. */
const MAX_PREVIOUS = 8;

/** The subscriptions of one connection: the current ones, and earlier ones whose last messages are not proved yet (CONN-43). */
export class SubscriptionHistory {
  readonly #context: SubscriptionContext;
  #current: Subscriptions | null = null;
  #previous: readonly Subscriptions[] = [];
  #settled: (() => void) | null = null;

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

  /** The link has proved this probe. */
  proved(probe: number): void {
    this.#current?.proof?.proved(probe);
    for (const one of this.#previous) one.proof?.proved(probe);
    this.#forget(isComplete); // CONN-43
  }

  /** The person signed out: delivers nothing more, and the connection stays. */
  signOut(): void {
    const current = this.#current;
    this.#current = null;
    if (current === null) return;
    current.stop(); // CONN-65
    current.proof?.probe(); // CONN-65
    this.#previous = [...this.#previous, current];
    this.#forget((one) => isComplete(one) || this.#previous.indexOf(one) < this.#previous.length - MAX_PREVIOUS);
  }

  /**
   * The server begins to close the link: delivers nothing more, and asks for the last proof. A new connection of the person
   * waits for it.
   */
  end(): void {
    const current = this.#current;
    if (current === null) return;
    current.stop();
    current.proof?.probe(); // CONN-43
    if (!isComplete(current)) this.#settled = this.#context.services.markers.settling(current.person); // CONN-75
  }

  /** The connection is closed: messages that are not proved wait again. */
  close(): void {
    this.#current?.close();
    this.#forget(() => true);
    this.#settled?.(); // CONN-75
  }

  #forget(isDone: (one: Subscriptions) => boolean): void {
    const done = this.#previous.filter(isDone);
    this.#previous = this.#previous.filter((one) => !done.includes(one));
    for (const one of done) one.close();
  }
}

function isComplete({ proof }: Subscriptions): boolean {
  return proof === null || proof.isComplete;
}
