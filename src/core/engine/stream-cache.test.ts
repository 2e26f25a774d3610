import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openTwoWorlds, TestWorld } from '../../../testing/world.ts';
import type { Event } from '../model/events.ts';
import { roomStream } from '../model/ids.ts';
import { StreamCache } from './stream-cache.ts';
import { MemoryStorage } from '../../storage/memory/storage.ts';
import { FakeClock } from '../../../testing/clock.ts';

/** Storage that tells which streams it is asked about at each poll: those that the world knows. */
class PolledStorage extends MemoryStorage {
  polled: readonly string[] = [];

  /** What a read of a stream waits for. */
  until: Promise<void> = Promise.resolve();

  override async load(...[stream]: Parameters<MemoryStorage['load']>) {
    await this.until;
    return super.load(stream);
  }

  override positions(...[streams]: Parameters<MemoryStorage['positions']>) {
    this.polled = streams;
    return super.positions(streams);
  }
}

async function polledHouse() {
  const clock = new FakeClock();
  const storage = new PolledStorage(clock);
  const app = await TestWorld.open({ clock, storage });
  const known = async () => {
    clock.advance(3_000);
    await app.settle();
    return storage.polled;
  };
  return { app, known, storage };
}

test('WORLD-64 T35 what a refused command had to read is not kept for it', async () => {
  const { app, known } = await polledHouse();
  const guest = await app.enter('guest');
  const before = await known();
  for (let index = 0; index < 20; index++)
    await app.ask((world, done) => world.rooms.create(guest, `garden${index}`, null, false, done));
  await app.ask((world, done) => world.history.of(guest, 'user', 'nobody', null, 10, done));
  app.world.leave(guest, { type: 'left' });
  await app.settle();
  assert.deepEqual((await known()).length <= before.length, true, `${await known()}`);
});

test('WORLD-64 accounts that are made and do not come are not kept', async () => {
  const { app, known } = await polledHouse();
  const before = await known();
  for (const name of ['ann', 'ben', 'cleo']) await app.register(name);
  await app.settle();
  assert.deepEqual(await known(), before);
});

test('WORLD-64 a stream stays in memory while something pins it', async () => {
  const loaded: string[] = [];
  const cache = new StreamCache(new MemoryStorage(new FakeClock()), (stream) => void loaded.push(stream));
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

test('WORLD-64 a stream that is unpinned while it loads does not come into memory, unless it is pinned again', async () => {
  const storage = new PolledStorage(new FakeClock());
  const cache = new StreamCache(storage, () => {});
  const stream = roomStream(2);
  for (const pins of [0, 1]) {
    const { promise, resolve } = Promise.withResolvers<void>();
    storage.until = promise;
    cache.pin(stream);
    const loading = cache.load([stream]);
    cache.unpin(stream);
    if (pins > 0) cache.pin(stream);
    resolve();
    await loading;
    assert.equal(cache.has([stream]), pins > 0);
  }
});

test('WORLD-88 WORLD-80 a conversation that begins on one node is shown on the other, from its first message on', async () => {
  const { first, second } = await openTwoWorlds();
  const ann = await first.member('ann');
  await second.settle();
  second.clock.advance(3_000);
  await second.settle();
  const ben = await second.member('ben');
  await first.settle();
  first.clock.advance(3_000);
  await first.settle();
  const said = await first.direct(ann, 'ben', 'hello');
  assert.equal(said.ok, true);
  second.clock.advance(3_000);
  await second.settle();
  const room = said.ok ? said.value.message.room : 0;
  assert.deepEqual(second.observer.joins, [{ person: ben, room, direct: true, position: 0, number: 0 }]);
});

test('WORLD-27 T12 an edit bears the name that its author has now', async () => {
  const app = await TestWorld.open();
  const mallory = await app.enter('celeb');
  const said = await app.post(mallory, 'hello');
  const id = said.ok ? said.value.id : '';
  await app.must((world, done) => world.rename(mallory, 'mallory', done));
  await app.enter('celeb');
  await app.must((world, done) => world.messages.edit(mallory, id, 'I, celeb', done));
  await app.settle();
  const shown = app.observer.ofType('message-edited');
  assert.deepEqual(
    shown.map(({ message }) => message.author.name),
    ['mallory'],
  );
  const read = await app.world.history.events(app.world.lobby, 0, 100);
  const authors = read.flatMap((event: Event) => ('message' in event ? [event.message.author.name] : []));
  assert.deepEqual([...new Set(authors)], ['mallory']);
});

test('WORLD-27 T12 the deletion of what a guest said who is gone does not look like somebody else', async () => {
  const app = await TestWorld.open();
  const gone = await app.enter('gonzo');
  const said = await app.post(gone, 'hello');
  const id = said.ok ? said.value.id : '';
  app.world.leave(gone, { type: 'left' });
  await app.settle();
  await app.enter('gonzo');
  await app.must((world, done) => world.messages.delete({ type: 'operator' }, id, done));
  await app.settle();
  assert.deepEqual(
    app.observer.ofType('message-deleted').map(({ message }) => message.author.name),
    ['gonzo~'],
  );
});

test('WORLD-20 T27 what waits for its room to be read is not said after its author was sent away', async () => {
  const { app, storage } = await polledHouse();
  const ann = await app.member('ann');
  const room = await app.group(ann, 'garden');
  app.world.unpinRoom(room);
  const { promise, resolve } = Promise.withResolvers<void>();
  storage.until = promise;
  const said = app.post(ann, 'too late', room);
  app.world.leave(ann, { type: 'removed', reason: 'spam' });
  await app.settle();
  resolve();
  assert.deepEqual(await said, { ok: false, error: { type: 'not-allowed' } });
  assert.deepEqual((await app.storage.page(room, null, 10)).messages, []);
});
