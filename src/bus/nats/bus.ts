import type { NatsConnection, Subscription } from '@nats-io/transport-node';
import type { BusMessage } from '../../core/model/bus-message.ts';
import type { NodeId } from '../../core/model/ids.ts';
import type { Bus, Clock, Log, Subject } from '../../core/ports.ts';
import { decodeMessage, encodeMessage } from '../codec.ts';
import { MAX_MESSAGE_BYTES } from '../limits.ts';
import { NatsLink } from './link.ts';
import { Outgoing } from './outgoing.ts';
import { natsSubject } from './subjects.ts';
import type { NatsAddress } from './url.ts';

type Receive = (message: BusMessage) => void;
/** The receivers of one subject; the client has one subscription for all of them. */
type Listeners = { readonly receivers: Set<Receive>; subscription: Subscription | null };

export type NatsBusOptions = {
  readonly address: NatsAddress;
  readonly node: NodeId;
  readonly clock: Clock;
  readonly log: Log;
};

/** Until a server has told what it takes. */
const FIRST_MAX_BYTES = 65_536;
/** How long closing waits until the server has taken what was published. */
const CLOSE_MS = 1_000;

/** A member of a bus on servers of NATS. While they are away, nothing is sent or received, which only the log and `counts` tell. */
export class NatsBus implements Bus {
  /** Messages that were not sent because no server was connected, and those that came and were not understood. */
  readonly counts = { unsent: 0, invalid: 0 };
  readonly #options: NatsBusOptions;
  readonly #link: NatsLink;
  readonly #subjects = new Map<Subject, Listeners>();
  readonly #reconnects = new Set<() => void>();
  /** Knows all subscriptions, also while it is cut off. */
  #client: NatsConnection | null = null;
  /** Null while the client is cut off. */
  #outgoing: Outgoing | null = null;
  #maxBytes = FIRST_MAX_BYTES; // BUS-25
  #wasCut = false;

  /** `open` makes it a member. */
  constructor(options: NatsBusOptions) {
    const { address, node, clock, log } = options;
    this.#options = options;
    this.#link = new NatsLink(
      { address, name: `parlance ${node}`, clock, log },
      {
        opened: (client) => this.#opened(client),
        connected: (client) => this.#connected(client),
        disconnected: () => this.#disconnected(),
      },
    );
  }

  get isConnected(): boolean {
    return this.#outgoing !== null;
  }

  get maxBytes(): number {
    const told = this.isConnected ? this.#client?.info?.max_payload : undefined;
    if (told !== undefined) this.#maxBytes = Math.min(told, MAX_MESSAGE_BYTES); // BUS-25
    return this.#maxBytes;
  }

  /** Resolves after the first attempt to connect, whether it succeeded or not. */
  async open(): Promise<void> {
    await this.#link.open();
    this.#wasCut = !this.isConnected; // BUS-22
  }

  publish(subject: Subject, message: BusMessage): void {
    if (this.#outgoing === null) {
      this.counts.unsent++; // BUS-26
      return;
    }
    const { log, address } = this.#options;
    const bytes = encodeMessage(message);
    const limit = this.maxBytes;
    if (bytes.length > limit) {
      log.warn('bus-message-too-large', { subject, type: message.type, bytes: bytes.length, limit }); // BUS-04
    } else if (!this.#outgoing.add(natsSubject(address.prefix, subject), bytes)) {
      this.counts.unsent++; // BUS-28
      log.warn('bus-overloaded');
    }
  }

  subscribe(subject: Subject, receive: Receive): () => void {
    const listeners = this.#subjects.get(subject) ?? { receivers: new Set(), subscription: null };
    this.#subjects.set(subject, listeners);
    const own: Receive = (message) => receive(message); // The same function may subscribe twice.
    listeners.receivers.add(own);
    if (listeners.subscription === null) this.#listen(subject, listeners);
    return () => {
      listeners.receivers.delete(own);
      if (listeners.receivers.size > 0 || this.#subjects.get(subject) !== listeners) return;
      this.#subjects.delete(subject);
      listeners.subscription?.unsubscribe(); // BUS-05
    };
  }

  onReconnect(run: () => void): () => void {
    const own = () => run();
    this.#reconnects.add(own);
    return () => void this.#reconnects.delete(own);
  }

  /** Resolves when the server has taken all that was published and subscribed to; at once while there is none. */
  async settled(): Promise<void> {
    this.#outgoing?.flush();
    if (this.isConnected) await this.#client?.flush().catch(() => {}); // It rejects only when the connection is cut.
  }

  /** Sends what was published, within a second, and leaves. */
  async close(): Promise<void> {
    const inTime = new Promise<void>((resolve) => void this.#options.clock.after(CLOSE_MS, resolve));
    await Promise.race([this.settled(), inTime]); // BUS-30
    this.#outgoing?.end();
    this.#outgoing = null;
    this.#subjects.clear();
    this.#reconnects.clear();
    await this.#link.close();
    this.#client = null;
  }

  #opened(client: NatsConnection): void {
    this.#client = client;
    for (const [subject, listeners] of this.#subjects) this.#listen(subject, listeners);
  }

  #connected(client: NatsConnection): void {
    this.#outgoing = new Outgoing(client, this.#options);
    if (!this.#wasCut) return;
    this.#wasCut = false;
    for (const run of this.#reconnects) run(); // BUS-23
  }

  #disconnected(): void {
    this.#wasCut = true;
    this.#outgoing?.end();
    this.#outgoing = null;
  }

  #listen(subject: Subject, listeners: Listeners): void {
    const name = natsSubject(this.#options.address.prefix, subject);
    if (this.#client === null || this.#client.isClosed()) return;
    listeners.subscription = this.#client.subscribe(name, {
      callback: (error, { data }) => {
        if (error !== null) this.#options.log.warn('bus-refused', { subject: name, reason: error.message });
        else this.#receive(subject, listeners, data);
      },
    });
  }

  #receive(subject: Subject, { receivers }: Listeners, bytes: Uint8Array): void {
    const message = decodeMessage(subject, bytes);
    if (!message.ok) {
      this.counts.invalid++; // BUS-11
      this.#options.log.warn('bus-message-invalid', { subject, bytes: bytes.length, reason: message.error }); // BUS-11
      return;
    }
    if (message.value.node === this.#options.node) return; // BUS-12
    const told = [...receivers]; // One that is added meanwhile is not told of this message.
    for (const receive of told) this.#deliver(receive, message.value);
  }

  /** The client would take an error in a receiver for one of its own, and stop reading: it goes where errors go. */
  #deliver(receive: Receive, message: BusMessage): void {
    try {
      receive(message);
    } catch (error) {
      queueMicrotask(() => {
        throw error;
      });
    }
  }
}
