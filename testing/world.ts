import { MemoryBus } from '../src/bus/memory/bus.ts';
import type { PresenceSession } from '../src/core/presence/local-sessions.ts';
import type { Ban } from '../src/core/model/entries.ts';
import type { Event, RecordEvent } from '../src/core/model/events.ts';
import type { Departure } from '../src/core/model/person.ts';
import type { NodeId, PersonId, RoomId, StreamId } from '../src/core/model/ids.ts';
import type { Message } from '../src/core/model/message.ts';
import type { PostResult } from '../src/core/services/messages.ts';
import type { Bus, Ids, Log, Names, Ports, Password, Passwords, Storage } from '../src/core/ports.ts';
import type { Refusal } from '../src/core/model/refusals.ts';
import type { WorldObserver } from '../src/core/observer.ts';
import { World, type WorldRules } from '../src/core/world.ts';
import type { Result } from '../src/lib/result.ts';
import { MemoryNames } from '../src/storage/memory/names.ts';
import { MemoryStorage } from '../src/storage/memory/storage.ts';
import { FakeClock } from './clock.ts';
import { FaultyNode } from './faulty-node.ts';
import { countingIds } from './ids.ts';
import { fastPasswords } from './passwords.ts';

export const silentLog: Log = { info: () => {}, warn: () => {}, error: () => {} };

/** Somebody who is told of changes too, such as views. */
type Follower = {
  observe(events: readonly Event[]): void;
  recorded(events: readonly RecordEvent[]): void;
  resync(room: RoomId): void;
  reloaded(stream: StreamId): void;
};

/** An observer that records what it is told. It answers probes, except for people in `silent`. */
export class RecordingObserver implements WorldObserver {
  readonly events: Event[] = [];
  readonly batches: (readonly Event[])[] = [];
  readonly resyncs: { readonly room: RoomId; readonly position: number }[] = [];
  readonly silent = new Set<PersonId>();
  readonly removals: {
    readonly person: PersonId;
    readonly departure: Departure;
    readonly sessions: ReadonlySet<PresenceSession>;
  }[] = [];
  readonly records: RecordEvent[] = [];
  readonly reloads: StreamId[] = [];
  readonly revocations: { readonly person: PersonId; readonly digest: string | null }[] = [];
  readonly joins: object[] = [];
  readonly addressBans: Ban[] = [];
  readonly #followers: Follower[] = [];

  /** Passes what changed on. */
  follow(follower: Follower): void {
    this.#followers.push(follower);
  }

