import { decodeMessage, encodeMessage } from '../../src/bus/codec.ts';
import type { BusMessage } from '../../src/core/model/bus-message.ts';
import type { Bus, Subject } from '../../src/core/ports.ts';
import type { SeededRandom } from '../../testing/random.ts';

/** Loses, repeats and reorders what nodes publish on a bus, until `reliable` is set. Each message goes through the codec of networks. */
export class UnreliableBus {
  readonly #random: SeededRandom;
  #late: (() => void)[] = [];
  reliable = false;

  constructor(random: SeededRandom) {
    this.#random = random;
  }

  /** The same member of a bus, but what it publishes is on its way until `deliver`. */
  over(member: Bus): Bus {
    return {
      get maxBytes() {
        return member.maxBytes;
      },
      publish: (subject, message) => {
        const bytes = encodeMessage(message);
        this.#send(() => member.publish(subject, read(subject, bytes)));
      },
      subscribe: (subject, receive) => member.subscribe(subject, receive),
      onReconnect: (run) => member.onReconnect(run),
    };
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
