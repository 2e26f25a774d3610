import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openTwo, TestWorld } from '../../testing/world.ts';
import type { Event } from './events.ts';
import { roomStream } from './ids.ts';
import { Known } from './known.ts';
import { MemoryStorage } from '../storage/memory/storage.ts';
import { FakeClock } from '../../testing/clock.ts';

/** Storage that tells which streams it is asked about at each poll: those that the world knows. */
class PolledStorage extends MemoryStorage {
  polled: readonly string[] = [];

  /** What a read of a stream waits for. */
  until: Promise<void> = Promise.resolve();

  override async load(...[stream]: Parameters<MemoryStorage['load']>) {
    await this.until;
    return super.load(stream);
  }

  override heads(...[streams]: Parameters<MemoryStorage['heads']>) {
    this.polled = streams;
    return super.heads(streams);
  }
}

async function polledHouse() {
  const clock = new FakeClock();
  const storage = new PolledStorage(clock);
  const house = await TestWorld.open({ clock, storage });
  const known = async () => {
    clock.advance(3_000);
    await house.settle();
    return storage.polled;
  };
  return { house, known, storage };
}

test('WORLD-64 T35 what a refused command had to read is not kept for it', async () => {
  const { house, known } = await polledHouse();
  const guest = await house.enter('guest');
  const before = await known();
  for (let index = 0; index < 20; index++)
    await house.ask((world, done) => world.rooms.create(guest, `garden${index}`, null, false, done));
  await house.ask((world, done) => void world.history.of(guest, 'user', 'nobody', null, 10, done));
  house.world.leave(guest, { type: 'left' });
  await house.settle();
  assert.deepEqual((await known()).length <= before.length, true, `${await known()}`);
});

test('WORLD-64 accounts that are made and do not come are not kept', async () => {
  const { house, known } = await polledHouse();
  const before = await known();
  for (const name of ['ann', 'ben', 'cleo']) await house.register(name);
  await house.settle();
  assert.deepEqual(await known(), before);
});

test('WORLD-64 a room stays known while it is shown to somebody, and the lobby always', () => {
  const forgotten: string[] = [];
  const known = new Known({
    ledger: { forget: (stream) => void forgotten.push(stream) },
    lobby: () => 1,
    forget: () => {},
    whenShown: (then) => then(),
  });
  known.hold(2);
  known.letGo(2);
  known.letGo(1);
  known.only(['directory', roomStream(1), roomStream(2), roomStream(3)], () => {})({ ok: true, value: null });
  assert.deepEqual(forgotten, [roomStream(3)]);
  known.release(2);
  assert.deepEqual(forgotten, [roomStream(3), roomStream(2)]);
});

test('WORLD-88 WORLD-80 a conversation that begins on one node is shown on the other, from its first message on', async () => {
  const { first, second } = await openTwo();
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
  assert.deepEqual(second.audience.joins, [{ person: ben, room, direct: true, position: 0, number: 0 }]);
});

test('WORLD-27 T12 an edit bears the name that its author has now', async () => {
  const house = await TestWorld.open();
  const mallory = await house.enter('celeb');
  const said = await house.post(mallory, 'hello');
  const id = said.ok ? said.value.id : '';
  await house.must((world, done) => world.rename(mallory, 'mallory', done));
  await house.enter('celeb');
  await house.must((world, done) => world.messages.edit(mallory, id, 'I, celeb', done));
  await house.settle();
  const shown = house.audience.of('message-edited');
  assert.deepEqual(
    shown.map(({ message }) => message.author.name),
    ['mallory'],
  );
  const read = await house.world.history.events(house.world.lobby, 0, 100);
  const authors = read.flatMap((event: Event) => ('message' in event ? [event.message.author.name] : []));
  assert.deepEqual([...new Set(authors)], ['mallory']);
});

test('WORLD-27 T12 the deletion of what a guest said who is gone does not look like somebody else', async () => {
  const house = await TestWorld.open();
  const gone = await house.enter('gonzo');
  const said = await house.post(gone, 'hello');
  const id = said.ok ? said.value.id : '';
  house.world.leave(gone, { type: 'left' });
  await house.settle();
  await house.enter('gonzo');
  await house.must((world, done) => world.messages.delete({ type: 'operator' }, id, done));
  await house.settle();
  assert.deepEqual(
    house.audience.of('message-deleted').map(({ message }) => message.author.name),
    ['gonzo~'],
  );
});

test('WORLD-20 T27 what waits for its room to be read is not said after its author was sent away', async () => {
  const { house, storage } = await polledHouse();
  const ann = await house.member('ann');
  const room = await house.group(ann, 'garden');
  house.world.known.release(room);
  const { promise, resolve } = Promise.withResolvers<void>();
  storage.until = promise;
  const said = house.post(ann, 'too late', room);
  house.world.leave(ann, { type: 'removed', reason: 'spam' });
  await house.settle();
  resolve();
  assert.deepEqual(await said, { ok: false, error: { type: 'not-allowed' } });
  assert.deepEqual((await house.storage.page(room, null, 10)).messages, []);
});
