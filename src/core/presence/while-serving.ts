import type { Bus } from '../ports.ts';
import type { ServingGate } from './serving-gate.ts';

/** The same bus, but nothing is heard while this node may not serve: it may be old. What was missed is found in storage. */
export function whileServing(bus: Bus, gate: () => ServingGate): Bus {
  return {
    get maxBytes() {
      return bus.maxBytes;
    },
    publish: (subject, message) => bus.publish(subject, message),
    subscribe: (subject, receive) =>
      bus.subscribe(subject, (message) => {
        if (gate().isOpen) receive(message); // WORLD-293
      }),
    onReconnect: (run) => bus.onReconnect(run),
  };
}
