import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../../../testing/clock.ts';
import { countingIds } from '../../../testing/ids.ts';
import { type SeededRandom, seededRandom } from '../../../testing/random.ts';
import { itemOf, sorted } from '../../../testing/storage/samples.ts';
import { defaultPassword, settle, TestWorld } from '../../../testing/world.ts';
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
import type { Refusal } from '../model/refusals.ts';
import type { AppendItem, AppendResult, Snapshot } from '../ports.ts';
import type { World } from '../world.ts';
import { openPerson, personAfter, type PersonState } from './person.ts';

const SEEDS = 12;
const STEPS = 80;
const NAMES = ['ada', 'Ada', 'bob', 'cyd', 'dan', 'eve'];
const GROUPS = ['garden', 'kitchen', 'cellar'];
const UNITS = ['Sales', 'North', 'South', 'East'];
const PROFILES = [
  { displayName: 'One' },
  { displayName: 'Two', firstName: 'Ann' },
  { firstName: null, lastName: 'Lee' },
];
const operator: Actor = { type: 'operator' };

/** Memory storage in which some batches fail, at random. */
class UnreliableStorage extends MemoryStorage {
  readonly #random: SeededRandom;
  isReliable = true;

  constructor(clock: FakeClock, random: SeededRandom) {
    super(clock);
    this.#random = random;
  }

  override async append(batch: readonly AppendItem[]): Promise<readonly AppendResult[]> {
    if (this.isReliable || this.#random.next() > 0.06) return super.append(batch);
    return batch.map(() => ({ type: 'unavailable', reason: 'the test says so' }));
  }
}

type Ask = (world: World, done: (result: Result<unknown, Refusal>) => void) => void;

/** Random people in one world after another, over one storage. */
class Story {
  readonly random: SeededRandom;
  readonly storage: UnreliableStorage;
  readonly #clock = new FakeClock();
  #app: TestWorld | null = null;
  #worlds = 0;
  #present: PersonId[] = [];
  readonly people = new Set<PersonId>();
  readonly rooms = new Set<RoomId>();
  readonly messages: MessageId[] = [];
  readonly codes: string[] = [];
  readonly refused = new Set<string>();

