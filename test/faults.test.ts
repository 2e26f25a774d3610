import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Ban } from '../src/core/entries.ts';
import type { PersonId } from '../src/core/ids.ts';
import type { Message } from '../src/core/message.ts';
import type { AppendItem, AppendResult, Storage } from '../src/core/ports.ts';
import type { Refusal } from '../src/core/refusals.ts';
import type { Result } from '../src/lib/result.ts';
import { MemoryStorage } from '../src/storage/memory/storage.ts';
import { Reader } from '../src/storage/sqlite/reader.ts';
import { Writer } from '../src/storage/sqlite/writer.ts';
import { FakeClock } from '../testing/clock.ts';
import { countingIds } from '../testing/ids.ts';
import { BIRTH, FaultyDatabases, temporaryDirectory } from '../testing/sqlite-samples.ts';
import { TestWorld } from '../testing/world.ts';

/** Storage whose n-th call fails, once: an append is refused, a read rejects. */
class FailingStorage implements Storage {
  readonly #inner: Storage;
  readonly #failAt: number;
  calls = 0;

  constructor(inner: Storage, failAt: number) {
    this.#inner = inner;
    this.#failAt = failAt;
  }

  get fired(): boolean {
    return this.calls >= this.#failAt;
  }

  append: Storage['append'] = (batch) =>
    this.#fails()
      ? Promise.resolve(batch.map(() => ({ type: 'unavailable', reason: 'the test says so' })))
      : this.#inner.append(batch);
  heads: Storage['heads'] = (streams) => this.#read(() => this.#inner.heads(streams));
  entries: Storage['entries'] = (...args) => this.#read(() => this.#inner.entries(...args));
  load: Storage['load'] = (stream) => this.#read(() => this.#inner.load(stream));
  page: Storage['page'] = (...args) => this.#read(() => this.#inner.page(...args));
  message: Storage['message'] = (id) => this.#read(() => this.#inner.message(id));
  verifier: Storage['verifier'] = (person) => this.#read(() => this.#inner.verifier(person));
  shown: Storage['shown'] = (person) => this.#read(() => this.#inner.shown(person));
  close = () => this.#inner.close();

  #fails(): boolean {
    this.calls += 1;
    return this.calls === this.#failAt;
  }

  #read<T>(read: () => Promise<T>): Promise<T> {
    return this.#fails() ? Promise.reject(new Error('the test says so')) : read();
  }
}

type Outcome<T> = Result<T, Refusal>;
type Posted = { text: string; result: Outcome<Message> };

/** What a person and the operator do, and what they were told. */
async function script(house: TestWorld) {
  const outcomes = {
    posts: [] as Posted[],
    edits: [] as Posted[],
    deletes: [] as Posted[],
    bans: [] as Outcome<Ban>[],
  };
  const entered = await house.ask<{ id: PersonId }>((world, done) => world.enter('alice', done));
  assert.ok(entered.ok, 'a guest needs no storage to enter');
  const alice = entered.value.id;
  const post = async (text: string) => void outcomes.posts.push({ text, result: await house.post(alice, text) });
  await post('one');
  await Promise.all([post('two'), post('three'), post('four')]);
  for (const [index, { result }] of outcomes.posts.entries()) {
    if (!result.ok) continue;
    const { id } = result.value;
    const text = `edited ${index}`;
    const edited = await house.ask<Message>((world, done) => world.messages.edit(alice, id, text, done));
    outcomes.edits.push({ text, result: edited });
    if (index % 2 === 0) continue;
    const deleted = await house.ask<Message>((world, done) => world.messages.delete({ type: 'operator' }, id, done));
    outcomes.deletes.push({ text: id, result: deleted });
  }
  outcomes.bans.push(
    await house.ask((world, done) => world.moderation.ban({ type: 'operator' }, 'bob', 'spam', null, done)),
  );
  await post('five');
  return outcomes;
}

/** Compares what was told with what is there; returns what is there. */
async function check(outcomes: Awaited<ReturnType<typeof script>>, storage: Storage, why: string): Promise<void> {
  const again = await TestWorld.open({ storage, ids: countingIds(9) });
  const { messages } = await again.world.history.page(again.world.lobby, null, 100);
  assert.deepEqual(
    messages.map(({ number }) => number),
    messages.map((_, index) => index + 1),
    `${why}: numbers without gaps`,
  );
  const acknowledged = outcomes.posts.flatMap(({ result }) => (result.ok ? [result.value.id] : []));
  assert.deepEqual(
    messages.map(({ id }) => id).sort(),
    acknowledged.sort(),
    `${why}: acknowledged and present, or neither`,
  );
  for (const { result, text } of outcomes.posts) {
    if (result.ok || result.error.type !== 'unavailable') continue;
    assert.ok(!messages.some((message) => message.text === text), `${why}: ${text} was refused and is there`);
  }
  for (const { result, text } of outcomes.edits) {
    const there = messages.some((message) => message.text === text);
    const deleted = result.ok && messages.some(({ id, deletedAt }) => id === result.value.id && deletedAt !== null);
    assert.equal(there || deleted, result.ok, `${why}: ${text}`);
  }
  for (const { result, text } of outcomes.deletes) {
    const message = messages.find(({ id }) => id === text);
    assert.equal(message?.deletedAt !== null, result.ok, `${why}: deletion of ${text}`);
  }
  assert.equal([...again.world.bans].length, outcomes.bans.filter(({ ok }) => ok).length, `${why}: bans`);
  again.world.close();
}

