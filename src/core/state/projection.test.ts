import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../../../testing/clock.ts';
import { countingIds } from '../../../testing/ids.ts';
import { type SeededRandom, seededRandom } from '../../../testing/random.ts';
import { itemOf, sorted } from '../../../testing/storage/samples.ts';
import { settle, TestWorld, defaultPassword } from '../../../testing/world.ts';
import type { Result } from '../../lib/result.ts';
import { MemoryNames } from '../../storage/memory/names.ts';
import { MemoryStorage } from '../../storage/memory/storage.ts';
import type { Actor } from '../engine/decide.ts';
import type { Entry, PersonEntry } from '../model/entries.ts';
import {
  directoryStream,
  type MessageId,
  type PersonId,
  personStream,
  type RoomId,
  roomStream,
  type StreamId,
} from '../model/ids.ts';
import { openPerson, personAfter, type PersonState } from './person.ts';
import type { AppendItem, AppendResult, Snapshot } from '../ports.ts';
import type { Refusal } from '../model/refusals.ts';
import type { World } from '../world.ts';

const SEEDS = 12;
const STEPS = 80;
const NAMES = ['ada', 'Ada', 'bob', 'cyd', 'dan', 'eve'];
const GROUPS = ['garden', 'kitchen', 'cellar'];
const operator: Actor = { type: 'operator' };

/** Memory storage in which a batch fails now and then. */
class FrailStorage extends MemoryStorage {
  readonly #random: SeededRandom;
  sound = true;

  constructor(clock: FakeClock, random: SeededRandom) {
    super(clock);
    this.#random = random;
  }

  override async append(batch: readonly AppendItem[]): Promise<readonly AppendResult[]> {
    if (this.sound || this.#random.next() > 0.06) return super.append(batch);
    return batch.map(() => ({ type: 'unavailable', reason: 'the test says so' }));
  }
}

type Ask = (world: World, done: (result: Result<unknown, Refusal>) => void) => void;

/** Random people in one world after the other over one store. */
class Story {
  readonly random: SeededRandom;
  readonly storage: FrailStorage;
  readonly #clock = new FakeClock();
  #house: TestWorld | null = null;
  #worlds = 0;
  #here: PersonId[] = [];
  readonly people = new Set<PersonId>();
  readonly rooms = new Set<RoomId>();
  readonly messages: MessageId[] = [];
  readonly refused = new Set<string>();

