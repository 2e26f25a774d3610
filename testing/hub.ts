import { Hub, type HubOptions } from '../src/connections/hub.ts';
import type { Rates } from '../src/connections/limits/rate-limits.ts';
import type { ProtocolAdapter } from '../src/connections/protocol-adapter.ts';
import { MemoryBus } from '../src/bus/memory/bus.ts';
import type { Bus, Ids, Names, Storage } from '../src/core/ports.ts';
import { World, type WorldRules } from '../src/core/world.ts';
import { MemoryNames } from '../src/storage/memory/names.ts';
import { MemoryStorage } from '../src/storage/memory/storage.ts';
import type { CloseKind } from '../src/transports/link.ts';
import { memoryPair, type MemoryLink, type MemoryPeer } from './transports/memory-link.ts';
import { FakeClock } from './clock.ts';
import type { FaultyNode } from './faulty-node.ts';
import { countingIds } from './ids.ts';
import { fastPasswords } from './passwords.ts';
import { untilSettled, settle, silentLog, defaultRules } from './world.ts';

/** Rates that no test reaches. */
export const generousRates: Rates = {
  messages: { perSecond: 1e6, burst: 1e6 },
  renames: { perSecond: 1e6, burst: 1e6 },
  searches: { perSecond: 1e6, burst: 1e6 },
  requests: { perSecond: 1e6, burst: 1e6 },
  pings: { perSecond: 1e6, burst: 1e6 },
  limitLoopback: false,
};

/** The time between a message and the probe that proves its arrival. */
const PROBE_MS = 2_000;

/** The default options of a test's hub. */
export const generousOptions: HubOptions = {
  rates: generousRates,
  loginMs: 60_000,
  registrationsPerHour: 1_000,
  backlog: { messages: 1_000, days: 30 },
};

export type TestHubOptions = {
  readonly ids?: Ids;
  readonly storage?: Storage;
  readonly names?: Names;
  readonly bus?: Bus;
  readonly rates?: Partial<Rates>;
  readonly clock?: FakeClock;
  /** The bus and the clock, if the node can be cut off or stopped. */
  readonly node?: FaultyNode;
  readonly hub?: Partial<Omit<HubOptions, 'rates'>>;
  readonly rules?: Partial<WorldRules>;
};

/** A hub and its world, in memory and with a fake clock. */
export class TestHub {
  readonly hub: Hub;
  readonly world: World;
  readonly clock: FakeClock;
  readonly storage: Storage;

  private constructor(hub: Hub, world: World, clock: FakeClock, storage: Storage) {
    this.hub = hub;
    this.world = world;
    this.clock = clock;
    this.storage = storage;
  }

  static async open(options: TestHubOptions = {}): Promise<TestHub> {
    const clock = options.clock ?? new FakeClock();
    const storage = options.storage ?? new MemoryStorage(clock);
    const rates = { ...generousRates, ...options.rates };
    const ids = options.ids ?? countingIds();
    const ports = {
      node: ids.identity(),
      storage,
      clock: options.node?.clock ?? clock,
      names: options.names ?? new MemoryNames(),
      passwords: fastPasswords,
      bus: options.node?.bus ?? options.bus ?? new MemoryBus().join(),
      ids,
      log: silentLog,
    };
    const hub = new Hub(ports, { ...generousOptions, ...options.hub, rates });
    const world = await untilSettled(clock, World.open(ports, hub, { ...defaultRules, ...options.rules }));
    hub.attach(world);
    return new TestHub(hub, world, clock, storage);
  }

  /** A client of a line protocol on a memory link. */
  client(adapter: ProtocolAdapter<string, string>, address = '192.0.2.1'): LineClient {
    const { link, peer } = memoryPair(this.clock, { address });
    this.hub.connect(adapter, link);
    return new LineClient(this, link, peer);
  }

  /** Registers accounts whose passwords are their names. */
  async accounts(...names: readonly string[]): Promise<void> {
    for (const name of names) {
      const wanted = { name, displayName: null, password: { type: 'plain', value: name }, role: 'user' } as const;
      const made = new Promise<{ ok: boolean }>(
        (done) => void this.world.accounts.register({ type: 'operator' }, wanted, done),
      );
      if (!(await untilSettled(this.clock, made)).ok) throw new Error(`${name} was refused`);
    }
  }

  settle(): Promise<void> {
    return settle(this.clock);
  }

  /** Moves the time forward and waits until all pending work is done. */
  async advance(ms: number): Promise<void> {
    this.clock.advance(ms);
    await this.settle();
  }
}

/** The client's end of one connection. */
export class LineClient {
  readonly link: MemoryLink;
  readonly peer: MemoryPeer;
  readonly #hub: TestHub;

  constructor(hub: TestHub, link: MemoryLink, peer: MemoryPeer) {
    this.#hub = hub;
    this.link = link;
    this.peer = peer;
  }

  /** How the server ended the link; null while it is open. */
  closeKind(): CloseKind | null {
    return this.link.ended?.kind ?? null;
  }

  send(...lines: readonly string[]): void {
    this.peer.send(new TextEncoder().encode(lines.map((line) => `${line}\n`).join('')));
  }

  /** Returns the lines received since the last call. */
  lines(): string[] {
    return new TextDecoder().decode(this.peer.take()).split('\n').slice(0, -1);
  }

  /** Time passes until the server has probed the link, and the client has answered if it reads. */
  async waitForProof(): Promise<void> {
    await this.#hub.advance(PROBE_MS);
  }

  /** Closes the connection without a request. */
  async drop(): Promise<void> {
    this.peer.close();
    await this.#hub.settle();
  }

  /** Sends lines and returns the lines received once all pending work is done. */
  async ask(...lines: readonly string[]): Promise<string[]> {
    this.send(...lines);
    await this.#hub.settle();
    return this.lines();
  }
}
