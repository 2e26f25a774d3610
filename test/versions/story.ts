import assert from 'node:assert/strict';
import type { PersonId, RoomId } from '../../src/core/model/ids.ts';
import { MemoryStorage } from '../../src/storage/memory/storage.ts';
import { defaultFacts, openTestApp, type TestApp } from '../../testing/app.ts';
import { FakeClock } from '../../testing/clock.ts';
import { countingIds } from '../../testing/ids.ts';
import type { SeededRandom } from '../../testing/random.ts';
import { untilSettled } from '../../testing/world.ts';
import { happenings, type Happening, isChange, isOperation } from './happenings.ts';
import { operate } from './operator.ts';
import { DocumentsSpeaker } from './speakers/documents.ts';
import type { ChangeName, Said, Speaker, Subject } from './speakers/speaker.ts';
import { protocolsWith, SPEAKERS } from './speakers/speakers.ts';
import type { Tally } from './tally.ts';

const CONNECTIONS = 12;
const PEOPLE = 9;
const ROOMS = 9;
const MINUTE_MS = 60_000;

/** The viewers: three accounts and a guest. They stay connected. */
export const VIEWERS = ['ann', 'ben', 'cyd', 'gus'] as const;
/** The one who enters as a guest. */
export const GUEST = 'gus';

/** Lets time pass. */
export type Pass = (clock: FakeClock, ms: number) => Promise<void>;

/** Time passes at once, so that nothing happens meanwhile that waits for promises; `opened` is told each app when it begins. */
const usual = { pass: (async (clock, ms) => clock.advance(ms)) as Pass, opened: (_app: TestApp) => {} };

type Person = { readonly id: PersonId; readonly name: string };

/** People of all protocols who change one world at random. The clock is the story's, and the storage outlives the app. */
export class Story {
  readonly #random: SeededRandom;
  readonly #tally: Tally;
  readonly #clock: FakeClock;
  readonly #storage: MemoryStorage;
  readonly #options: typeof usual;
  #app: TestApp;
  #origin = 1;
  #words = 0;
  #speakers: Speaker[] = [];
  #viewers: DocumentsSpeaker[] = [];
  /** Every room and person that ever was. */
  readonly rooms = new Set<RoomId>();
  readonly people = new Set<PersonId>();

  private constructor(
    random: SeededRandom,
    tally: Tally,
    options: typeof usual,
    clock: FakeClock,
    storage: MemoryStorage,
    app: TestApp,
  ) {
    this.#random = random;
    this.#tally = tally;
    this.#options = options;
    this.#clock = clock;
    this.#storage = storage;
    this.#app = app;
  }

