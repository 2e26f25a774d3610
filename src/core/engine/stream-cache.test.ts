import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../../../testing/clock.ts';
import { openEngine } from '../../../testing/engine.ts';
import { openTwoWorlds, TestWorld } from '../../../testing/world.ts';
import { MemoryStorage } from '../../storage/memory/storage.ts';
import type { Event } from '../model/events.ts';
import { roomStream } from '../model/ids.ts';

/** Memory storage that notes which streams each poll asks about: those that the world has in memory. */
class PolledStorage extends MemoryStorage {
  polled: readonly string[] = [];
  /** Loading a stream waits for this promise. */
  gate: Promise<void> = Promise.resolve();

  override async load(...[stream]: Parameters<MemoryStorage['load']>) {
    await this.gate;
    return super.load(stream);
  }

  override positions(...[streams]: Parameters<MemoryStorage['positions']>) {
    this.polled = streams;
    return super.positions(streams);
  }
}

async function openPolled() {
  const clock = new FakeClock();
  const storage = new PolledStorage(clock);
  const app = await TestWorld.open({ clock, storage });
  const polled = async () => {
    clock.advance(3_000);
    await app.settle();
    return storage.polled;
  };
  return { app, polled, storage };
}

test('WORLD-64 T35 streams that were loaded for a refused command leave memory', async () => {
  const { app, polled } = await openPolled();
  const guest = await app.enter('guest');
  const before = await polled();
  for (let index = 0; index < 20; index++)
    await app.ask((world, done) => world.rooms.create(guest, `garden${index}`, null, false, done));
  await app.ask((world, done) => world.history.of(guest, 'user', 'nobody', null, 10, done));
  app.world.leave(guest, { type: 'left' });
  await app.settle();
  assert.ok((await polled()).length <= before.length, `${await polled()}`);
});

test('WORLD-64 accounts that never log in do not stay in memory', async () => {
  const { app, polled } = await openPolled();
  const before = await polled();
  for (const name of ['ann', 'ben', 'cleo']) await app.register(name);
  await app.settle();
  assert.deepEqual(await polled(), before);
});

test('WORLD-64 a stream stays in memory while it is pinned', async () => {
  const loaded: string[] = [];
  const clock = new FakeClock();
  const listener = { loaded: (stream: string) => void loaded.push(stream) };
  const { cache } = openEngine({ storage: new MemoryStorage(clock), clock }, listener);
  const stream = roomStream(2);
  cache.pin(stream);
  await cache.use([stream], () => assert.equal(cache.has([stream]), true));
  assert.equal(cache.has([stream]), true, 'one pin is left');
  cache.unpin(stream);
  assert.deepEqual([cache.has([stream]), cache.committed.has(stream)], [false, false]);
  await cache.use([stream], () => {});
  assert.equal(cache.has([stream]), false);
  assert.deepEqual(loaded, [stream, stream]);
});

test('WORLD-64 a stream that is unpinned while it loads is not kept, unless it is pinned again', async () => {
  const clock = new FakeClock();
  const storage = new PolledStorage(clock);
  const { cache } = openEngine({ storage, clock });
  const stream = roomStream(2);
  for (const pins of [0, 1]) {
    const { promise, resolve } = Promise.withResolvers<void>();
    storage.gate = promise;
    cache.pin(stream);
    const loading = cache.load([stream]);
    cache.unpin(stream);
    if (pins > 0) cache.pin(stream);
    const again = pins > 0 ? cache.load([stream]) : loading;
    resolve();
    await Promise.all([loading, again]);
    assert.equal(cache.has([stream]), pins > 0);
  }
});

test('WORLD-88 WORLD-80 a direct that begins on one node is delivered on the other, from its first message on', async () => {
  const { first, second } = await openTwoWorlds();
  const ann = await first.member('ann');
  await second.settle();
  second.clock.advance(3_000);
  await second.settle();
  const ben = await second.member('ben');
  await first.settle();
  first.clock.advance(3_000);
  await first.settle();
  const posted = await first.direct(ann, 'ben', 'hello');
  assert.equal(posted.ok, true);
  second.clock.advance(3_000);
  await second.settle();
  const room = posted.ok ? posted.value.message.room : 0;
  assert.deepEqual(second.observer.joins, [{ person: ben, room, direct: true, position: 0, number: 0 }]);
});

test('WORLD-27 T12 an edit shows the current name of its author', async () => {
  const app = await TestWorld.open();
  const mallory = await app.enter('celeb');
  const posted = await app.post(mallory, 'hello');
  const id = posted.ok ? posted.value.id : '';
  await app.must((world, done) => world.rename(mallory, 'mallory', done));
  await app.enter('celeb');
  await app.must((world, done) => world.messages.edit(mallory, id, 'I, celeb', done));
  await app.settle();
  const edits = app.observer.ofType('message-edited');
  assert.deepEqual(
    edits.map(({ message }) => message.author.name),
    ['mallory'],
  );
  const read = await app.world.history.events(app.world.lobby, 0, 100);
  const authors = read.flatMap((event: Event) => ('message' in event ? [event.message.author.name] : []));
  assert.deepEqual([...new Set(authors)], ['mallory']);
});

test('WORLD-27 T12 the deletion of a message by a guest who has left does not show the name as its new holder’s', async () => {
  const app = await TestWorld.open();
  const guest = await app.enter('gonzo');
  const posted = await app.post(guest, 'hello');
  const id = posted.ok ? posted.value.id : '';
  app.world.leave(guest, { type: 'left' });
  await app.settle();
  await app.enter('gonzo');
  await app.must((world, done) => world.messages.delete({ type: 'operator' }, id, done));
  await app.settle();
  assert.deepEqual(
    app.observer.ofType('message-deleted').map(({ message }) => message.author.name),
    ['gonzo~'],
  );
});

test('WORLD-20 T27 a message that waits for its room to load is refused if its author is removed meanwhile', async () => {
  const { app, storage } = await openPolled();
  const ann = await app.member('ann');
  const room = await app.group(ann, 'garden');
  app.world.unpinRoom(room);
  const { promise, resolve } = Promise.withResolvers<void>();
  storage.gate = promise;
  const posted = app.post(ann, 'too late', room);
  app.world.leave(ann, { type: 'removed', reason: 'spam' });
  await app.settle();
  resolve();
  assert.deepEqual(await posted, { ok: false, error: { type: 'not-allowed' } });
  assert.deepEqual((await app.storage.page(room, null, 10)).messages, []);
});
