import { DatabaseSync } from 'node:sqlite';
import type { Hono } from 'hono';
import { type ListingEnv, listingApi } from '../src/listing/api.ts';
import { CallerLimits } from '../src/listing/caller-limits.ts';
import { Checks } from '../src/listing/checks.ts';
import { Directory } from '../src/listing/directory.ts';
import { PING_MS, type PingResult } from '../src/listing/ping/ping.ts';
import { type Caller, Registrations } from '../src/listing/registrations.ts';
import { ListingStore } from '../src/listing/store.ts';
import { FakeClock } from './clock.ts';
import { countingIds } from './ids.ts';

/** An answer of the service. */
export type ListingAnswer = { readonly status: number; readonly body: string; readonly headers: Headers };

type Asked = { readonly key?: string | null; readonly body?: unknown; readonly caller?: Caller };

const STRANGER: Caller = { address: '192.0.2.1', ip: '192.0.2.1' };

/** A listing service whose pings the test answers. */
export class ListingScene {
  readonly clock: FakeClock;
  readonly store: ListingStore;
  readonly directory: Directory;
  readonly checks: Checks;
  readonly app: Hono<ListingEnv>;
  /** By address: the id with which a server answers there. Everything else is silent. */
  readonly online = new Map<string, number>();
  /** While this is set, limits forbid every ping for so many ms. */
  laterMs = 0;
  /** The addresses that were pinged. */
  readonly pings: string[] = [];
  readonly log: string[] = [];

  constructor(database = new DatabaseSync(':memory:'), clock = new FakeClock()) {
    this.clock = clock;
    this.store = new ListingStore(database, clock);
    this.directory = new Directory(this.store, clock);
    const ping = (target: { readonly address: string; readonly id: number }) => this.#ping(target);
    const note = (event: string) => void this.log.push(event);
    const log = { info: note, warn: note, error: note };
    this.checks = new Checks({ directory: this.directory, ping, clock, log });
    const registrations = new Registrations({
      directory: this.directory,
      ping,
      pinged: (id) => this.checks.pinged(id),
      clock,
      ids: countingIds(),
    });
    this.app = listingApi({
      registrations,
      list: () => this.directory.list(),
      takesWrites: () => this.store.takesWrites(),
      limits: new CallerLimits(clock),
      log,
    });
    this.checks.start();
  }

  /** Sends a request and returns its answer; time passes if a ping has to fail for it. */
  async ask(method: string, path: string, { key = null, body, caller = STRANGER }: Asked = {}): Promise<ListingAnswer> {
    const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
    const headers = key === null ? {} : { Authorization: `C2Listing ${key}` };
    const asking = Promise.resolve(
      this.app.request(path, { method, headers, ...(text !== undefined && { body: text }) }, { caller }),
    );
    let isDone = false;
    void asking.finally(() => (isDone = true));
    await this.settle();
    if (!isDone) this.clock.advance(PING_MS);
    await this.settle();
    const answer = await asking;
    return { status: answer.status, body: await answer.text(), headers: answer.headers };
  }

  /** Lists a server that answers pings, and returns its key. */
  async list(id: number, properties: { readonly address: string; readonly [name: string]: unknown }): Promise<string> {
    this.online.set(properties.address, id);
    const { status, body } = await this.ask('POST', `/servers/${id}`, { body: properties });
    if (status !== 201) throw new Error(`${status}: ${body}`);
    return body;
  }

  /** What `GET /servers` shows. */
  async servers(): Promise<readonly { readonly [name: string]: unknown }[]> {
    return JSON.parse((await this.ask('GET', '/servers')).body).servers;
  }

  /** Time passes, with all that happens in it. */
  async pass(ms: number, step = 1_000): Promise<void> {
    for (let left = ms; left > 0; left -= step) {
      this.clock.advance(Math.min(step, left));
      await this.settle();
    }
  }

  async settle(): Promise<void> {
    for (let turn = 0; turn < 6; turn++) {
      this.clock.turn();
      await new Promise(setImmediate);
    }
  }

  async #ping({ address, id }: { readonly address: string; readonly id: number }): Promise<PingResult> {
    if (this.laterMs > 0) return { type: 'later', retryAfterMs: this.laterMs };
    this.pings.push(address);
    const ip = /^(?:\[([^\]]*)\]|([^:]*)):/.exec(address);
    const isGood = this.online.get(address) === id;
    return isGood ? { type: 'good', ms: 7, addresses: [ip?.[1] ?? ip?.[2] ?? ''] } : { type: 'bad' };
  }
}