  deliver(events: readonly Event[]): void {
    this.batches.push(events);
    this.events.push(...events);
    for (const follower of this.#followers) follower.observe(events);
  }

  resync(room: RoomId, position: number): void {
    this.resyncs.push({ room, position });
    for (const follower of this.#followers) follower.resync(room);
  }

  probe(person: PersonId, alive: () => void): void {
    if (!this.silent.has(person)) alive();
  }

  sessionsRemoved(person: PersonId, departure: Departure, sessions: ReadonlySet<PresenceSession>): void {
    this.removals.push({ person, departure, sessions });
  }

  recorded(events: readonly RecordEvent[]): void {
    this.records.push(...events);
    for (const follower of this.#followers) follower.recorded(events);
  }

  reloaded(stream: StreamId): void {
    this.reloads.push(stream);
    for (const follower of this.#followers) follower.reloaded(stream);
  }

  credentialsRevoked(person: PersonId, digest: string | null): void {
    this.revocations.push({ person, digest });
  }

  addressBanned(ban: Ban): void {
    this.addressBans.push(ban);
  }

  roomJoined(...[person, room, direct, position, number]: Parameters<WorldObserver['roomJoined']>): void {
    this.joins.push({ person, room, direct, position, number });
  }

  /** The events of one kind, in order. */
  ofType<T extends Event['type']>(type: T): Extract<Event, { type: T }>[] {
    return this.events.filter((event): event is Extract<Event, { type: T }> => event.type === type);
  }
}

export type TestWorldOptions = {
  readonly storage?: Storage;
  readonly names?: Names;
  readonly bus?: Bus;
  readonly clock?: FakeClock;
  /** The bus and the clock of the world, if its node can be cut off or stopped; then `bus` is not used. */
  readonly node?: FaultyNode;
  readonly ids?: Ids;
  readonly log?: Log;
  readonly passwords?: Passwords;
  readonly rules?: Partial<WorldRules>;
  readonly nodeId?: NodeId;
  /** Waits until what the ports were asked is answered, if that takes real time. */
  readonly arrived?: () => Promise<void>;
};

/** The default rules of a test's world. */
export const defaultRules: WorldRules = { lobby: 'lobby', registration: 'open', joinLobby: true };

/** The default password of accounts. */
export const defaultPassword: Password = { type: 'plain', value: 'open sesame' };

/** A world in memory and with a fake clock, which the test drives step by step. */
export class TestWorld {
  readonly world: World;
  readonly clock: FakeClock;
  readonly storage: Storage;
  readonly names: Names;
  readonly node: NodeId;
  readonly observer: RecordingObserver;
  readonly #arrived: (() => Promise<void>) | undefined;

  private constructor(
    world: World,
    clock: FakeClock,
    ports: Pick<Ports, 'storage' | 'names' | 'node'>,
    observer: RecordingObserver,
    arrived?: () => Promise<void>,
  ) {
    this.#arrived = arrived;
    this.world = world;
    this.clock = clock;
    this.storage = ports.storage;
    this.names = ports.names;
    this.node = ports.node;
    this.observer = observer;
  }

  static async open(options: TestWorldOptions = {}): Promise<TestWorld> {
    const clock = options.clock ?? new FakeClock();
    const storage = options.storage ?? new MemoryStorage(clock);
    const observer = new RecordingObserver();
    const ids = options.ids ?? countingIds();
    const ports = {
      node: options.nodeId ?? ids.identity(),
      storage,
      clock: options.node?.clock ?? clock,
      names: options.names ?? new MemoryNames(),
      passwords: options.passwords ?? fastPasswords,
      bus: options.node?.bus ?? options.bus ?? new MemoryBus().join(),
      ids,
      log: options.log ?? silentLog,
    };
    const { arrived } = options;
    const rules = { ...defaultRules, ...options.rules };
    const world = await untilSettled(clock, World.open(ports, observer, rules), arrived);
    return new TestWorld(world, clock, ports, observer, arrived);
  }

  /** Runs a command and ends event-loop turns until it is answered. */
  ask<T>(run: (world: World, done: (result: Result<T, Refusal>) => void) => void): Promise<Result<T, Refusal>> {
    return untilSettled(this.clock, new Promise((resolve) => run(this.world, resolve)), this.#arrived);
  }

  /** The same for a command that must succeed. */
  async must<T>(run: (world: World, done: (result: Result<T, Refusal>) => void) => void): Promise<T> {
    const result = await this.ask(run);
    if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.error)}`);
    return result.value;
  }

  enter(name: string): Promise<PersonId> {
    return this.must<{ id: PersonId }>((world, done) => world.enter(name, done)).then(({ id }) => id);
  }

  /** Registers an account without logging in. */
  register(name: string): Promise<PersonId> {
    const wanted = { name, displayName: null, password: defaultPassword, role: 'user' } as const;
    return this.must<{ person: PersonId }>((world, done) => void world.accounts.register(null, wanted, done)).then(
      ({ person }) => person,
    );
  }

  /** Logs in to an account: one more presence session. */
  login(name: string): Promise<PersonId> {
    return this.must<{ id: PersonId }>((world, done) => world.login(name, defaultPassword, done)).then(({ id }) => id);
  }

  /** Registers an account and logs in. */
  async member(name: string): Promise<PersonId> {
    await this.register(name);
    return this.login(name);
  }

  /** Posts in the lobby, or another room. */
  post(person: PersonId, text: string, room: RoomId = this.world.lobby) {
    return this.ask<Message>((world, done) => world.messages.post(person, room, { text, clientTime: null }, done));
  }

  /** Sends a direct message. */
  direct(person: PersonId, to: string, text: string, nonce?: string) {
    const post = { text, clientTime: null, ...(nonce !== undefined && { nonce }) };
    return this.ask<PostResult>((world, done) => world.messages.direct(person, to, post, () => {}, done));
  }

  /** Creates a group owned by this person, and pins it as a subscription does. */
  async group(person: PersonId, name: string, closed = false): Promise<RoomId> {
    const room = await this.must<RoomId>((world, done) => world.rooms.create(person, name, null, closed, done));
    this.world.pinRoom(room);
    await this.world.useRooms([room], () => {});
    return room;
  }

  /** Waits until all pending work is done, without moving the time. */
  settle(): Promise<void> {
    return settle(this.clock, undefined, this.#arrived);
  }
}

/** Two worlds over one store, one set of names and one bus. `storage` is the store of a third node, which the test is. */
export async function openTwoWorlds(
  rules: Partial<WorldRules> = {},
  namesOf = (clock: FakeClock): MemoryNames => new MemoryNames(clock),
) {
  const clock = new FakeClock();
  const bus = new MemoryBus();
  const shared = { storage: new MemoryStorage(clock), names: namesOf(clock), clock, rules };
  const nodes = [new FaultyNode(clock, bus.join()), new FaultyNode(clock, bus.join())] as const;
  const join = (node: FaultyNode, origin: number) =>
    TestWorld.open({ ...shared, storage: shared.storage.join(), node, ids: countingIds(origin) });
  return { ...shared, bus, nodes, first: await join(nodes[0], 1), second: await join(nodes[1], 2) };
}

/** Ends event-loop turns and runs promises until this promise is settled. Each time it also waits for what has to arrive. */
export async function untilSettled<T>(clock: FakeClock, promise: Promise<T>, arrived = nothing): Promise<T> {
  let pending = true;
  const settled = promise.finally(() => {
    pending = false;
  });
  settled.catch(() => {});
  for (let turns = 0; pending && turns < 10_000; turns++) {
    clock.turn();
    await new Promise(setImmediate);
    await arrived();
  }
  if (pending) throw new Error('the promise is still pending and nothing more happens');
  return settled;
}

/** Lets time pass a second at a time, as it does for a node that is awake: in one leap its lease would run out. */
export async function passSeconds(clock: FakeClock, seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second++) {
    clock.advance(1_000);
    await settle(clock);
  }
}

/** Waits until all pending work is done, without moving the time. */
export async function settle(clock: FakeClock, turns = 12, arrived = nothing): Promise<void> {
  for (let turn = 0; turn < turns; turn++) {
    clock.turn();
    await new Promise(setImmediate);
    await arrived();
  }
}

async function nothing(): Promise<void> {}
