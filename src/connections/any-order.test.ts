import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../../testing/clock.ts';
import { type LineClient, TestHub } from '../../testing/hub.ts';
import { lineProtocol, type ManualReplies } from '../../testing/line-protocol.ts';
import { type SeededRandom, seededRandom } from '../../testing/random.ts';
import type { AppendItem, AppendResult } from '../core/ports.ts';
import { MemoryStorage } from '../storage/memory/storage.ts';

const SCENARIOS = 400;
const STEPS = 40;
const MANY_LINES = 90;
const LINES = [
  ['login alice', 'login bob', 'login alice new', 'enter eve', 'enter gus', 'register nina', 'rename zoe'],
  ['say hi', 'direct alice hi', 'direct eve hi', 'later', 'several 1 2', 'who', 'ping', '[who]', '!odd', '!fatal'],
  ['bye', 'leave', 'token', 'token', 'resume', 'password alice new', 'password new alice', 'block bob', 'contact bob'],
  ['create den', 'join den', 'groups', 'history bob'],
].flat();
/** Longer than the deadlines for a login and after a half-close. */
const LONG_MS = 61_000;

/** Memory storage whose appends wait or fail while the scenario says so. */
class UnreliableStorage extends MemoryStorage {
  state: 'working' | 'waiting' | 'failing' = 'working';
  #gate = Promise.withResolvers<void>();

  recover(): void {
    this.state = 'working';
    this.#gate.resolve();
    this.#gate = Promise.withResolvers();
  }

  override async append(batch: readonly AppendItem[]): Promise<readonly AppendResult[]> {
    if (this.state === 'waiting') await this.#gate.promise;
    if (this.state === 'failing')
      return batch.map(() => ({ type: 'unavailable', reason: 'the test says so' }) as const);
    return super.append(batch);
  }
}

type Participant = { readonly client: LineClient; readonly replies: ManualReplies };

/** One scenario: connections of a few people, an operator and the storage act in random order. */
class Scenario {
  readonly app: TestHub;
  readonly #random: SeededRandom;
  readonly #storage: UnreliableStorage;
  readonly #participants: Participant[] = [];
  readonly #tokens: string[] = ['no token'];
  #keys = 0;

  private constructor(app: TestHub, storage: UnreliableStorage, random: SeededRandom) {
    this.app = app;
    this.#storage = storage;
    this.#random = random;
  }

  static async begin(seed: number): Promise<Scenario> {
    const clock = new FakeClock();
    const storage = new UnreliableStorage(clock);
    const app = await TestHub.open({ clock, storage, hub: { loginMs: 20_000 } });
    await app.accounts('alice', 'bob');
    return new Scenario(app, storage, seededRandom(seed));
  }

  async step(): Promise<void> {
    const action = this.#random.pick<() => unknown>([
      () => this.#enter(),
      ...Array<() => void>(6).fill(() => this.#send(1 + this.#random.below(4))),
      () => this.#send(this.#random.below(MANY_LINES)),
      () => this.#answer(),
      () => this.#participant().client.peer.halfClose(),
      () => this.#participant().client.peer.close(),
      () => this.#participant().client.peer.stopReading(),
      () => this.#participant().client.peer.resumeReading(),
      () => this.#operate(),
      () => (this.#storage.state = this.#random.pick(['waiting', 'failing'])),
      () => this.#storage.recover(),
      () => this.app.advance(this.#random.pick([10, 1_000, 21_000])),
    ]);
    await action();
    if (this.#random.below(3) > 0) await this.app.settle();
  }

  /** The storage works again, everything is answered and read, and all clients leave. */
  async end(): Promise<void> {
    this.#storage.recover();
    for (const { client } of this.#participants) {
      client.peer.resumeReading();
      client.peer.halfClose();
    }
    for (let rounds = 0; rounds < 40; rounds++) {
      for (const { replies } of this.#participants) answerAll(replies);
      await this.app.advance(1_000);
    }
    await this.app.advance(LONG_MS);
    await this.app.advance(LONG_MS);
  }

  #enter(): Participant {
    const replies: ManualReplies = new Map();
    const client = this.app.client(lineProtocol({ history: this.#random.pick([0, 50]), replies }));
    const participant = { client, replies };
    this.#participants.push(participant);
    return participant;
  }

  #participant(): Participant {
    return this.#participants.length < 3 ? this.#enter() : this.#random.pick(this.#participants);
  }

  #send(lines: number): void {
    this.#participant().client.send(...Array.from({ length: lines }, () => this.#line()));
  }

  #line(): string {
    const line = this.#random.pick(LINES);
    if (line === 'resume') return `resume alice ${this.#random.pick(this.#tokens)}`;
    return line === 'later' ? `later ${++this.#keys}` : line;
  }

  /** Answers one client's open requests, and collects the tokens that it got. */
  #answer(): void {
    const { client, replies } = this.#participant();
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

test('CONN-01 CONN-14 CONN-15 CONN-16 CONN-70 requests, faults and removals in any order throw nothing, and in the end no connection or person is left', async () => {
  for (let seed = 1; seed <= SCENARIOS; seed++) {
    const scenario = await Scenario.begin(seed);
    for (let step = 0; step < STEPS; step++) await scenario.step();
    await scenario.end();
    const { hub, world } = scenario.app;
    assert.deepEqual([hub.size, world.people.visible], [0, []], `seed ${seed}`);
  }
});
