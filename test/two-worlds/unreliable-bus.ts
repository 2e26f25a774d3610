import type { BusMessage } from '../../src/core/model/bus-message.ts';
import type { Bus } from '../../src/core/ports.ts';
import type { SeededRandom } from '../../testing/random.ts';

/** A bus that loses, repeats and reorders messages until `reliable` is set. */
export class UnreliableBus {
  readonly #random: SeededRandom;
  readonly #members = new Map<Bus, (message: BusMessage) => void>();
  #late: (() => void)[] = [];
  reliable = false;

  constructor(random: SeededRandom) {
    this.#random = random;
  }

  join(): Bus {
    const member: Bus = {
      publish: (message) => {
        for (const [other, receive] of this.#members) if (other !== member) this.#send(() => receive(message));
      },
      subscribe: (receive) => {
        this.#members.set(member, receive);
        return () => this.#members.delete(member);
      },
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
