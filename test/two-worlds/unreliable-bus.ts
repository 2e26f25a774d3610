import type { BusMessage } from '../../src/core/model/bus-message.ts';
import { decodeMessage, encodeMessage } from '../../src/bus/codec.ts';
import type { Bus, Subject } from '../../src/core/ports.ts';
import type { SeededRandom } from '../../testing/random.ts';

type Subscription = {
  readonly member: Bus;
  readonly subject: Subject;
  readonly receive: (message: BusMessage) => void;
};

/** A bus that loses, repeats and reorders messages until `reliable` is set; each goes through the codec of networks. */
export class UnreliableBus {
  readonly #random: SeededRandom;
  readonly #subscriptions = new Set<Subscription>();
  #late: (() => void)[] = [];
  reliable = false;

  constructor(random: SeededRandom) {
    this.#random = random;
  }

  join(): Bus {
    const member: Bus = {
      maxBytes: 1_000_000,
      publish: (subject, message) => {
        const bytes = encodeMessage(message);
        for (const to of this.#subscriptions)
          if (to.member !== member && to.subject === subject) this.#send(() => to.receive(read(subject, bytes)));
      },
      subscribe: (subject, receive) => {
        const subscription = { member, subject, receive };
        this.#subscriptions.add(subscription);
        return () => this.#subscriptions.delete(subscription);
      },
      onReconnect: () => () => {},
    };
    return member;
  }

  /** Delivers some of the messages on their way, in random order. */
  deliver(): void {
    for (const send of this.#random.shuffle(this.#late.splice(0))) {
      if (this.reliable || this.#random.next() < 0.5) send();
      else this.#late.push(send);
    }
  }

  #send(send: () => void): void {
    if (this.reliable) return send();
    const copies = this.#random.pick([0, 0, 1, 1, 2]);
    for (let copy = 0; copy < copies; copy++) this.#late.push(send);
  }
}

/** What worlds tell each other is always understood. */
function read(subject: Subject, bytes: Uint8Array): BusMessage {
  const message = decodeMessage(subject, bytes);
  if (!message.ok) throw new Error(`${message.error}: ${Buffer.from(bytes).toString()}`);
  return message.value;
}
