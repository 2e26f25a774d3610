import type { BusMessage } from '../../core/model/bus-message.ts';
import type { Bus, Subject } from '../../core/ports.ts';

type Receive = (message: BusMessage) => void;
type Subscription = { readonly member: Bus; readonly receive: Receive };

/** As large as the messages that NATS takes by default. */
const MAX_BYTES = 1_048_576;

/** A bus within one process: every message reaches every other member at once, in order, exactly once. */
export class MemoryBus {
  readonly #subscriptions = new Map<Subject, Set<Subscription>>();

  /** A new member, which receives the messages of the others and not its own. */
  join(): Bus {
    const member: Bus = {
      maxBytes: MAX_BYTES,
      publish: (subject, message) => {
        for (const { member: other, receive } of [...(this.#subscriptions.get(subject) ?? [])])
          if (other !== member) receive(message);
      },
      subscribe: (subject, receive) => this.#subscribe(subject, { member, receive }),
      onReconnect: () => () => {},
    };
    return member;
  }

  #subscribe(subject: Subject, subscription: Subscription): () => void {
    const subscriptions = this.#subscriptions.get(subject) ?? new Set();
    this.#subscriptions.set(subject, subscriptions.add(subscription));
    return () => {
      subscriptions.delete(subscription);
      if (subscriptions.size === 0 && this.#subscriptions.get(subject) === subscriptions)
        this.#subscriptions.delete(subject);
    };
  }
}
