import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type PersonId, personStream, type RoomId, roomStream } from '../../src/core/model/ids.ts';
import type { Account } from '../../src/core/model/account.ts';
import type { PostResult } from '../../src/core/services/messages.ts';
import type { Password, Storage } from '../../src/core/ports.ts';
import type { World } from '../../src/core/world.ts';
import type { Refusal } from '../../src/core/model/refusals.ts';
import type { Result } from '../../src/lib/result.ts';
import type { SeededRandom } from '../../testing/random.ts';
import type { TestWorld } from '../../testing/world.ts';
import type { Stage } from './stage.ts';
import { forSeeds, type TwoWorlds } from './two-worlds.ts';

const SEEDS = 100;
const NAMES = ['ada', 'bob', 'cyd', 'dan'];
const GROUPS = ['garden', 'kitchen'];
const password: Password = { type: 'plain', value: 'open sesame' };

type Posted = { readonly text: string; readonly room: RoomId; readonly number: number };

/** Runs random commands of random people in two worlds and keeps the answers. */
class RandomPeople {
  readonly #random: SeededRandom;
  readonly #worlds: readonly TestWorld[];
  readonly #accounts = new Map<string, PersonId>();
  /** The presence sessions; a person may have one in each world. */
  readonly #sessions: { readonly app: TestWorld; readonly person: PersonId }[] = [];
  readonly posted = new Map<string, Posted>();
  readonly refused: Refusal['type'][] = [];

  constructor(random: SeededRandom, worlds: readonly TestWorld[]) {
    this.#random = random;
    this.#worlds = worlds;
  }

  get accounts(): readonly PersonId[] {
    return [...this.#accounts.values()];
  }

  async act(text: string): Promise<void> {
    const random = this.#random;
    const app = random.pick(this.#worlds);
    const name = random.pick(NAMES);
    const kind = random.below(10);
    if (kind === 0 || this.#accounts.size === 0) return this.#register(app, name);
    if (kind === 1 || this.#sessions.length === 0) return this.#login(app, name);
    const one = random.pick(this.#sessions);
    const { world } = one.app;
    const post = { text, clientTime: null };
    switch (kind) {
      case 2:
      case 3:
      case 4:
        return this.#record(
          text,
          await ask<PostResult>(one.app, (_, done) => world.messages.direct(one.person, name, post, () => {}, done)),
        );
      case 5: {
        const room = world.rooms.find(random.pick(GROUPS)) ?? world.lobby;
        const result = await ask<PostResult['message']>(one.app, (_, done) =>
          world.messages.post(one.person, room, post, done),
        );
        return this.#record(text, result.ok ? { ok: true, value: { message: result.value } } : result);
      }
      case 6: {
        const group = random.pick(GROUPS);
        const room = world.rooms.find(group);
        if (room === undefined)
          await this.#try(one.app, (done) => world.rooms.create(one.person, group, null, false, done));
        else if (random.next() < 0.5) await this.#try(one.app, (done) => world.rooms.join(one.person, room, done));
        else await this.#try(one.app, (done) => world.rooms.leave(one.person, room, done));
        return;
      }
      case 7:
        await this.#try(one.app, (done) =>
          world.relationships.set('contact', one.person, name, random.next() < 0.7, done),
        );
        return;
      case 8:
        await this.#try(one.app, (done) =>
          world.relationships.set('block', one.person, name, random.next() < 0.5, done),
        );
        return;
      default:
        this.#sessions.splice(this.#sessions.indexOf(one), 1);
        world.leave(one.person, { type: 'left' });
    }
  }

  async #register(app: TestWorld, name: string): Promise<void> {
    const wanted = { name, displayName: null, password, role: 'user' } as const;
    const result = await ask<Account>(app, (world, done) => void world.accounts.register(null, wanted, done));
    if (!result.ok) return void this.refused.push(result.error.type);
    assert.equal(this.#accounts.has(name), false, `${name} was registered twice`);
    this.#accounts.set(name, result.value.person);
  }

  async #login(app: TestWorld, name: string): Promise<void> {
    const result = await ask<{ id: PersonId }>(app, (world, done) => world.login(name, password, done));
    if (result.ok) this.#sessions.push({ app, person: result.value.id });
  }

  #record(text: string, result: Result<Pick<PostResult, 'message'>, Refusal>): void {
    if (!result.ok) return void this.refused.push(result.error.type);
    const { id, room, number } = result.value.message;
    this.posted.set(id, { text, room, number });
  }

  async #try(app: TestWorld, run: (done: (result: Result<unknown, Refusal>) => void) => void): Promise<void> {
    const result = await ask<unknown>(app, (_, done) => run(done));
    if (!result.ok) this.refused.push(result.error.type);
  }
}