  constructor(seed: number) {
    this.random = seededRandom(seed);
    this.storage = new UnreliableStorage(this.#clock, this.random);
  }

  get app(): TestWorld {
    if (this.#app === null) throw new Error('no world is open');
    return this.#app;
  }

  async open(): Promise<void> {
    this.#app?.world.close();
    this.storage.isReliable = true;
    const own = { names: new MemoryNames(), ids: countingIds(++this.#worlds) };
    this.#app = await TestWorld.open({ ...own, storage: this.storage, clock: this.#clock });
    this.#present = [];
    this.rooms.add(this.app.world.lobby);
    this.storage.isReliable = false;
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
    const kind = random.below(23);
    const name = random.pick(NAMES);
    if (random.next() < 0.1) return this.#ask(this.#changeUnits());
    if (random.next() < 0.005)
      return this.#ask((world, done) => void world.deletions.delete(name, random.next() < 0.5, done));
    if (kind === 0 || this.#present.length < 3)
      return this.#enter(random.pick(['enter', 'register', 'login', 'login']), name);
    const person = random.pick(this.#present);
    const room = random.pick([...this.rooms, this.app.world.lobby, 4711]);
    const id = this.messages.length === 0 || random.next() < 0.05 ? 'no such message' : random.pick(this.messages);
    const post = { text: random.pick(['hello', 'you', 'there', ' ', `${random.below(100)}`]), clientTime: null };
    const once = random.next() < 0.3 ? { ...post, nonce: `${random.below(3)}` } : post;
    const asks: readonly (Ask | null)[] = [
      (world, done) => world.messages.direct(person, name, once, () => {}, this.#posted(done)),
      (world, done) => world.messages.direct(person, name, once, () => {}, this.#posted(done)),
      (world, done) => world.messages.post(person, room, once, this.#posted(done)),
      (world, done) => world.messages.post(person, room, once, this.#posted(done)),
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
      (world, done) => world.accounts.setProfile(person, random.pick(PROFILES), done),
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
      (world, done) => world.management.addMember(person, room, random.pick([...this.people]), done),
      (world, done) => {
        const ban = random.pick([null, { reason: 'spam', until: null }, { reason: 'spam', until: 5 }]);
        world.management.ban(person, room, random.pick([...this.people]), ban, done);
      },
      random.next() < 0.5
        ? (world, done) => world.management.removeMember(person, room, random.pick([...this.people]), done)
        : (world, done) => world.management.rename(person, room, random.pick(['One', 'Two']), done),
      null,
    ];
    if (random.next() < 0.2) return this.#ask(this.#invite(person));
    const ask = asks[kind];
    if (ask) return this.#ask(ask);
    this.#present.splice(this.#present.indexOf(person), 1);
    this.app.world.leave(person, { type: 'left' });
  }

  #invite(person: PersonId): Ask {
    const { random } = this;
    const room = random.pick([this.app.world.lobby, ...this.app.world.rooms.joined(person)]);
    const until = random.pick([null, null, this.#clock.now() + 2_000]);
    const code = this.codes.length === 0 ? 'no such code' : random.pick(this.codes);
    return random.pick<Ask>([
      ({ invitations }, done) =>
        invitations.make(person, room, { until, uses: random.pick([null, 1, 2]) }, (made) => {
          if (made.ok) this.codes.push(made.value.code);
          done(made);
        }),
      ({ invitations }, done) => void invitations.join(person, code, done),
      ({ invitations }, done) => void invitations.join(person, this.codes.at(-1) ?? code, done),
      ({ invitations }, done) => (random.next() < 0.3 ? invitations.end(person, room, done) : done(noRoom)),
    ]);
  }

  #changeUnits(): Ask {
    const { random } = this;
    const { units } = this.app.world;
    const { id: unit } = random.pick([...units.units]);
    const { id: parent } = random.pick([...units.units]);
    const people = [...this.people].filter(() => random.next() < 0.5);
    return random.pick<Ask>([
      (_, done) => units.create(operator, random.pick(UNITS), random.pick([null, unit]), done),
      (_, done) => units.create(operator, random.pick(UNITS), null, done),
      (_, done) => units.rename(operator, unit, random.pick(UNITS), done),
      (_, done) => units.move(operator, unit, random.pick([null, parent]), done),
      (_, done) => units.remove(operator, unit, done),
      (_, done) => units.setMembers(operator, unit, people, true, done),
      (_, done) => units.setMembers(operator, unit, people, random.next() < 0.5, done),
      (_, done) => units.setHome(operator, unit, done),
    ]);
  }

  #enter(how: 'enter' | 'register' | 'login', name: string): Promise<void> {
    return this.#ask((world, done) => {
      if (how === 'register') return void world.accounts.register(null, { ...wanted, name }, this.#made(done));
      const entered = (result: Result<{ id: PersonId }, Refusal>) => {
        if (result.ok) this.people.add(result.value.id);
        if (result.ok) this.#present.push(result.value.id);
        done(result);
      };
      if (how === 'login') world.login(name, defaultPassword, entered);
      else world.enter(name, entered);
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

  #posted(done: (result: Result<unknown, Refusal>) => void) {
    return (result: Result<{ id: MessageId } | { message: { id: MessageId; room: RoomId } }, Refusal>) => {
      if (result.ok && 'message' in result.value) this.rooms.add(result.value.message.room);
      if (result.ok) this.messages.push('message' in result.value ? result.value.message.id : result.value.id);
      done(result);
    };
  }
}

const noRoom = { ok: false, error: { type: 'not-found' } } as const;
const wanted = { displayName: null, password: defaultPassword, role: 'user' } as const;

/** Tables follow from the entries of the streams; rooms and people agree on memberships and directs. */
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
    const { members, position, room: row, invitations } = await storage.load(roomStream(room));
    for (const one of invitations) assert.deepEqual(await again.invitation(one.digest), one, `${why}: invitation`);
    const makers = invitations.map(({ maker }) => maker);
    assert.ok(new Set(members.map(({ person }) => person)).isSupersetOf(new Set(makers)), `${why}: makers in ${room}`);
    const inside = persons.filter(({ rooms }) => rooms.has(room)).map(({ id }) => id);
    assert.deepEqual(ascending(members.map(({ person }) => person)), ascending(inside), `${why}: members of ${room}`);
    if (row?.people)
      assert.deepEqual(
        ascending(row.people.map(({ id }) => id)),
        ascending(inside),
        `${why}: the two people of ${room}`,
      );
    if (app.world.position(room) === 0) continue;
    assert.equal(app.world.position(room), position, `${why}: the world’s position of ${room}`);
    const inWorld = [...app.world.rooms.members(room).keys()];
    assert.deepEqual(ascending(inWorld), ascending(inside), `${why}: the world’s members of ${room}`);
  }
  for (const { id, directs } of persons)
    for (const [other, room] of directs) {
      const direct = persons.find((one) => one.id === other)?.directs.get(id);
      assert.equal(direct, room, `${why}: the direct of ${id} and ${other}`);
    }
}

/** A person made from the entries of the stream, which must equal the person made from the tables. */
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
  return !/^(?:message|member|name|account|unit|ban|person(?!-erased))-|^room-created$/.test(body.type);
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
  let posted = 0;
  let invited = 0;
  for (let seed = 1; seed <= SEEDS; seed++) {
    const story = new Story(seed);
    await story.open();
    for (let step = 0; step < STEPS; step++) {
      await story.step();
      await check(story, `seed ${seed}, step ${step}`);
    }
    story.app.world.close();
    for (const type of story.refused) refused.add(type);
    posted += story.messages.length;
    invited += story.codes.length;
  }
  t.diagnostic(`${posted} messages, ${invited} invitations; refused: ${[...refused].sort().join(', ')}`);
  assert.ok(posted > SEEDS * 5, `only ${posted} messages`);
  assert.ok(invited > SEEDS, `only ${invited} invitations`);
});