/** Runs the script on a store whose n-th call fails, and compares; returns how much was refused. */
async function checkOnce(failing: Storage, clock: FakeClock, sound: () => Storage, why: string): Promise<number> {
  const opened = await TestWorld.open({ storage: failing, clock, ids: countingIds(1) }).catch(() => null);
  if (opened === null) return 0;
  const outcomes = await script(opened);
  const told = [outcomes.posts, outcomes.edits, outcomes.deletes].flat().map(({ result }) => result);
  await opened.world.stop();
  opened.world.close();
  await check(outcomes, sound(), why);
  return [...told, ...outcomes.bans].filter((result) => !result.ok).length;
}

test('WORLD-08 WORLD-03 every storage call fails once: each command is acknowledged and present, or refused and absent', async () => {
  let refusals = 0;
  let n = 1;
  for (; n < 1_000; n++) {
    const clock = new FakeClock();
    const inner = new MemoryStorage(clock);
    const failing = new FailingStorage(inner, n);
    refusals += await checkOnce(failing, clock, () => inner, `call ${n} fails`);
    if (!failing.fired) break;
  }
  assert.ok(n > 20 && n < 1_000, `${n} calls`);
  assert.ok(refusals > 5, `${refusals} refusals`);
});

/** The SQLite store without its workers, so that its database can be one that fails. */
class InProcessStorage implements Storage {
  readonly #writer: Writer;
  readonly #reader: Reader;

  constructor(writer: Writer, reader: Reader) {
    this.#writer = writer;
    this.#reader = reader;
  }

  async append(batch: readonly AppendItem[]): Promise<readonly AppendResult[]> {
    const { known, results } = this.#writer.append(batch, 0);
    let landed: boolean | null = known;
    for (let tries = 0; !known && tries < 10 && (landed = this.#writer.settle()) === null; tries++);
    if (landed === null) throw new Error('the outcome stays unknown');
    return landed ? results : batch.map(() => ({ type: 'unavailable', reason: 'the database failed' }));
  }
  heads = async (...args: Parameters<Storage['heads']>) => this.#reader.heads(...args);
  entries = async (...args: Parameters<Storage['entries']>) => this.#reader.entries(...args);
  load = async (...args: Parameters<Storage['load']>) => this.#reader.load(...args);
  page = async (...args: Parameters<Storage['page']>) => this.#reader.page(...args);
  message = async (...args: Parameters<Storage['message']>) => this.#reader.message(...args);
  verifier = async (...args: Parameters<Storage['verifier']>) => this.#reader.verifier(...args);
  shown = async (...args: Parameters<Storage['shown']>) => this.#reader.shown(...args);
  close = async () => this.#writer.close(true);
}

for (const when of ['before', 'after'] as const)
  test(`WORLD-08 STORE-33 every call of the SQLite database fails once, ${when} its effect: the same holds`, async (t) => {
    const directory = temporaryDirectory(t, 'memory');
    let refusals = 0;
    let n = 1;
    for (; n < 5_000; n++) {
      const file = join(directory, `${n}.db`);
      let armed = false;
      let calls = 0;
      const databases = new FaultyDatabases(file, () => (armed && ++calls === n ? when : null));
      const writer = new Writer({ connect: () => databases.connect(), logBytes: () => 0, freeBytes: () => 2 ** 40 });
      const reader = new Reader(() => databases.connect());
      writer.open(BIRTH);
      armed = true;
      const storage = new InProcessStorage(writer, reader);
      refusals += await checkOnce(
        storage,
        new FakeClock(),
        () => {
          armed = false;
          return storage;
        },
        `database call ${n} fails`,
      );
      reader.close();
      databases.end();
      rmSync(file);
      if (calls < n) break;
    }
    t.diagnostic(`${n} calls, ${refusals} refusals`);
    assert.ok(n > 50 && n < 5_000, `${n} calls`);
    assert.ok(refusals > 5, `${refusals} refusals`);
  });
