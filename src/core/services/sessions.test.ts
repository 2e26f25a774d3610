import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../../../testing/clock.ts';
import { GatedStorage } from '../../../testing/storage/gated.ts';
import { onceAt } from '../../../testing/storage/samples.ts';
import { openTwoWorlds, TestWorld, untilSettled } from '../../../testing/world.ts';
import type { Actor } from '../engine/decide.ts';
import { directoryStream, type PersonId, personStream } from '../model/ids.ts';
import type { StoredSession } from '../model/session.ts';
import type { World } from '../world.ts';

const HOUR = 3_600_000;
const operator: Actor = { type: 'operator' };
const unavailable = { ok: false, error: { type: 'unavailable' } };

async function open() {
  const clock = new FakeClock();
  const storage = new GatedStorage(clock);
  const app = await TestWorld.open({ clock, storage });
  return { clock, storage, app, ada: await app.register('ada'), bob: await app.register('bob') };
}

function run<T>(app: TestWorld, ask: (sessions: World['sessions']) => Promise<T>): Promise<T> {
  return untilSettled(app.clock, ask(app.world.sessions));
}

/** Begins a session that subscribes to two documents; its digest is its name. */
async function begin(app: TestWorld, person: PersonId, digest: string): Promise<StoredSession> {
  const row = { digest, person, passwordPosition: 1, expires: app.clock.now() + HOUR };
  const documents = [`one of ${digest}`, `two of ${digest}`];
  assert.equal(await run(app, (sessions) => sessions.save(row)), true);
  assert.equal(await run(app, (sessions) => sessions.subscribe(digest, person, documents)), true);
  return { ...row, documents };
}

function found(app: TestWorld, ...digests: string[]): Promise<(StoredSession | null)[]> {
  return Promise.all(digests.map((digest) => run(app, (sessions) => sessions.find(digest))));
}

const kick = (app: TestWorld, name: string) => app.ask((world, done) => world.moderation.kick(name, 'cool down', done));
const ban = (app: TestWorld, name: string) =>
  app.ask((world, done) => world.moderation.ban(operator, name, 'spam', null, done));

test('WORLD-203 a session is found with what it subscribes to, also by another node and after a restart', async () => {
  const { first, second, storage } = await openTwoWorlds();
  const ada = await first.register('ada');
  const session = await begin(first, ada, 'a');
  assert.equal(await run(second, (sessions) => sessions.unsubscribe('a', ['one of a', 'nothing'])), true);
  assert.equal(await run(first, (sessions) => sessions.subscribe('a', ada, ['three'])), true);
  const expected = { ...session, documents: ['two of a', 'three'] };
  const restarted = await TestWorld.open({ storage });
  for (const app of [first, second, restarted]) assert.deepEqual(await found(app, 'a', 'b'), [expected, null]);
  const later = { digest: 'a', person: ada, passwordPosition: 4, expires: first.clock.now() + 2 * HOUR };
  assert.equal(await run(second, (sessions) => sessions.save(later)), true);
  assert.deepEqual(await found(first, 'a'), [{ ...later, documents: expected.documents }]);
});

test('WORLD-301 a session that one node ended is not brought back by another one that renews it', async () => {
  const { first, second } = await openTwoWorlds();
  const ada = await first.register('ada');
  const { documents, ...row } = await begin(first, ada, 'a');
  const later = { ...row, expires: row.expires + HOUR };
  assert.equal(await run(second, (sessions) => sessions.renew(later)), true);
  assert.deepEqual(await found(first, 'a'), [{ ...later, documents }]);
  assert.equal(await run(first, (sessions) => sessions.end('a')), true);
  assert.equal(await run(second, (sessions) => sessions.renew(later)), true);
  for (const app of [first, second]) assert.deepEqual(await found(app, 'a'), [null]);
});

test('WORLD-203 a session is found until the moment it expires', async () => {
  const { app, clock, ada } = await open();
  const session = await begin(app, ada, 'a');
  clock.jump(HOUR - 1);
  assert.deepEqual(await found(app, 'a'), [session]);
  clock.jump(1);
  assert.deepEqual(await found(app, 'a'), [null]);
});

test('WORLD-203 one session ends, or all of a person, and those of others stay', async () => {
  const { app, ada, bob } = await open();
  const [, second, , other] = [
    await begin(app, ada, 'a'),
    await begin(app, ada, 'b'),
    await begin(app, ada, 'c'),
    await begin(app, bob, 'd'),
  ];
  assert.equal(await run(app, (sessions) => sessions.end('a')), true);
  assert.equal(await run(app, (sessions) => sessions.end('unknown')), true);
  assert.deepEqual((await found(app, 'a', 'b', 'd')).slice(0, 2), [null, second]);
  assert.equal(await run(app, (sessions) => sessions.endAll(ada)), true);
  assert.deepEqual(await found(app, 'a', 'b', 'c', 'd'), [null, null, null, other]);
});

