import type { BusMessage, StreamMessage, TypingReport } from '../model/bus-message.ts';
import type { Entry, EntryBody } from '../model/entries.ts';
import { roomStream, type StreamId } from '../model/ids.ts';
import type { Bus, Ports } from '../ports.ts';

/** The most bytes of entries in one message: a message of chat at its limit fits, so that it need not be read from storage. */
const MOST_BYTES = 32_768;
/** What a message has around its entries, and more. */
const AROUND_BYTES = 1_024;

const encoder = new TextEncoder();

/** What other nodes tell of a stream. */
export interface StreamListener {
  /** Entries that follow on each other; `first` is the position of the first of them. */
  hear(stream: StreamId, first: number, bodies: readonly EntryBody[]): void;
  observePosition(stream: StreamId, position: number): void;
  typed(report: TypingReport): void;
}

/**
 * What travels on the subjects of streams: to the nodes that have a stream in memory. All of it may be lost, repeated or late.
 */
export class StreamBus {
  readonly #node: string;
  readonly #bus: Bus;
  readonly #listener: StreamListener;
  /** The streams that this node follows, each with the function that ends its subscription. */
  readonly #followed = new Map<StreamId, () => void>();

  constructor({ node, bus }: Pick<Ports, 'node' | 'bus'>, listener: StreamListener) {
    this.#node = node;
    this.#bus = bus;
    this.#listener = listener;
  }

  /** Begins to receive what other nodes tell of a stream, unless this node does already. */
  follow(stream: StreamId): void {
    if (this.#isAlone || this.#followed.has(stream)) return; // WORLD-275
    this.#followed.set(
      stream,
      this.#bus.subscribe(stream, (message) => this.#receive(stream, message)),
    );
  }

  unfollow(stream: StreamId): void {
    this.#followed.get(stream)?.();
    this.#followed.delete(stream);
  }

  /** Ends all subscriptions. */
  close(): void {
    for (const stream of this.#followed.keys()) this.unfollow(stream);
  }

  /** Tells the other nodes what this node committed, in that order. */
  announce(entries: readonly Entry[]): void {
    if (this.#isAlone) return; // WORLD-275
    for (const [stream, written] of Map.groupBy(entries, (entry) => entry.stream)) this.#announce(stream, written);
  }

  /** Tells the other nodes that a person types in a room, or has stopped. */
  announceTyping(report: TypingReport): void {
    this.#publish(roomStream(report.room), { type: 'typing', node: this.#node, report });
  }

  get #isAlone(): boolean {
    return this.#bus.maxBytes === 0;
  }

  /** Entries that follow on each other share messages, as many as fit in each. */
  #announce(stream: StreamId, entries: readonly Entry[]): void {
    const most = Math.min(MOST_BYTES, this.#bus.maxBytes - AROUND_BYTES);
    let bodies: EntryBody[] = [];
    let bytes = 0;
    let next = 0;
    const send = () => {
      const position = next - bodies.length;
      if (bodies.length > 0) this.#publish(stream, { type: 'entries', node: this.#node, position, bodies });
      bodies = [];
      bytes = 0;
    };
    for (const { position, body } of entries) {
      const size = encoder.encode(JSON.stringify(body)).length + 1;
      if (bytes + size > most || position !== next) send();
      next = position + 1;
      if (size > most) {
        this.#publish(stream, { type: 'position', node: this.#node, position }); // WORLD-269
        continue;
      }
      bodies.push(body); // WORLD-269
      bytes += size;
    }
    send();
  }

  #publish(stream: StreamId, message: StreamMessage): void {
    if (!this.#isAlone) this.#bus.publish(stream, message); // WORLD-275
  }

  #receive(stream: StreamId, message: BusMessage): void {
    switch (message.type) {
      case 'entries':
        return this.#listener.hear(stream, message.position, message.bodies);
      case 'position':
        return this.#listener.observePosition(stream, message.position);
      case 'typing':
        return this.#listener.typed(message.report);
      default: // It is about nodes.
        return;
    }
  }
}
