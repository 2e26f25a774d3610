import type { BusMessage } from '../../core/model/bus-message.ts';
import type { Bus, Log, Subject } from '../../core/ports.ts';
import { MAX_MESSAGE_BYTES } from '../limits.ts';

type Receive = (message: BusMessage) => void;
type Subscription = { readonly member: Bus; readonly receive: Receive };

/** A bus within one process: every message reaches every other member at once, in order, exactly once. */
export class MemoryBus {
  readonly #subscriptions = new Map<Subject, Set<Subscription>>();

  /** A new member, which receives the messages of the others and not its own. */
  join(log?: Pick<Log, 'warn'>): Bus {
    const member: Bus = {
      maxBytes: MAX_MESSAGE_BYTES,
      publish: (subject, message) => {
        const others = [...(this.#subscriptions.get(subject) ?? [])].filter((other) => other.member !== member); // BUS-01
        if (others.length === 0) return; // A node that is alone does not pay for measuring.
        const bytes = Buffer.byteLength(JSON.stringify(message));
        if (bytes > member.maxBytes)
          log?.warn('bus-message-too-large', { subject, type: message.type, bytes }); // BUS-04
        else for (const { receive } of others) receive(message);
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