test('WORLD-203 WORLD-201 a change is answered when it is on disk, with false when storage is unavailable', async () => {
  const { app, storage, ada } = await open();
  const session = await begin(app, ada, 'a');
  storage.failing = true;
  const { sessions } = app.world;
  const { documents: _documents, ...row } = session;
  const asked = [
    sessions.save({ ...row, expires: 0 }),
    sessions.subscribe('a', ada, ['more']),
    sessions.unsubscribe('a', session.documents),
    sessions.end('a'),
    sessions.endAll(ada),
  ];
  assert.deepEqual(
    await untilSettled(app.clock, Promise.all(asked)),
    asked.map(() => false),
  );
  storage.failing = false;
  assert.deepEqual(await found(app, 'a'), [session]);
  storage.gated = true;
  let isSaved = false;
  void sessions.save(row).then(() => (isSaved = true));
  await app.settle();
  assert.equal(isSaved, false);
  storage.release();
  await app.settle();
  assert.equal(isSaved, true);
  await storage.close();
  await assert.rejects(sessions.find('a'), { name: 'StorageUnavailable' });
  await assert.rejects(sessions.kept('s', 'k'), { name: 'StorageUnavailable' });
});

test('WORLD-200 WORLD-121 another password and the deletion of the account end its sessions, and those of nobody else', async () => {
  const { app, storage, ada, bob } = await open();
  const other = await begin(app, bob, 'b');
  const fresh = { type: 'plain', value: 'another' } as const;
  await begin(app, ada, 'a');
  storage.batches.length = 0;
  await app.must<number>((world, done) => void world.accounts.setPassword(ada, fresh, done));
  assert.equal(storage.batches.flat().length, 1);
  assert.deepEqual(await found(app, 'a', 'b'), [null, other]);
  await begin(app, ada, 'a');
  await app.must((world, done) => void world.deletions.delete('ada', false, done));
  assert.deepEqual(await found(app, 'a', 'b'), [null, other]);
});

test('WORLD-204 a kick ends the sessions of the account before its connections, and neither if storage fails', async () => {
  const { app, storage, ada, bob } = await open();
  await app.login('ada');
  const [session, other] = [await begin(app, ada, 'a'), await begin(app, bob, 'b')];
  storage.failing = true;
  assert.deepEqual(await kick(app, 'ada'), unavailable);
  storage.failing = false;
  assert.deepEqual([app.observer.removals, await found(app, 'a')], [[], [session]]);
  storage.gated = true;
  const kicked = kick(app, 'ADA');
  await app.settle();
  assert.deepEqual(app.observer.removals, []);
  storage.gated = false;
  storage.release();
  assert.equal((await kicked).ok, true);
  assert.equal(app.observer.removals.length, 1);
  assert.deepEqual(await found(app, 'a', 'b'), [null, other]);
});

test('WORLD-204 the append of a ban ends the sessions of the account, also if nobody is present, and neither if storage fails', async () => {
  const { app, storage, ada, bob } = await open();
  const [session, other] = [await begin(app, ada, 'a'), await begin(app, bob, 'b')];
  storage.failing = true;
  assert.deepEqual(await ban(app, 'ada'), unavailable);
  storage.failing = false;
  assert.deepEqual([[...app.world.bans], await found(app, 'a')], [[], [session]]);
  const guest: Actor = { type: 'person', person: { id: 1, name: 'x' }, skeleton: 'x', role: null };
  assert.equal((await app.ask((world, done) => world.moderation.ban(guest, 'ada', 'no', null, done))).ok, false);
  assert.deepEqual(await found(app, 'a'), [session]);
  storage.batches.length = 0;
  assert.equal((await ban(app, 'ADA')).ok, true);
  const streams = storage.batches.flat().map(({ writes }) => writes.map(({ stream }) => stream));
  assert.deepEqual(streams, [[directoryStream, personStream(ada)]]);
  assert.deepEqual(await found(app, 'a', 'b'), [null, other]);
});

test('WORLD-205 what a command came to is found by its scope and key until it expires', async () => {
  const { app, clock, storage } = await open();
  const once = onceAt(clock, HOUR);
  await storage.append([{ writes: [], rows: [], once }]);
  const kept = (scope: string, key: string) => run(app, (sessions) => sessions.kept(scope, key));
  assert.deepEqual(await kept(once.scope, once.key), { digest: once.digest, result: once.result });
  assert.deepEqual([await kept(once.scope, 'other'), await kept('other', once.key)], [null, null]);
  clock.jump(HOUR - 1);
  assert.equal((await kept(once.scope, once.key))?.result, once.result);
  clock.jump(1);
  assert.equal(await kept(once.scope, once.key), null);
});
