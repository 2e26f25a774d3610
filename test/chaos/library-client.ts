import type { Clock } from '../../src/core/ports.ts';
import type { Platform } from '../../src/lib/platform.ts';
import type { SeededRandom } from '../../testing/random.ts';
import type { ChaosClient, Outcome } from './chaos-client.ts';
import type { Library, LibraryClient, LibraryEvent } from './libraries.ts';
import { ShownLog } from './shown-log.ts';

/** What the codes of failures mean, which are equal in all libraries. Any other is an error of the library or the server. */
const OUTCOMES: ReadonlyMap<unknown, Outcome> = new Map([
  ['refused', 'refused'],
  ['unknown-outcome', 'unknown'],
  ['offline', 'unsent'],
]);

export type LibraryOptions = {
  readonly name: string;
  readonly isGuest: boolean;
  readonly port: number;
  readonly random: SeededRandom;
  readonly clock: Clock;
  /** By how much the deadlines of the library are shortened. */
  readonly scale: number;
};

/** A person who uses a client library, which reconnects by itself. */
export class LibraryChaosClient implements ChaosClient {
  readonly name: string;
  readonly kind: string;
  readonly missesNothing: boolean;
  readonly #library: Library;
  readonly #log = new ShownLog();
  readonly #client: LibraryClient;
  readonly #connections: { readonly count: number };
  #isOnline = true;

  private constructor(
    library: Library,
    options: LibraryOptions,
    client: LibraryClient,
    connections: { count: number },
  ) {
    this.name = options.name;
    this.kind = `${library.protocol} library${options.isGuest ? ' (guest)' : ''}`;
    this.missesNothing = !options.isGuest;
    this.#library = library;
    this.#client = client;
    this.#connections = connections;
    void this.#read();
  }

  /** Tries until the person is logged in. */
  static async open(library: Library, options: LibraryOptions): Promise<LibraryChaosClient> {
    const connections = { count: 0 };
    const platform = platformFor(options, connections);
    const { name, isGuest, port } = options;
    for (;;) {
      try {
        const client = await library.connect(`ws://127.0.0.1:${port}/`, { name, isGuest, platform });
        return new LibraryChaosClient(library, options, client, connections);
      } catch (error) {
        if (codeOf(error) !== 'offline') throw error;
      }
    }
  }

  get connection(): number {
    return this.#connections.count;
  }

  get shown() {
    return this.#log.connections;
  }

  async send(text: string): Promise<Outcome> {
    for (;;) {
      const outcome = await this.#send(text);
      const isOpen = outcome === 'unknown' || outcome === 'unsent';
      if (!isOpen || !this.#library.resends) return outcome;
      await this.online();
    }
  }

  online(): Promise<void> {
    return this.#log.until(() => this.#isOnline);
  }

  sees(text: string): Promise<void> {
    return this.#log.sees(text);
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  async #send(text: string): Promise<Outcome> {
    try {
      await this.#client.send(text);
      return 'acknowledged';
    } catch (error) {
      const outcome = OUTCOMES.get(codeOf(error));
      if (outcome === undefined) throw error;
      return outcome;
    }
  }

  async #read(): Promise<void> {
    try {
      for await (const event of this.#client.events()) this.#take(event);
    } catch (error) {
      this.#log.fail(new Error(`${this.name} cannot go on`, { cause: error }));
    }
  }

  #take(event: LibraryEvent): void {
    if (event === null) return;
    if (event === 'missed') return this.#log.fail(new Error(`${this.name} did not read its events in time`));
    if (typeof event !== 'string') return this.#log.add(event);
    this.#isOnline = event === 'online';
    if (this.#isOnline) this.#log.next();
    this.#log.changed.notify();
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

/** The platform of Node, with shorter deadlines; counts the connections. */
function platformFor({ random, clock, scale }: LibraryOptions, connections: { count: number }): Partial<Platform> {
  return {
    WebSocket: class extends WebSocket {
      constructor(url: string) {
        super(url);
        connections.count++;
      }
    },
    monotonic: () => clock.monotonic() / scale,
    after: (ms, run) => clock.after(ms * scale, run),
    random: () => random.next(),
  };
}
