import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countingIds } from '../../../testing/ids.ts';
import { TestWorld } from '../../../testing/world.ts';
import { type PersonId, roomStream } from '../model/ids.ts';
import type { Message } from '../model/message.ts';
import type { AppendItem, Storage } from '../ports.ts';

const used = { ok: false, error: { type: 'nonce-used' } };
const DAY = 24 * 60 * 60 * 1_000;

async function openWithAlice() {
  const app = await TestWorld.open();
  return { app, alice: await app.member('alice') };
}

function post(app: TestWorld, person: PersonId, text: string, nonce?: string, clientTime: number | null = null) {
  const post = { text, clientTime, ...(nonce !== undefined && { nonce }) };
  return app.ask<Message>((world, done) => world.messages.post(person, world.lobby, post, done));
}

async function texts(app: TestWorld): Promise<readonly [number, string][]> {
  const page = await app.storage.page(app.world.lobby, null, 1_000);
  return page.messages.map(({ number, text }) => [number, text]);
}

test('WORLD-85 a nonce that is repeated, at once or later, posts one message and gets one answer', async () => {
  const { app, alice } = await openWithAlice();
  const [first, second] = await Promise.all([post(app, alice, 'hello', 'n1'), post(app, alice, 'hello', 'n1')]);
  assert.equal(first.ok, true);
  assert.deepEqual(second, first);
  assert.deepEqual(await post(app, alice, 'hello', 'n1'), first);
  assert.deepEqual(await texts(app), [[1, 'hello']]);
  assert.equal(app.observer.ofType('message-posted').length, 1);
  assert.equal((await post(app, alice, 'hello')).ok, true, 'without a nonce the same text is posted again');
  assert.equal((await post(app, alice, 'hello', 'n2')).ok, true);
  assert.equal((await texts(app)).length, 3);
});

test('WORLD-85 two people may use the same nonce', async () => {
  const { app, alice } = await openWithAlice();
  const bob = await app.enter('bob');
  await post(app, alice, 'hello', 'n1');
  await post(app, bob, 'hello', 'n1');
  assert.equal((await texts(app)).length, 2);
});

test('WORLD-85 a nonce with another text, time, font or room is refused, and nothing is posted', async () => {
  const { app, alice } = await openWithAlice();
  await app.member('bob');
  const font = { family: 'Arial', color: '#000000', style: 'b' };
  await post(app, alice, 'hello', 'n1');
  assert.deepEqual(await post(app, alice, 'other', 'n1'), used);
  assert.deepEqual(await post(app, alice, 'hello', 'n1', 7), used);
  assert.deepEqual(
    await app.ask((world, done) =>
      world.messages.post(alice, world.lobby, { text: 'hello', clientTime: null, nonce: 'n1', font }, done),
    ),
    used,
  );
  assert.deepEqual(await app.direct(alice, 'bob', 'hello', 'n1'), used);
  assert.deepEqual(await texts(app), [[1, 'hello']]);
});

test('WORLD-85 a nonce counts for 24 hours, also after a restart', async () => {
  const { app, alice } = await openWithAlice();
  const first = await post(app, alice, 'a\r\nb', 'n1');
  const options = { storage: app.storage, clock: app.clock };
  const again = await TestWorld.open({ ...options, ids: countingIds(2) });
  await again.login('alice');
  assert.deepEqual(await post(again, alice, 'a\r\nb', 'n1'), first);
  assert.equal(first.ok && first.value.text, 'a\nb');
  again.clock.jump(DAY - 1);
  assert.deepEqual(await post(again, alice, 'a\r\nb', 'n1'), first);
  again.clock.jump(1);
  const later = await post(again, alice, 'a\r\nb', 'n1');
  assert.equal(later.ok && later.value.number, 2);
});

test('WORLD-85 WORLD-83 a repeated direct message is posted once, and each answer tells whether it can be shown now', async () => {
  const { app, alice } = await openWithAlice();
  const bob = await app.member('bob');
  const first = await app.direct(alice, 'bob', 'hello', 'n1');
  app.world.leave(bob, { type: 'left' });
  await app.settle();
  const second = await app.direct(alice, 'bob', 'hello', 'n1');
  assert.ok(first.ok && second.ok);
  assert.deepEqual(second.value.message, first.value.message);
  assert.deepEqual([first.value.delivered, second.value.delivered], [true, false]);
});

