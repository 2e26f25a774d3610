import type { Attempt } from '../../core/model/bus-message.ts';
import type { NodeId } from '../../core/model/ids.ts';
import type { Bus, Clock } from '../../core/ports.ts';
import { jsonParts } from '../../core/presence/json-parts.ts';

/** The most bytes of a message. */
const PART_BYTES = 32_768;
/** Room for what surrounds the attempts in a message. */
const ENVELOPE_BYTES = 512;

type ExchangePorts = { readonly node: NodeId; readonly bus: Bus; readonly clock: Pick<Clock, 'endOfTurn'> };

/** Tells the other nodes what the limits of this one counted, all of an event-loop turn together, and hears what theirs counted. */
export class AttemptExchange {
  /** Hears no more. */
  readonly close: () => void;
  readonly #ports: ExchangePorts;
  readonly #attempts: Attempt[] = [];

  constructor(ports: ExchangePorts, heard: (attempt: Attempt) => void) {
    this.#ports = ports;
    this.close = ports.bus.subscribe('nodes', (message) => {
      if (message.type === 'attempts') for (const attempt of message.attempts) heard(attempt); // CONN-171
    });
  }

  tell(attempt: Attempt): void {
    const { bus, clock } = this.#ports;
    if (bus.maxBytes === 0) return; // CONN-173
    if (this.#attempts.push(attempt) === 1) clock.endOfTurn(() => this.#flush()); // CONN-173
  }

  #flush(): void {
    const { node, bus } = this.#ports;
    const maxBytes = Math.min(PART_BYTES, bus.maxBytes - ENVELOPE_BYTES);
    for (const attempts of jsonParts(this.#attempts.splice(0), maxBytes))
      bus.publish('nodes', { type: 'attempts', node, attempts }); // CONN-173
  }
}
