import type { BusMessage } from '../../core/model/bus-message.ts';
import type { Bus } from '../../core/ports.ts';

/** A bus inside one process: every hint reaches every other member at once, in order, exactly once. */
export class MemoryBus {
  readonly #members = new Map<Bus, (hint: BusMessage) => void>();

  /** A new member; it hears the others, not itself. */
  join(): Bus {
    const member: Bus = {
      publish: (hint) => {
        for (const [other, receive] of this.#members) if (other !== member) receive(hint);
      },
      subscribe: (receive) => {
        this.#members.set(member, receive);
        return () => this.#members.delete(member);
      },
    };
    return member;
  }
}