  /** Begins with the viewers, two rooms, and a direct of Cyd and Ben, who blocks Cyd. */
  static async open(random: SeededRandom, tally: Tally, options: Partial<typeof usual> = {}): Promise<Story> {
    const clock = new FakeClock();
    const storage = new MemoryStorage(clock);
    const app = await openApp(storage, clock, 1);
    const story = new Story(random, tally, { ...usual, ...options }, clock, storage, app);
    story.#options.opened(app);
    const first = story.#open('documents');
    for (const word of ['ann', 'ben', 'cyd', 'dan', 'eve'])
      assert.ok(await first.register?.(await story.#subject('', { word })));
    await story.#enterViewers();
    const [ann, ben, cyd] = story.#viewers;
    assert.ok(ann && ben && cyd);
    const people = story.#accounts;
    const [annId, benId, cydId] = [ann, ben, cyd].map(({ name }) => people.find((one) => one.name === name));
    assert.ok(annId && benId && cydId);
    const made = [
      await ann.createRoom(await story.#subject('ann', { word: 'garden', on: true, chance: 0, other: benId })),
      await ben.createRoom(await story.#subject('ben', { word: 'den', on: false, chance: 0, other: annId })),
      await cyd.direct(await story.#subject('cyd', { other: benId })),
      await ben.block(await story.#subject('ben', { other: cydId, on: true })),
      await cyd.direct(await story.#subject('cyd', { other: benId })),
    ];
    assert.deepEqual(new Set(made), new Set([true]));
    story.#look();
    clock.advance(1);
    return story;
  }

  get clock(): FakeClock {
    return this.#clock;
  }

  get app(): TestApp {
    return this.#app;
  }

  /** The clients of the viewers. */
  get viewers(): readonly DocumentsSpeaker[] {
    return this.#viewers;
  }

  get units(): number[] {
    return [...this.#app.world.units.units].map(({ id }) => id);
  }

  /** The number of the last message of a room that is in memory, else 0. */
  lastNumber(room: RoomId): number {
    return this.#app.world.reader.room(room)?.lastNumber ?? 0;
  }

  /** The members of a room that is in memory. */
  members(room: RoomId): Person[] {
    const members = this.#app.world.reader.room(room)?.members.values() ?? [];
    return [...members].map(({ person, name }) => ({ id: person, name }));
  }

  /** Time passes. */
  advance(ms: number): void {
    this.#clock.advance(ms);
  }

  /** Lets one thing happen, accepted or not, and a little time pass. */
  async step(): Promise<void> {
    const what = this.#random.pick(happenings);
    await this.#happen(what);
    await this.#options.pass(this.#clock, 1 + this.#random.below(50));
    await this.#app.settle();
    this.#speakers = this.#speakers.filter(({ isClosed }) => !isClosed);
    this.#look();
  }

  /** The app stops, and another one begins on the same storage. Nobody is connected but the viewers, with new clients. */
  async restart(): Promise<void> {
    await this.#app.stop();
    this.#app = await openApp(this.#storage, this.#clock, ++this.#origin);
    this.#options.opened(this.#app);
    this.#speakers = [];
    await this.#enterViewers();
    this.#look();
  }

  async stop(): Promise<void> {
    await this.#app.stop();
  }

  async #enterViewers(): Promise<void> {
    this.#viewers = VIEWERS.map(() => new DocumentsSpeaker(this.#app));
    for (const [index, name] of VIEWERS.entries()) {
      const viewer = this.#viewers[index];
      assert.ok(await (name === GUEST ? viewer?.enter(name) : viewer?.login(name)), `${name} is in`);
    }
  }

  async #happen(what: Happening): Promise<void> {
    if (what === 'wait') return this.#wait();
    if (what === 'leave' || what === 'lose') return this.#end(what);
    if (what === 'enter' || what === 'login') return void (await this.#connect(what));
    if (isOperation(what)) {
      const done = operate(this.#app.world, this.#random, what, this.#stranger(), this.#word());
      if (await untilSettled(this.#clock, done)) this.#tally.add(`${what} by the operator`);
    }
    if (isChange(what)) await this.#change(what);
  }

  /** Mostly seconds, and sometimes longer than views stay in memory. */
  async #wait(): Promise<void> {
    await this.#options.pass(this.#clock, this.#random.next() < 0.05 ? 31 * MINUTE_MS : this.#random.below(15_000));
    this.#tally.add('wait');
  }

  async #end(what: 'leave' | 'lose'): Promise<void> {
    if (this.#speakers.length === 0) return;
    const protocol = this.#random.pick([...new Set(this.#speakers.map((one) => one.protocol))]);
    const speaker = this.#random.pick(this.#speakers.filter((one) => one.protocol === protocol));
    this.#speakers.splice(this.#speakers.indexOf(speaker), 1);
    await (what === 'leave' ? speaker.leave() : speaker.drop());
    this.#tally.add(`${what} by ${speaker.protocol}`);
  }

  async #connect(what: 'enter' | 'login', protocol?: string): Promise<Speaker | null> {
    if (this.#speakers.length >= CONNECTIONS) await this.#end('leave');
    const used = protocol ?? this.#random.pick(what === 'enter' ? protocolsWith('enter') : [...SPEAKERS.keys()]);
    const speaker = this.#open(used);
    const isIn = await (what === 'enter' ? speaker.enter?.(this.#word()) : speaker.login(this.#account().name));
    if (isIn !== true) return null;
    this.#tally.add(`${what} by ${used}`);
    this.#speakers.push(speaker);
    return speaker;
  }

  /** A random change, asked for by somebody who speaks a protocol that has it. */
  async #change(what: ChangeName): Promise<void> {
    if (what === 'register' && this.#accounts.length >= PEOPLE) return;
    if (what === 'createRoom' && this.rooms.size >= ROOMS) return;
    const protocol = this.#random.pick(protocolsWith(what));
    const changing: readonly Speaker[] = what === 'register' ? this.#speakers : [...this.#viewers, ...this.#speakers];
    const speaking = changing.filter((one) => one.protocol === protocol);
    const asGuest = what === 'rename' || this.#random.next() < 0.2;
    const kind = asGuest && protocolsWith('enter').includes(protocol) ? 'enter' : 'login';
    const isNew = speaking.length === 0 || this.#random.next() < 0.15;
    const speaker = isNew ? await this.#connect(kind, protocol) : this.#random.pick(speaking);
    if (speaker === null) return;
    const subject = await this.#subject(speaker.name, {}, what);
    if (await speaker[what]?.(subject)) this.#tally.add(`${what} by ${protocol}`);
  }

  #open(protocol: string): Speaker {
    const Opened = SPEAKERS.get(protocol) ?? assert.fail(protocol);
    return new Opened(this.#app);
  }

  get #accounts(): Person[] {
    return [...this.#app.world.reader.accounts].map(({ person, name }) => ({ id: person, name }));
  }

  #account(): Person {
    return this.#random.pick(this.#accounts);
  }

  /** Somebody who is no viewer, or nobody where there are only viewers. */
  #stranger(): Person {
    const viewers: readonly string[] = VIEWERS;
    const present = this.#app.world.people.present.map(({ person, name }) => ({ id: person, name }));
    const strangers = [...this.#accounts, ...present].filter(({ name }) => !viewers.includes(name));
    return strangers.length === 0 ? { id: 0, name: 'nobody' } : this.#random.pick(strangers);
  }

  #word(): string {
    return `w${this.#origin}x${++this.#words}`;
  }

  /** A random subject for somebody of this name. */
  async #subject(name: string, fixed: Partial<Subject>, what?: ChangeName): Promise<Subject> {
    const random = this.#random;
    const { reader } = this.#app.world;
    const self = this.#app.world.people.present.find((one) => one.name === name)?.person ?? 0;
    const inside = [reader.lobby, ...reader.memberships(self).keys()];
    const ruled = inside.filter((room) => reader.room(room)?.members.get(self)?.role === 'owner');
    const ofOwners =
      what === 'renameRoom' || what === 'mute' || what === 'setRole' || what?.endsWith('Member') === true;
    const left = inside.filter((room) => room !== reader.lobby && reader.room(room)?.row.people === undefined);
    const fit = ofOwners ? ruled : what === 'leaveRoom' ? left : inside;
    const room = random.pick(fit.length > 0 ? fit : inside);
    const members = this.members(room).filter(({ id }) => id !== self);
    // Mostly the same member, who is muted and no longer muted, so that a document becomes again what it was.
    const ruledMembers = what === 'mute' || what === 'setRole' ? members.slice(0, 1) : members;
    const accounts = ofOwners && what !== 'addMember' && members.length > 0 ? ruledMembers : this.#accounts;
    const known = what === 'leaveRoom' ? left : [...this.rooms];
    const groups = known.flatMap((id) => {
      const row = reader.room(id)?.row;
      return row === undefined || row.people !== undefined ? [] : [{ id, name: row.name }];
    });
    const messages = name === '' ? [] : await this.#messages(inside);
    const own = messages.filter(({ author }) => author === self);
    return {
      word: this.#word(),
      on: random.next() < 0.6,
      chance: random.next(),
      other: accounts.length === 0 ? { id: 0, name: '' } : random.pick(accounts),
      group: groups.length === 0 ? { id: reader.lobby, name: 'lobby' } : random.pick(groups),
      room,
      own: own.length === 0 ? null : random.pick(own),
      message: messages.length === 0 ? null : random.pick(messages),
      ...fixed,
    };
  }

  /** The last messages of these rooms. */
  async #messages(rooms: readonly RoomId[]): Promise<(Said & { readonly author: PersonId })[]> {
    const { reader } = this.#app.world;
    const pages = await Promise.all(rooms.map((room) => reader.messages(room, null, 8)));
    return pages.flatMap(({ messages }) =>
      messages.map(({ room, number, id, author }) => ({ room, number, id, author: author.id })),
    );
  }

  /** Takes note of new rooms and people. */
  #look(): void {
    const { reader, people } = this.#app.world;
    this.rooms.add(reader.lobby);
    for (const { id } of this.#accounts) {
      this.people.add(id);
      for (const room of reader.memberships(id).keys()) this.rooms.add(room);
    }
    for (const { person } of people.present) this.people.add(person);
  }
}

function openApp(storage: MemoryStorage, clock: FakeClock, origin: number): Promise<TestApp> {
  const digestOf = async (_person: PersonId, path: string) => (path.endsWith('one') ? '1' : '2').repeat(64);
  const facts = { media: { ...defaultFacts.media, digestOf } };
  return openTestApp({ storage, clock, ids: countingIds(origin), facts });
}
