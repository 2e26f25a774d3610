import { MemoryBus } from '../src/bus/memory/bus.ts';
import type { HubOptions } from '../src/connections/hub.ts';
import type { Clock, Ids, Log, Storage } from '../src/core/ports.ts';
import type { WorldRules } from '../src/core/world.ts';
import type { Protocol, ServerFacts } from '../src/protocols/protocol.ts';
import { type App, composeApp } from '../src/server/app.ts';
import { MemoryNames } from '../src/storage/memory/names.ts';
import { MemoryStorage } from '../src/storage/memory/storage.ts';
import { type MemoryLink, type MemoryOptions, type MemoryPeer, memoryPair } from './transports/memory-link.ts';
import { FakeClock } from './clock.ts';
import { generousOptions } from './hub.ts';
import { countingIds } from './ids.ts';
import { waitForIo } from './condition.ts';
import { fastPasswords } from './passwords.ts';
import { untilSettled, settle, silentLog, defaultRules } from './world.ts';

export type TestAppOptions = {
  readonly storage?: Storage;
  /** Default: a fake clock. */
  readonly clock?: Clock;
  readonly ids?: Ids;
  readonly log?: Log;
  readonly hub?: Partial<HubOptions>;
  readonly facts?: Partial<ServerFacts>;
  readonly rules?: Partial<WorldRules>;
};

/** The default facts about the server. */
export const defaultFacts: ServerFacts = {
  name: 'Parlance',
  id: 1,
  history: 50,
  codechatHistory: 0,
  privateLines: true,
  taggedLogins: 'on',
  media: { address: '/media', digestOf: async () => null },
  font: { family: 'Segoe UI', color: '#000000', style: '' },
};

/** An app in this process, with storage, bus and links in memory. */
export type TestApp = App & {
  readonly clock: Clock;
  readonly storage: Storage;
  /** A new connection with this protocol, given by name or as an object; the test drives `peer`, the client's end. */
  connect(
    protocol: string | Protocol,
    options?: MemoryOptions,
  ): { readonly link: MemoryLink; readonly peer: MemoryPeer };
  /** Waits until all pending work is done; a fake clock does not move. */
  settle(): Promise<void>;
  /** Stops as the server does: answers pending requests, closes every connection. */
  stop(): Promise<void>;
};

/** Opens an app, by default with a fake clock, counting ids and no limits. */
export async function openTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  const clock = options.clock ?? new FakeClock();
  const storage = options.storage ?? new MemoryStorage(clock);
  const until = <T>(promise: Promise<T>): Promise<T> =>
    clock instanceof FakeClock ? untilSettled(clock, promise) : promise;
  const ids = options.ids ?? countingIds();
  const ports = {
    node: ids.identity(),
    storage,
    clock,
    names: new MemoryNames(),
    passwords: fastPasswords,
    bus: new MemoryBus().join(),
    ids,
    log: options.log ?? silentLog,
  };
  const facts = { ...defaultFacts, ...options.facts };
  const app = await until(
    composeApp(ports, {
      facts,
      rules: { ...defaultRules, ...options.rules },
      hub: { ...generousOptions, ...options.hub },
    }),
  );
  const opened = new Map<Protocol, ReturnType<Protocol['open']>>();
  const acceptorOf = (protocol: Protocol) => {
    const accept = opened.get(protocol) ?? protocol.open(facts, (adapter, link) => app.hub.connect(adapter, link));
    opened.set(protocol, accept);
    return accept;
  };
  return {
    ...app,
    clock,
    storage,
    connect(protocol, memory = {}) {
      const pair = memoryPair(clock, memory);
      if (typeof protocol === 'string') app.accept(pair.link, protocol);
      else acceptorOf(protocol)(pair.link);
      return pair;
    },
    settle: () => (clock instanceof FakeClock ? settle(clock) : waitForIo()),
    async stop() {
      await until(app.hub.stop());
      await until(app.world.stop());
      app.world.close();
    },
  };
}