async function run(scene: TwoWorlds): Promise<RandomPeople> {
  const { random, worlds, passTime, converge } = scene;
  const people = new RandomPeople(random, worlds);
  for (let round = 0; round < 15; round++) {
    const count = 1 + random.below(5);
    await finished(scene, Promise.all(Array.from({ length: count }, (_, index) => people.act(`${round}.${index}`))));
    passTime();
  }
  await converge();
  return people;
}

function ask<T>(
  { world }: TestWorld,
  run: (world: World, done: (result: Result<T, Refusal>) => void) => void,
): Promise<Result<T, Refusal>> {
  return new Promise((resolve) => run(world, resolve));
}

/** Resolves when the work is done. Time passes meanwhile, since a message to the other world may be lost. */
async function finished({ clock, settle }: TwoWorlds, work: Promise<unknown>): Promise<void> {
  let done = false;
  void work.finally(() => {
    done = true;
  });
  for (let second = 0; second < 60; second++) {
    await settle();
    if (done) return;
    clock.advance(1_000);
  }
  throw new Error('not done after 60 s');
}

/** Memberships agree with the streams, and two people share one direct conversation; returns all rooms. */
async function checkMemberships(storage: Storage, accounts: readonly PersonId[], at: string): Promise<Set<RoomId>> {
  const rooms = new Set<RoomId>();
  const pairs = new Map<string, RoomId>();
  for (const person of accounts) {
    const { memberships } = await storage.load(personStream(person));
    const joined = await joinedRooms(storage, person);
    assert.deepEqual(memberships.map(({ room }) => room).sort(), joined, `${at}: the rooms of ${person}`);
    for (const { room, other } of memberships) {
      rooms.add(room);
      if (other === null) continue;
      const pair = [person, other].sort((a, b) => a - b).join('-');
      assert.equal(pairs.get(pair) ?? room, room, `${at}: ${pair} have one conversation`);
      pairs.set(pair, room);
    }
  }
  return rooms;
}

/** The rooms of a person according to the entries of the stream. */
async function joinedRooms(storage: Storage, person: PersonId): Promise<RoomId[]> {
  const rooms = new Set<RoomId>();
  for (const { body } of await storage.entries(personStream(person), 0, 10_000)) {
    if (body.type === 'room-joined') rooms.add(body.membership.room);
    if (body.type === 'room-left') rooms.delete(body.room);
  }
  return [...rooms].sort();
}

/** People of both nodes write to each other, join rooms and leave them. */
export function peopleSuite(stage: Stage): void {
  test('WORLD-06 WORLD-07 WORLD-51 WORLD-80 people of two worlds over one storage and an unreliable bus', async (t) => {
    let messages = 0;
    const refusals = new Set<string>();
    const seeds = await forSeeds(stage, SEEDS, async (scene, seed) => {
      const { worlds, storage } = scene;
      const people = await run(scene);
      const at = `seed ${seed}`;
      const rooms = await checkMemberships(storage, people.accounts, at);
      for (const { room } of people.posted.values()) rooms.add(room);
      const stored = new Map<string, Posted>();
      for (const room of rooms) {
        const entries = await storage.entries(roomStream(room), 0, 10_000);
        const posted = entries.flatMap(({ body }) => (body.type === 'message-posted' ? [body.message] : []));
        assert.deepEqual(
          posted.map(({ number }) => number),
          posted.map((_, index) => index + 1),
          `${at}: numbers without gaps`,
        );
        for (const { id, text, number } of posted) stored.set(id, { text, room, number });
        for (const { world, observer } of worlds) {
          const shown = observer.events.flatMap((event) =>
            'position' in event && event.room === room ? [event.position] : [],
          );
          const ascending = [...new Set(shown)].sort((a, b) => a - b);
          assert.deepEqual(shown, ascending, `${at}: shown once, in one order`);
          if (world.position(room) > 0)
            assert.equal(world.position(room), entries.length, `${at}: every lost event was found`);
        }
      }
      const sorted = (outcomes: ReadonlyMap<string, Posted>) => [...outcomes].sort(([a], [b]) => (a < b ? -1 : 1));
      assert.deepEqual(
        sorted(stored),
        sorted(people.posted),
        `${at}: what was acknowledged is stored, and nothing else`,
      );
      assert.ok(!people.refused.includes('unavailable'), `${at}: nothing failed`);
      for (const type of people.refused) refusals.add(type);
      messages += stored.size;
    });
    t.diagnostic(`${messages} messages; refused: ${[...refusals].sort().join(', ')}`);
    if (seeds === SEEDS) assert.ok(messages > SEEDS * 5, `only ${messages} messages`);
  });
}
