import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { AppendItem, AppendResult, Clock, Storage } from '../core/ports.ts';

/** Counts that are kept elsewhere and read for each page of metrics. */
export type Counts = {
  readonly connections: () => number;
  readonly people: () => number;
  readonly deliveries: () => number;
  readonly droppedLines: () => number;
};

/** The metrics of this process, for Prometheus. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #clock: Clock;
  readonly #messages: Counter;
  readonly #refused: Counter;
  readonly #batchItems: Histogram;
  readonly #batchSeconds: Histogram;

  constructor(clock: Clock) {
    const registers = [this.#registry];
    this.#clock = clock;
    collectDefaultMetrics({ register: this.#registry });
    this.#messages = new Counter({
      name: 'parlance_messages_committed_total',
      help: 'Messages that reached the disk.',
      registers,
    });
    this.#refused = new Counter({
      name: 'parlance_connections_refused_total',
      help: 'Connections that were over a limit.',
      registers,
    });
    this.#batchItems = new Histogram({
      name: 'parlance_append_items',
      help: 'Commands in one write to storage.',
      buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000],
      registers,
    });
    this.#batchSeconds = new Histogram({
      name: 'parlance_append_seconds',
      help: 'How long one write to the store took, the wait for the disk included.',
      buckets: [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 5],
      registers,
    });
  }

  /** Adds the counts that are kept elsewhere; to be called once. */
  report({ connections, people, deliveries, droppedLines }: Counts): void {
    this.#gauge('parlance_connections', 'Connections on which a protocol is spoken.', connections);
    this.#gauge('parlance_people', 'People who are present, over all nodes.', people);
    const perConnection = 'Live events, counted once for each connection that delivers their room.';
    this.#counter('parlance_deliveries_total', perConnection, deliveries);
    const dropped = 'Lines that the log could not keep, because standard output took nothing.';
    this.#counter('parlance_log_lines_dropped_total', dropped, droppedLines); // SERVER-87
  }

  /** Counts a connection that was over a limit. */
  refused(): void {
    this.#refused.inc();
  }

  /** The same store, with its writes counted and timed. */
  measured(storage: Storage): Storage {
    const append = async (batch: readonly AppendItem[]): Promise<readonly AppendResult[]> => {
      const began = this.#clock.monotonic();
      const results = await storage.append(batch);
      this.#batchSeconds.observe((this.#clock.monotonic() - began) / 1_000);
      this.#batchItems.observe(batch.length);
      this.#messages.inc(batch.reduce((sum, item, index) => sum + messagesIn(item, results[index]), 0));
      return results;
    };
    return {
      identity: storage.identity,
      append,
      changes: () => storage.changes(),
      positions: (streams) => storage.positions(streams),
      entries: (stream, after, limit) => storage.entries(stream, after, limit),
      load: (stream) => storage.load(stream),
      page: (room, before, limit) => storage.page(room, before, limit),
      message: (id) => storage.message(id),
      credential: (person) => storage.credential(person),
      token: (digest) => storage.token(digest),
      invitation: (digest) => storage.invitation(digest),
      session: (digest) => storage.session(digest),
      keptResult: (scope, key) => storage.keptResult(scope, key),
      deliveryMarkers: (person) => storage.deliveryMarkers(person),
      furthestReads: (room) => storage.furthestReads(room),
      relatedTo: (person) => storage.relatedTo(person),
      messagesBy: (person, after, limit) => storage.messagesBy(person, after, limit),
      file: (id) => storage.file(id),
      fileBytes: (person) => storage.fileBytes(person),
      uploadsBefore: (at, limit) => storage.uploadsBefore(at, limit),
      namedDigests: (digests) => storage.namedDigests(digests),
      search: (search) => storage.search(search),
      close: () => storage.close(),
    };
  }

  /** All metrics in the text format of Prometheus. */
  async page(): Promise<{ readonly type: string; readonly text: string }> {
    return { type: this.#registry.contentType, text: await this.#registry.metrics() };
  }

  #counter(name: string, help: string, value: () => number): void {
    new Counter({
      name,
      help,
      registers: [this.#registry],
      collect() {
        this.reset();
        this.inc(value());
      },
    });
  }

  #gauge(name: string, help: string, value: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.#registry],
      collect() {
        this.set(value());
      },
    });
  }
}

function messagesIn({ writes }: AppendItem, result: AppendResult | undefined): number {
  if (result?.type !== 'committed') return 0; // SERVER-42
  return writes.flatMap(({ entries }) => entries).filter(({ type }) => type === 'message-posted').length;
}
