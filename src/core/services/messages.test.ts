import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryBus } from '../../bus/memory/bus.ts';
import { MemoryNames } from '../../storage/memory/names.ts';
import { FakeClock } from '../../../testing/clock.ts';
import { countingIds } from '../../../testing/ids.ts';
import { GatedStorage } from '../../../testing/storage/gated.ts';
import { TestWorld } from '../../../testing/world.ts';
import type { Actor } from '../engine/decide.ts';
import { type PersonId, roomStream } from '../model/ids.ts';
import type { Message } from '../model/message.ts';

const operator: Actor = { type: 'operator' };
const YEAR = 365 * 86_400_000;

async function openWith(...names: string[]) {
  const app = await TestWorld.open();
  const people: PersonId[] = [];
  for (const name of names) people.push(await app.enter(name));
  const [alice = 0, bob = 0] = people;
  return { app, alice, bob };
}

function post(app: TestWorld, person: PersonId, text: string, clientTime: number | null = null): Promise<Message> {
  return app.must<Message>((world, done) => world.messages.post(person, world.lobby, { text, clientTime }, done));
}

test('WORLD-01 WORLD-02 every message is one entry of its room, at the next position', async () => {
  const { app, alice } = await openWith('alice');
  for (const text of ['one', 'two', 'three']) await app.post(alice, text);
  const entries = await app.storage.entries(roomStream(app.world.lobby), 0, 100);
  assert.deepEqual(
    entries.map(({ position, body }) => [position, body.type]),
    [
      [1, 'room-created'],
      [2, 'message-posted'],
      [3, 'message-posted'],
      [4, 'message-posted'],
    ],
  );
});

test('WORLD-11 messages are numbered 1, 2, 3 without gaps, whatever is refused between them', async () => {
  const { app, alice, bob } = await openWith('alice', 'bob');
  const results = await Promise.all([
    app.post(alice, 'a'),
    app.post(bob, ' '),
    app.post(bob, 'b'),
    app.post(alice, '\u0000'),
    app.post(alice, 'c'),
  ]);
  assert.deepEqual(
    results.map((result) => (result.ok ? result.value.number : result.error.type)),
    [1, 'bad-text', 2, 'bad-text', 3],
  );
});

test('WORLD-11 WORLD-12 a clock that was wrong for one message marks no other, and the order is the number', async () => {
  for (const wrong of [3_600_000, -3_600_000, 10 * YEAR, -10 * YEAR]) {
    const { app, alice } = await openWith('alice');
    const start = app.clock.now();
    await post(app, alice, 'before');
    app.clock.jump(wrong);
    await post(app, alice, 'wrong');
    app.clock.jump(-wrong);
    await post(app, alice, 'after');
    app.clock.advance(5);
    await post(app, alice, 'later');
    const { messages } = await app.world.history.page(app.world.lobby, null, 10);
    assert.deepEqual(
      messages.map(({ number, text, serverTime }) => [number, text, serverTime - start]),
      [
        [1, 'before', 0],
        [2, 'wrong', wrong],
        [3, 'after', 0],
        [4, 'later', 5],
      ],
    );
    const entries = await app.storage.entries(roomStream(app.world.lobby), 0, 10);
    assert.deepEqual(
      entries.filter(({ body }) => body.type === 'message-posted').map(({ body }) => body.at - start),
      [0, wrong, 0, 5],
    );
  }
});

test('WORLD-12 server time is that of the clock, also when it was wrong before the server started', async () => {
  const { app, alice } = await openWith('alice');
  app.clock.jump(10 * YEAR);
  const before = await post(app, alice, 'x');
  const again = await TestWorld.open({ storage: app.storage });
  const person = await again.enter('alice');
  const after = await post(again, person, 'y');
  assert.equal(after.serverTime, again.clock.now());
  assert.equal(before.serverTime - after.serverTime, 10 * YEAR);
  assert.equal(after.number, before.number + 1);
});

test('WORLD-12 WORLD-16 a frozen clock gives the same time, and an edit or a deletion has the time of the clock then', async () => {
  const { app, alice } = await openWith('alice');
  const [first, second] = [await post(app, alice, 'a'), await post(app, alice, 'b')];
  assert.deepEqual([second.serverTime, second.number], [first.serverTime, first.number + 1]);
  app.clock.jump(-YEAR);
  const edited = await app.must<Message>((world, done) => world.messages.edit(alice, first.id, 'c', done));
  assert.deepEqual([edited.serverTime, edited.editedAt], [first.serverTime, app.clock.now()]);
  const deleted = await app.must<Message>((world, done) => world.messages.delete(operator, first.id, done));
  assert.deepEqual([deleted.serverTime, deleted.deletedAt], [first.serverTime, app.clock.now()]);
});

