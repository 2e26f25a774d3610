import type { NatsConnection } from '@nats-io/transport-node';
import type { Clock, Log } from '../../core/ports.ts';
import { reasonOf } from '../../lib/reason.ts';

/** The most bytes that the server has not confirmed. */
const MAX_UNCONFIRMED = 16 * 1_048_576;
/** After so many bytes the server is asked to confirm them. */
const CONFIRM_AFTER = 65_536;

type Message = { readonly subject: string; readonly bytes: Uint8Array };
type OutgoingPorts = { readonly clock: Clock; readonly log: Log };

/** What leaves on one connection until that is cut: all of an event-loop turn at once, and never much more than the server takes. */
export class Outgoing {
  readonly #client: NatsConnection;
  readonly #ports: OutgoingPorts;
  #waiting: Message[] = [];
  #unconfirmed = 0;
  #isConfirming = false;
  #isOver = false;

  constructor(client: NatsConnection, ports: OutgoingPorts) {
    this.#client = client;
    this.#ports = ports;
  }

  /** Takes a message; false if the server is so far behind that it is dropped. */
  add(subject: string, bytes: Uint8Array): boolean {
    if (this.#unconfirmed + bytes.length > MAX_UNCONFIRMED) return false; // BUS-28
    this.#unconfirmed += bytes.length;
    if (this.#waiting.push({ subject, bytes }) === 1) this.#ports.clock.endOfTurn(() => this.flush()); // BUS-27
    return true;
  }

  /** Sends what waits. */
  flush(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    if (this.#isOver) return;
    for (const message of waiting) this.#send(message);
    if (this.#unconfirmed >= CONFIRM_AFTER && !this.#isConfirming) this.#confirm();
  }

  /** The connection is cut: what waits is dropped, since the client would send it late. */
  end(): void {
    this.#isOver = true; // BUS-26
  }

  #send({ subject, bytes }: Message): void {
    try {
      this.#client.publish(subject, bytes);
    } catch (error) {
      this.#ports.log.warn('bus-message-not-sent', { bytes: bytes.length, reason: reasonOf(error) });
    }
  }

  /** The server answers in order, so it has taken by then what was sent before. */
  #confirm(): void {
    this.#isConfirming = true;
    const asked = this.#unconfirmed;
    const confirmed = () => {
      this.#isConfirming = false;
      this.#unconfirmed -= asked;
    };
    this.#client.flush().then(confirmed, () => this.end()); // It rejects only when the connection is cut.
  }
}
