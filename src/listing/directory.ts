import type { Clock } from '../core/ports.ts';
import { isVisible, type ListedServer } from './listed-server.ts';
import { Rows } from './rows.ts';
import type { Change, ListingStore } from './store.ts';

const MOST_SERVERS = 10_000;
const MOST_AT_ONE_ADDRESS = 20;
/** The most bytes of all rows of `GET /servers` together. */
const MOST_BYTES = 2_000_000;

/** The text of one server in `GET /servers`. */
function rowOf({ id, serverName, address, connectedUsers, maxUsers }: ListedServer): string {
  return JSON.stringify({ id, displayName: serverName, address, connectedUsers, maxUsers }); // LIST-03
}

/** The bytes of its row; 0 for none. */
function sizeOf(server: ListedServer | undefined): number {
  return server === undefined ? 0 : Buffer.byteLength(rowOf(server));
}

/** All listed servers. What is asked for is what is on disk; what is decided on includes what is being written. */
export class Directory {
  readonly #store: Pick<ListingStore, 'load' | 'write'>;
  readonly #servers = new Map<number, ListedServer>();
  /** Servers that are being written; null for one that is being removed. */
  readonly #writing = new Map<number, ListedServer | null>();
  /** The rows of visible servers, in the order in which they are shown. */
  readonly #rows: Rows;
  readonly #atAddress = new Map<string, number>();
  #bytes = 0;

  constructor(store: Pick<ListingStore, 'load' | 'write'>, clock: Pick<Clock, 'monotonic'>) {
    this.#store = store;
    this.#rows = new Rows('{"servers":[', ']}', clock);
    for (const server of store.load()) this.#set(server);
  }

  /** The server of this id, with changes that are being written. */
  get(id: number): ListedServer | undefined {
    const writing = this.#writing.get(id);
    return writing === undefined ? this.#servers.get(id) : (writing ?? undefined);
  }

  get all(): Iterable<ListedServer> {
    return this.#servers.values();
  }

  get visible(): ListedServer[] {
    return [...this.#servers.values()].filter(isVisible);
  }

  /** The body of `GET /servers`. */
  list(): Uint8Array<ArrayBuffer> {
    return this.#rows.bytes(); // LIST-03
  }

  /** Whether there is room for a server; one that is listed already takes the place that it has. */
  hasRoomFor(server: ListedServer): boolean {
    const before = this.get(server.id);
    const more = sizeOf(server) - sizeOf(before);
    const isFull = before === undefined && this.#servers.size + this.#new().length >= MOST_SERVERS; // LIST-16
    return !isFull && (more <= 0 || this.#bytes + more <= MOST_BYTES); // LIST-16
  }

  /** Whether another server may be listed at these IP addresses. */
  hasRoomAt(targets: readonly string[]): boolean {
    const others = this.#new();
    return targets.every((target) => {
      const coming = others.filter((other) => other.targets.includes(target)).length;
      return (this.#atAddress.get(target) ?? 0) + coming < MOST_AT_ONE_ADDRESS; // LIST-17
    });
  }

  /** Puts a server or removes one. Resolves when that is on disk and shown; rejects, and changes nothing, if it cannot be stored. */
  async change(change: Change): Promise<void> {
    const [id, server] = 'put' in change ? [change.put.id, change.put] : [change.drop, null];
    this.#writing.set(id, server);
    try {
      await this.#store.write(change);
      if (server === null) this.#remove(id);
      else this.#set(server);
    } finally {
      if (this.#writing.get(id) === server) this.#writing.delete(id);
    }
  }

  /** Notes what a check found without writing it: after a restart it is found again. */
  note(server: ListedServer): void {
    if (this.#writing.has(server.id))
      void this.change({ put: server }).catch(() => {}); // It holds what is being written.
    else this.#set(server);
  }

  /** The servers that are being written for the first time. */
  #new(): ListedServer[] {
    return [...this.#writing.values()].filter(
      (server) => server !== null && !this.#servers.has(server.id),
    ) as ListedServer[];
  }

  #set(server: ListedServer): void {
    const before = this.#servers.get(server.id);
    this.#count(before, server);
    this.#servers.set(server.id, server);
    this.#rows.set(server.id, isVisible(server) ? rowOf(server) : undefined); // LIST-70
  }

  #remove(id: number): void {
    const before = this.#servers.get(id);
    if (before === undefined) return;
    this.#count(before, undefined);
    this.#servers.delete(id);
    this.#rows.set(id, undefined);
  }

  #count(before: ListedServer | undefined, after: ListedServer | undefined): void {
    this.#bytes += sizeOf(after) - sizeOf(before);
    for (const target of before?.targets ?? []) {
      const left = (this.#atAddress.get(target) ?? 0) - 1;
      if (left > 0) this.#atAddress.set(target, left);
      else this.#atAddress.delete(target);
    }
    for (const target of after?.targets ?? []) this.#atAddress.set(target, (this.#atAddress.get(target) ?? 0) + 1);
  }
}