test('WORLD-14 an unknown room is not found', async () => {
  const { app, alice } = await openWith('alice');
  const notFound = { ok: false, error: { type: 'not-found' } };
  const mute = (room: number) => app.ask((world, done) => world.moderation.mute(operator, room, 'alice', null, done));
  assert.deepEqual(await app.post(alice, 'hello', 4711), notFound);
  assert.deepEqual(await mute(4711), notFound);
  assert.equal((await mute(app.world.lobby)).ok, true);
});

test('WORLD-15 T12 only the author edits; the author is a person, not the holder of the name', async () => {
  const { app, alice, bob } = await openWith('alice', 'bob');
  const message = await post(app, alice, 'mine');
  assert.deepEqual(await app.ask((world, done) => world.messages.edit(bob, message.id, 'his', done)), {
    ok: false,
    error: { type: 'not-allowed' },
  });
  app.world.leave(alice, { type: 'left' });
  await app.settle();
  const other = await app.enter('alice');
  assert.deepEqual(await app.ask((world, done) => world.messages.edit(other, message.id, 'hers', done)), {
    ok: false,
    error: { type: 'not-allowed' },
  });
  const page = await app.world.history.page(app.world.lobby, null, 10);
  assert.equal(page.messages[0]?.text, 'mine');
});

test('WORLD-15 an unknown message is not found', async () => {
  const { app, alice } = await openWith('alice');
  const result = await app.ask((world, done) => world.messages.edit(alice, 'no such message', 'text', done));
  assert.deepEqual(result, { ok: false, error: { type: 'not-found' } });
});

test('WORLD-99 a message is edited, deleted and read before by its id in upper case', async () => {
  const app = await TestWorld.open({ ids: countingIds(0xabcd) });
  const alice = await app.enter('alice');
  const first = await post(app, alice, 'first');
  const { id } = await post(app, alice, 'second');
  const upper = id.toUpperCase();
  assert.notEqual(upper, id);
  const { lobby } = app.world;
  const page = await app.must<{ messages: readonly Message[] }>((world, done) =>
    world.history.read(alice, lobby, upper, 10, done),
  );
  assert.deepEqual(
    page.messages.map((message) => message.id),
    [first.id],
  );
  const edited = await app.must<Message>((world, done) => world.messages.edit(alice, upper, 'new', done));
  assert.deepEqual([edited.id, edited.text], [id, 'new']);
  const deleted = await app.must<Message>((world, done) => world.messages.delete(operator, upper, done));
  assert.equal(deleted.id, id);
});

test('WORLD-16 an edit keeps everything but the text, and a deleted message cannot be edited', async () => {
  const { app, alice } = await openWith('alice');
  const message = await post(app, alice, 'teh', 42);
  app.clock.jump(5_000);
  const edited = await app.must<Message>((world, done) => world.messages.edit(alice, message.id, 'the', done));
  assert.deepEqual(edited, {
    ...message,
    text: 'the',
    editedAt: message.serverTime + 5_000,
    edits: [message.position + 1],
  });
  await app.must((world, done) => world.messages.delete(operator, message.id, done));
  assert.deepEqual(await app.ask((world, done) => world.messages.edit(alice, message.id, 'back', done)), {
    ok: false,
    error: { type: 'not-found' },
  });
});

test('WORLD-17 a message is edited at most 100 times', async () => {
  const { app, alice } = await openWith('alice');
  const { id } = await post(app, alice, 'v0');
  for (let edit = 1; edit <= 100; edit++)
    await app.must((world, done) => world.messages.edit(alice, id, `v${edit}`, done));
  assert.deepEqual(await app.ask((world, done) => world.messages.edit(alice, id, 'v101', done)), {
    ok: false,
    error: { type: 'too-many-edits' },
  });
});