  constructor(seed: number) {
    this.random = seededRandom(seed);
    this.storage = new FrailStorage(this.#clock, this.random);
  }

  get app(): TestWorld {
    if (this.#house === null) throw new Error('no world is open');
    return this.#house;
  }

  async open(): Promise<void> {
    this.#house?.world.close();
    this.storage.sound = true;
    const own = { names: new MemoryNames(), ids: countingIds(++this.#worlds) };
    this.#house = await TestWorld.open({ ...own, storage: this.storage, clock: this.#clock });
    this.#here = [];
    this.rooms.add(this.app.world.lobby);
    this.storage.sound = false;
  }

  async step(): Promise<void> {
    if (this.random.next() < 0.02) return this.open();
    const asks = Array.from({ length: 1 + this.random.below(5) }, () => this.#act());
    await Promise.all(asks);
    await settle(this.#clock);
    if (this.random.next() < 0.2) this.#clock.advance(this.random.below(3_000));
    await settle(this.#clock);
  }

  async #act(): Promise<void> {
    const { random } = this;
    const kind = random.below(20);
    const name = random.pick(NAMES);
    if (kind === 0 || this.#here.length < 3)
      return this.#come(random.pick(['enter', 'register', 'login', 'login']), name);
    const person = random.pick(this.#here);
    const room = random.pick([...this.rooms, this.app.world.lobby, 4711]);
    const id = this.messages.length === 0 || random.next() < 0.05 ? 'no such message' : random.pick(this.messages);
    const post = { text: random.pick(['hello', 'you', 'there', ' ', `${random.below(100)}`]), clientTime: null };
    const once = random.next() < 0.3 ? { ...post, nonce: `${random.below(3)}` } : post;
    const asks: readonly (Ask | null)[] = [
      (world, done) => world.messages.direct(person, name, once, () => {}, this.#said(done)),
      (world, done) => world.messages.direct(person, name, once, () => {}, this.#said(done)),
      (world, done) => world.messages.post(person, room, once, this.#said(done)),
      (world, done) => world.messages.post(person, room, once, this.#said(done)),
      (world, done) => world.messages.edit(person, id, post.text, done),
      (world, done) => world.messages.delete(world.actor(person) ?? operator, id, done),
      (world, done) =>
        world.rooms.create(
          person,
          random.pick(GROUPS),
          random.pick([null, 'Our room']),
          random.next() < 0.3,
          (made) => {
            if (made.ok) this.rooms.add(made.value);
            done(made);
          },
        ),
      (world, done) => world.rooms.join(person, room, done),
      (world, done) => world.rooms.join(person, room, done),
      (world, done) => world.rooms.leave(person, room, done),
      (world, done) => world.rooms.read(person, room, random.below(9), done),
      (world, done) =>
        world.relationships.set(random.pick(['contact', 'block']), person, name, random.next() < 0.6, done),
      (world, done) => world.rename(person, random.pick([...NAMES, 'fay']), done),
      (world, done) => world.setStatus(person, random.pick(['Away', 'Offline', 'Available']), done),
      (world, done) => world.accounts.setDisplayName(person, random.pick(['One', 'Two']), done),
      (world, done) => world.accounts.setRole(operator, person, random.pick(['moderator', 'user']), done),
      (world, done) =>
        void world.accounts.register(
          world.actor(person) ?? null,
          { ...wanted, name: random.pick([name, 'fay']) },
          this.#made(done),
        ),
      (world, done) => void world.accounts.changePassword(person, defaultPassword, defaultPassword, done),
      random.next() < 0.5
        ? (world, done) => world.moderation.mute(operator, room, name, null, done)
        : (world, done) => world.moderation.unmute(operator, room, name, done),
      null,
    ];
    const ask = asks[kind];
    if (ask) return this.#ask(ask);
    this.#here.splice(this.#here.indexOf(person), 1);
    this.app.world.leave(person, { type: 'left' });
  }

  #come(how: 'enter' | 'register' | 'login', name: string): Promise<void> {
    return this.#ask((world, done) => {
      if (how === 'register') return void world.accounts.register(null, { ...wanted, name }, this.#made(done));
      const came = (result: Result<{ id: PersonId }, Refusal>) => {
        if (result.ok) this.people.add(result.value.id);
        if (result.ok) this.#here.push(result.value.id);
        done(result);
      };
      if (how === 'login') world.login(name, defaultPassword, came);
      else world.enter(name, came);
    });
  }

  async #ask(ask: Ask): Promise<void> {
    const result = await this.app.ask<unknown>(ask);
    if (!result.ok) this.refused.add(result.error.type);
  }

  #made(done: (result: Result<unknown, Refusal>) => void) {
    return (made: Result<{ person: PersonId }, Refusal>) => {
      if (made.ok) this.people.add(made.value.person);
      done(made);
    };
  }

  #said(done: (result: Result<unknown, Refusal>) => void) {
    return (result: Result<{ id: MessageId } | { message: { id: MessageId; room: RoomId } }, Refusal>) => {
      if (result.ok && 'message' in result.value) this.rooms.add(result.value.message.room);
      if (result.ok) this.messages.push('message' in result.value ? result.value.message.id : result.value.id);
      done(result);
    };
  }
}

const wanted = { displayName: null, password: defaultPassword, role: 'user' } as const;

/** What each stream's entries say is what the tables say, and what both sides of a relation say agrees. */
async function check(story: Story, why: string): Promise<void> {
  const { storage, app } = story;
  const streams: StreamId[] = [directoryStream, ...[...story.people].map(personStream)];
  const persons = await Promise.all([...story.people].map((person) => replayed(storage, person)));
  for (const { directs, rooms } of persons)
    for (const room of [...directs.values(), ...rooms.keys()]) story.rooms.add(room);
  streams.push(...[...story.rooms].map(roomStream));
  const again = new MemoryStorage(new FakeClock());
  for (const stream of streams) {
    const entries = await storage.entries(stream, 0, 10_000);
    assert.deepEqual(
      entries.map(({ position }) => position),
      entries.map((_, index) => index + 1),
      `${why}: ${stream} has no gaps`,
    );
    if (entries.length > 0) await again.append([itemOf(entries)]);
    assert.deepEqual(await again.entries(stream, 0, 10_000), entries, `${why}: ${stream} can be written again`);
  }
  for (const stream of streams)
    assert.deepEqual(
      sorted(await again.load(stream)),
      sorted(await storage.load(stream)),
      `${why}: tables of ${stream}`,
    );
  for (const person of story.people)
    assert.deepEqual(
      await again.credential(person),
      await storage.credential(person),
      `${why}: credential of ${person}`,
    );
  for (const room of story.rooms) {
    const { messages } = await storage.page(room, null, 10_000);
    assert.deepEqual((await again.page(room, null, 10_000)).messages, messages, `${why}: messages of ${room}`);
    assert.deepEqual(
      messages.map(({ number }) => number),
      messages.map((_, index) => index + 1),
      `${why}: numbers of ${room}`,
    );
    const { members, position, room: row } = await storage.load(roomStream(room));
    const inside = persons.filter(({ rooms }) => rooms.has(room)).map(({ id }) => id);
    assert.deepEqual(ascending(members.map(({ person }) => person)), ascending(inside), `${why}: members of ${room}`);
    if (row?.people) assert.deepEqual(ascending(row.people.map(({ id }) => id)), ascending(inside), `${why}: two`);
    if (app.world.position(room) === 0) continue;
    assert.equal(app.world.position(room), position, `${why}: the world knows all of ${room}`);
    const known = [...app.world.rooms.members(room).keys()];
    assert.deepEqual(ascending(known), ascending(inside), `${why}: the world’s members of ${room}`);
  }
  for (const { id, directs } of persons)
    for (const [other, room] of directs) {
      const back = persons.find((one) => one.id === other)?.directs.get(id);
      assert.equal(back, room, `${why}: the conversation of ${id} and ${other}`);
    }
}

/** A person as the stream's entries make one, which is also what the tables make. */
async function replayed(storage: MemoryStorage, person: PersonId): Promise<PersonState> {
  const snapshot = await storage.load(personStream(person));
  const nothing: Snapshot = {
    ...snapshot,
    position: 0,
    contacts: [],
    blocks: [],
    memberships: [],
    read: [],
    passwordPosition: null,
  };
  let state = openPerson(person, nothing);
  for (const { position, body } of await storage.entries(personStream(person), 0, 10_000)) {
    assert.ok(isOfPerson(body), body.type);
    state = personAfter(state, position, body);
  }
  assert.deepEqual(comparable(openPerson(person, snapshot)), comparable(state), `person ${person}`);
  return state;
}

function isOfPerson(body: Entry['body']): body is PersonEntry {
  return !/^(?:message|member|name|account|ban|person)-|^room-created$/.test(body.type);
}

function comparable({ contacts, blocks, rooms, directs, read, ...rest }: PersonState) {
  return {
    ...rest,
    contacts: ascending(contacts),
    blocks: ascending(blocks),
    rooms: ascending(rooms.keys()).map((room) => rooms.get(room)),
    directs: ascending(directs.keys()).map((other) => [other, directs.get(other)]),
    read: ascending(read.keys()).map((room) => [room, read.get(room)]),
  };
}

function ascending(numbers: Iterable<number>): number[] {
  return [...numbers].sort((a, b) => a - b);
}

test(`WORLD-05 WORLD-02 WORLD-11 WORLD-80 tables follow from the streams after each of ${STEPS} steps, ${SEEDS} seeds`, async (t) => {
  const refused = new Set<string>();
  let said = 0;
  for (let seed = 1; seed <= SEEDS; seed++) {
    const story = new Story(seed);
    await story.open();
    for (let step = 0; step < STEPS; step++) {
      await story.step();
      await check(story, `seed ${seed}, step ${step}`);
    }
    story.app.world.close();
    for (const type of story.refused) refused.add(type);
    said += story.messages.length;
  }
  t.diagnostic(`${said} messages; refused: ${[...refused].sort().join(', ')}`);
  assert.ok(said > SEEDS * 5, `only ${said} messages`);
});
