import type { BusMessage } from '../../core/model/bus-message.ts';
import type { Bus } from '../../core/ports.ts';

/** A bus within one process: every message reaches every other member at once, in order, exactly once. */
export class MemoryBus {
  readonly #members = new Map<Bus, (message: BusMessage) => void>();

  /** A new member, which receives the messages of the others and not its own. */
  join(): Bus {
    const member: Bus = {
      publish: (message) => {
        for (const [other, receive] of this.#members) if (other !== member) receive(message);
      },
      subscribe: (receive) => {
        this.#members.set(member, receive);
        return () => this.#members.delete(member);
      },
    };
    return member;
  }
}