test('WORLD-18 a deleted message keeps its number; its text is gone from the stream and the tables', async () => {
  const { app, alice, bob } = await openWith('alice', 'bob');
  const { id } = await post(app, alice, 'secret one');
  await app.must((world, done) => world.messages.edit(alice, id, 'secret two', done));
  const byBob: Actor = { type: 'person', person: { id: bob, name: 'bob' }, skeleton: 'bob', role: null };
  assert.deepEqual(await app.ask((world, done) => world.messages.delete(byBob, id, done)), {
    ok: false,
    error: { type: 'not-allowed' },
  });
  const byAlice: Actor = { type: 'person', person: { id: alice, name: 'alice' }, skeleton: 'alice', role: null };
  await app.must((world, done) => world.messages.delete(byAlice, id, done));
  const after = app.world.position(app.world.lobby);
  const again = await app.must<Message>((world, done) => world.messages.delete(operator, id, done));
  assert.equal(app.world.position(app.world.lobby), after, 'deleting again writes nothing');
  assert.equal(again.text, '');
  assert.equal(again.number, 1);
  const entries = await app.storage.entries(roomStream(app.world.lobby), 0, 100);
  const page = await app.storage.page(app.world.lobby, null, 10);
  assert.doesNotMatch(JSON.stringify([entries, page]), /secret/);
});

test('WORLD-09 a message that the room no longer has in memory is decided on as it stands in storage', async () => {
  const { app, alice } = await openWith('alice');
  const { id } = await post(app, alice, 'old');
  await app.must((world, done) => world.messages.delete(operator, id, done));
  for (let round = 0; round < 3; round++)
    await Promise.all(Array.from({ length: 100 }, (_, index) => app.post(alice, `m${round} ${index}`)));
  assert.deepEqual(await app.ask((world, done) => world.messages.edit(alice, id, 'again', done)), {
    ok: false,
    error: { type: 'not-found' },
  });
});

test('WORLD-09 an edit that is under way when the message is deleted is refused', async () => {
  const { app, alice } = await openWith('alice');
  const { id } = await post(app, alice, 'old');
  const [deleted, edited] = await Promise.all([
    app.ask((world, done) => world.messages.delete(operator, id, done)),
    app.ask((world, done) => world.messages.edit(alice, id, 'again', done)),
  ]);
  assert.equal(deleted.ok, true);
  assert.deepEqual(edited, { ok: false, error: { type: 'not-found' } });
});

test('WORLD-09 an edit that waits is decided again on what is stored when another node has written more than stays in memory', async () => {
  const [clock, bus] = [new FakeClock(), new MemoryBus()];
  const names = new MemoryNames(clock);
  const storage = new GatedStorage(clock);
  const app = await TestWorld.open({ clock, names, storage, bus: bus.join(), ids: countingIds(1) });
  const other = await TestWorld.open({ clock, names, storage: storage.join(), bus: bus.join(), ids: countingIds(2) });
  const [alice, bob] = [await app.member('alice'), await other.enter('bob')];
  const garden = await app.group(alice, 'garden');
  const { id } = await post(app, alice, 'old');
  storage.gated = true;
  const waitedFor = app.post(alice, 'flowers', garden);
  await app.settle();
  const edited = app.ask<Message>((world, done) => world.messages.edit(alice, id, 'new', done));
  await app.settle();
  for (let round = 0; round < 6; round++)
    await Promise.all(Array.from({ length: 100 }, (_, index) => other.post(bob, `m${round} ${index}`)));
  assert.equal(app.world.position(app.world.lobby), other.world.position(other.world.lobby));
  storage.gated = false;
  storage.release();
  assert.equal((await waitedFor).ok, true);
  const result = await edited;
  assert.equal(result.ok && result.value.text, 'new');
  assert.equal((await storage.message(id))?.text, 'new');
});

test('WORLD-20 T24 a person who is not present posts and edits nothing', async () => {
  const { app, alice } = await openWith('alice');
  const { id } = await post(app, alice, 'x');
  app.world.leave(alice, { type: 'left' });
  await app.settle();
  assert.deepEqual(await app.post(alice, 'ghost'), { ok: false, error: { type: 'not-allowed' } });
  assert.deepEqual(await app.ask((world, done) => world.messages.edit(alice, id, 'ghost', done)), {
    ok: false,
    error: { type: 'not-allowed' },
  });
});

test('WORLD-50 a world that stops refuses new people and commands and finishes those that were begun', async () => {
  const { app, alice } = await openWith('alice');
  const begun = app.post(alice, 'last');
  const stopped = app.world.stop();
  assert.equal((await begun).ok, true);
  await stopped;
  assert.deepEqual(await app.post(alice, 'too late'), { ok: false, error: { type: 'stopping' } });
  assert.deepEqual(await app.ask((world, done) => world.enter('bob', done)), {
    ok: false,
    error: { type: 'stopping' },
  });
});