test('WORLD-85 WORLD-11 commands decided on top of a repeated message are decided again: numbers have no gaps', async () => {
  const { app, alice } = await openWithAlice();
  const bob = await app.enter('bob');
  await post(app, alice, 'hello', 'n1');
  for (let round = 0; round < 5; round++) {
    const results = await Promise.all([
      post(app, bob, `before ${round}`),
      post(app, alice, 'hello', 'n1'),
      post(app, bob, `after ${round}`),
      post(app, alice, 'other', 'n1'),
      post(app, alice, `last ${round}`, `fresh ${round}`),
    ]);
    assert.deepEqual(
      results.map((result) => (result.ok ? result.value.number : result.error.type)),
      [2 + round * 3, 1, 3 + round * 3, 'nonce-used', 4 + round * 3],
    );
  }
  const numbers = (await texts(app)).map(([number]) => number);
  assert.deepEqual(
    numbers,
    numbers.map((_, index) => index + 1),
  );
  const published = app.observer.ofType('message-posted').map(({ message }) => message.number);
  assert.deepEqual(published, numbers);
});

test('WORLD-85 WORLD-07 commands that were decided on top of a repetition are decided again when it is found', async () => {
  const { app, alice } = await openWithAlice();
  const bob = await app.enter('bob');
  await post(app, alice, 'hello', 'n1');
  const repeated = post(app, alice, 'hello', 'n1');
  await Promise.resolve();
  app.clock.turn();
  const waiting = [post(app, bob, 'one'), post(app, bob, 'two')];
  assert.equal((await repeated).ok, true);
  assert.deepEqual(
    (await Promise.all(waiting)).map((result) => result.ok && result.value.number),
    [2, 3],
  );
  const entries = await app.storage.entries(roomStream(app.world.lobby), 0, 100);
  assert.deepEqual(
    entries.map(({ position }) => position),
    entries.map((_, index) => index + 1),
  );
});

test('WORLD-08 WORLD-85 after a repetition in a batch that fails, no room is ahead of storage', async () => {
  const { app, alice } = await openWithAlice();
  const bob = await app.member('bob');
  await post(app, alice, 'hello', 'n1');
  const { storage } = app;
  const append = storage.append.bind(storage);
  const isOfPerson = (item: AppendItem) => item.writes.some(({ stream }) => stream.startsWith('person/'));
  storage.append = async (batch) => {
    const fails = batch.filter(isOfPerson);
    const results = await append(batch.filter((item) => !isOfPerson(item)));
    return [...results, ...fails.map(() => ({ type: 'unavailable', reason: 'the test says so' }) as const)];
  };
  const [repeated, blocked] = await Promise.all([
    post(app, alice, 'hello', 'n1'),
    app.ask((world, done) => world.relationships.set('block', bob, 'alice', true, done)),
  ]);
  assert.deepEqual([repeated.ok, blocked.ok], [true, false]);
  const next = await post(app, bob, 'next');
  assert.equal(next.ok && next.value.number, 2);
});

test('WORLD-18 T26 the results kept for repeated commands do not contain texts of messages', async () => {
  const kept: string[] = [];
  const { app, alice } = await openWithAlice();
  const storage: Storage = app.storage;
  const append = storage.append.bind(storage);
  storage.append = (batch) => {
    kept.push(...batch.flatMap(({ once }) => (once === undefined ? [] : [JSON.stringify(once)])));
    return append(batch);
  };
  const first = await post(app, alice, 'a secret', 'n1');
  assert.equal(kept.length, 1);
  assert.doesNotMatch(kept.join(), /secret/);
  assert.equal(first.ok && first.value.text, 'a secret');
  const again = await post(app, alice, 'a secret', 'n1');
  assert.equal(again.ok && again.value.text, 'a secret');
});
