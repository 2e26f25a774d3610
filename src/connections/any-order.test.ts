import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../../testing/clock.ts';
import { type LineClient, TestHub } from '../../testing/hub.ts';
import { type ManualReplies, lineProtocol } from '../../testing/line-protocol.ts';
import { type SeededRandom, seededRandom } from '../../testing/random.ts';
import type { AppendItem, AppendResult } from '../core/ports.ts';
import { MemoryStorage } from '../storage/memory/storage.ts';

const STORIES = 400;
const STEPS = 40;
const MOST_LINES = 90;
const LINES = [
  ['login alice', 'login bob', 'login alice new', 'enter eve', 'enter gus', 'register nina', 'rename zoe'],
  ['say hi', 'direct alice hi', 'direct eve hi', 'later', 'several 1 2', 'who', 'ping', '[who]', '!odd', '!fatal'],
  ['bye', 'leave', 'token', 'token', 'resume', 'password alice new', 'password new alice', 'block bob', 'friend bob'],
  ['create den', 'join den', 'groups', 'history bob'],
].flat();
/** Longer than anything waits: a login, and what a peer that sends no more has not taken. */
const LONG_MS = 61_000;

/** Memory storage whose appends wait or fail where the story says so. */
class MoodyStorage extends MemoryStorage {
  mood: 'well' | 'waiting' | 'failing' = 'well';
  #gate = Promise.withResolvers<void>();

  recover(): void {
    this.mood = 'well';
    this.#gate.resolve();
    this.#gate = Promise.withResolvers();
  }

  override async append(batch: readonly AppendItem[]): Promise<readonly AppendResult[]> {
    if (this.mood === 'waiting') await this.#gate.promise;
    if (this.mood === 'failing')
      return batch.map(() => ({ type: 'unavailable', reason: 'so the story goes' }) as const);
    return super.append(batch);
  }
}

type Actor = { readonly client: LineClient; readonly replies: ManualReplies };

/** One story: several connections of a few people, an operator and a storage do what they like, in any order. */
class Story {
  readonly app: TestHub;
  readonly #random: SeededRandom;
  readonly #storage: MoodyStorage;
  readonly #actors: Actor[] = [];
  readonly #tokens: string[] = ['no token'];
  #keys = 0;

  private constructor(app: TestHub, storage: MoodyStorage, random: SeededRandom) {
    this.app = app;
    this.#storage = storage;
    this.#random = random;
  }

  static async begin(seed: number): Promise<Story> {
    const clock = new FakeClock();
    const storage = new MoodyStorage(clock);
    const app = await TestHub.open({ clock, storage, hub: { loginMs: 20_000 } });
    await app.accounts('alice', 'bob');
    return new Story(app, storage, seededRandom(seed));
  }

  async step(): Promise<void> {
    const deed = this.#random.pick<() => unknown>([
      () => this.#enter(),
      ...Array<() => void>(6).fill(() => this.#say(1 + this.#random.below(4))),
      () => this.#say(this.#random.below(MOST_LINES)),
      () => this.#answer(),
      () => this.#actor().client.peer.halfClose(),
      () => this.#actor().client.peer.close(),
      () => this.#actor().client.peer.stopReading(),
      () => this.#actor().client.peer.resumeReading(),
      () => this.#operate(),
      () => (this.#storage.mood = this.#random.pick(['waiting', 'failing'])),
      () => this.#storage.recover(),
      () => this.app.advance(this.#random.pick([10, 1_000, 21_000])),
    ]);
    await deed();
    if (this.#random.below(3) > 0) await this.app.settle();
  }

  /** All is well again, everything is answered and read, and everybody goes. */
  async end(): Promise<void> {
    this.#storage.recover();
    for (const { client } of this.#actors) {
      client.peer.resumeReading();
      client.peer.halfClose();
    }
    for (let rounds = 0; rounds < 40; rounds++) {
      for (const { replies } of this.#actors) answerAll(replies);
      await this.app.advance(1_000);
    }
    await this.app.advance(LONG_MS);
    await this.app.advance(LONG_MS);
  }

  #enter(): Actor {
    const replies: ManualReplies = new Map();
    const actor = { client: this.app.client(lineProtocol({ history: this.#random.pick([0, 50]), replies })), replies };
    this.#actors.push(actor);
    return actor;
  }

  #actor(): Actor {
    return this.#actors.length < 3 ? this.#enter() : this.#random.pick(this.#actors);
  }

  #say(lines: number): void {
    this.#actor().client.send(...Array.from({ length: lines }, () => this.#line()));
  }

  #line(): string {
    const line = this.#random.pick(LINES);
    if (line === 'resume') return `resume alice ${this.#random.pick(this.#tokens)}`;
    return line === 'later' ? `later ${++this.#keys}` : line;
  }

  /** Answers what waits for an answer, and notes tokens that came meanwhile. */
  #answer(): void {
    const { client, replies } = this.#actor();
    answerAll(replies);
    this.#tokens.push(...client.lines().filter((line) => /^[0-9a-f]{8}-/.test(line)));
  }

  #operate(): void {
    const { moderation, accounts, people } = this.app.world;
    const operator = { type: 'operator' } as const;
    const done = () => {};
    const alice = [...people.accounts].find(({ name }) => name === 'alice')?.person ?? 0;
    const value = this.#random.pick(['alice', 'new']);
    this.#random.pick<() => unknown>([
      () => moderation.kick('alice', 'enough', done),
      () => moderation.ban(operator, 'alice', 'enough', null, done),
      () => moderation.unban(operator, 'alice', done),
      () => accounts.setPassword(alice, { type: 'plain', value }, done),
    ])();
  }
}

function answerAll(replies: ManualReplies): void {
  for (const [key, answer] of replies) {
    replies.delete(key);
    answer(`late ${key}`);
  }
}

test('CONN-01 CONN-14 CONN-15 CONN-16 CONN-70 whatever happens in whatever order, nothing is thrown, and in the end nobody is left', async () => {
  for (let seed = 1; seed <= STORIES; seed++) {
    const story = await Story.begin(seed);
    for (let step = 0; step < STEPS; step++) await story.step();
    await story.end();
    const { hub, world } = story.app;
    assert.deepEqual([hub.size, world.people.visible], [0, []], `seed ${seed}`);
  }
});
