import type { Clock, Log } from '../core/ports.ts';
import { reasonOf } from '../lib/reason.ts';
import type { Directory } from './directory.ts';
import { isVisible, type ListedServer, seen } from './listed-server.ts';
import type { PingResult } from './ping/ping.ts';

const CHECK_MS = 60_000;
/** A server without a good ping for this long is deleted. */
const GONE_MS = 24 * 60 * 60_000;
/** How far behind the stored time of the last good ping may be: a write for each ping would be 167 a second. */
const STORED_MS = 10 * 60_000;
/** So many checks run at once: each may hold a socket for five seconds. */
const MOST_AT_ONCE = 256;
const BUSY_MS = 1_000;

export type CheckOptions = {
  readonly directory: Directory;
  readonly ping: (server: ListedServer) => Promise<PingResult>;
  readonly clock: Clock;
  readonly log: Log;
};

/** Pings every listed server once a minute: hides the silent ones, shows those that are back, deletes the lost ones. */
export class Checks {
  readonly #options: CheckOptions;
  /** By id, what cancels the next check. */
  readonly #planned = new Map<number, () => void>();
  /** When the last good ping was stored, of servers that memory knows better. */
  readonly #storedAt = new Map<number, number>();
  #running = 0;
  #isStopped = false;

  constructor(options: CheckOptions) {
    this.#options = options;
  }

  /** Plans the first checks, spread over a minute. */
  start(): void {
    const servers = [...this.#options.directory.all];
    for (const [index, { id }] of servers.entries()) this.#plan(id, ((index + 1) * CHECK_MS) / servers.length); // LIST-71
  }

  /** A server was pinged for its owner: the next check is due a minute from now. */
  pinged(id: number): void {
    this.#plan(id, CHECK_MS); // LIST-71
  }

  stop(): void {
    this.#isStopped = true;
    for (const cancel of this.#planned.values()) cancel();
    this.#planned.clear();
  }

  #plan(id: number, ms: number): void {
    this.#planned.get(id)?.();
    if (this.#isStopped) return;
    const { clock } = this.#options;
    this.#planned.set(
      id,
      clock.after(ms, () => void this.#check(id)),
    );
  }

  async #check(id: number): Promise<void> {
    this.#planned.delete(id);
    const { directory, ping } = this.#options;
    const server = directory.get(id);
    if (server === undefined) return void this.#storedAt.delete(id);
    if (this.#running >= MOST_AT_ONCE) return this.#plan(id, BUSY_MS);
    this.#running += 1;
    const result = await ping(server);
    this.#running -= 1;
    const current = directory.get(id);
    if (this.#isStopped || current === undefined || this.#planned.has(id)) return; // Its owner was faster.
    if (result.type === 'later') return this.#plan(id, result.retryAfterMs); // LIST-72
    this.#plan(id, CHECK_MS);
    if (current.address === server.address) await this.#note(current, result);
  }

  async #note(server: ListedServer, result: Exclude<PingResult, { readonly type: 'later' }>): Promise<void> {
    const { directory, clock, log } = this.#options;
    const now = clock.now();
    const after = found(server, result, now);
    const isGone = !isVisible(after) && now - after.seenAt >= GONE_MS; // LIST-74
    const hasTurned = isVisible(after) !== isVisible(server);
    const { id, address } = server;
    if (isGone || hasTurned)
      log.info(isGone ? 'server-deleted' : isVisible(after) ? 'server-back' : 'server-hidden', { id, address });
    const storedAt = this.#storedAt.get(id) ?? server.seenAt;
    const isStored = isGone || hasTurned || after.seenAt - storedAt >= STORED_MS;
    if (!isStored) {
      this.#storedAt.set(id, storedAt);
      return directory.note(after);
    }
    this.#storedAt.delete(id);
    await directory.change(isGone ? { drop: id } : { put: after }).catch((error: unknown) => {
      log.error('list-not-written', { reason: reasonOf(error) });
    });
  }
}

/** The server after a check. */
function found(
  server: ListedServer,
  result: Exclude<PingResult, { readonly type: 'later' }>,
  now: number,
): ListedServer {
  if (result.type === 'bad') return { ...server, misses: server.misses + 1 }; // LIST-70
  const upSince = isVisible(server) ? server.upSince : now; // LIST-75
  return { ...server, upSince, ...seen(result, now) };
}
