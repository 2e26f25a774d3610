import type { BusMessage } from '../../src/core/model/bus-message.ts';
import type { Bus } from '../../src/core/ports.ts';
import type { SeededRandom } from '../../testing/random.ts';

/** A bus that loses, repeats and reorders what is published, until it is told to be good. */
export class BadBus {
  readonly #random: SeededRandom;
  readonly #members = new Map<Bus, (hint: BusMessage) => void>();
  #late: (() => void)[] = [];
  good = false;

  constructor(random: SeededRandom) {
    this.#random = random;
  }

  join(): Bus {
    const member: Bus = {
      publish: (hint) => {
        for (const [other, receive] of this.#members) if (other !== member) this.#send(() => receive(hint));
      },
      subscribe: (receive) => {
        this.#members.set(member, receive);
        return () => this.#members.delete(member);
      },
    };
    return member;
  }

  /** Delivers some of what is under way, in any order. */
  deliver(): void {
    for (const send of this.#random.shuffle(this.#late.splice(0))) {
      if (this.good || this.#random.next() < 0.5) send();
      else this.#late.push(send);
    }
  }

  #send(send: () => void): void {
    if (this.good) return send();
    const copies = this.#random.pick([0, 0, 1, 1, 2]);
    for (let copy = 0; copy < copies; copy++) this.#late.push(send);
  }
}
