import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TestWorld } from '../../../testing/world.ts';
import type { Actor } from '../engine/decide.ts';
import { roomStream } from '../model/ids.ts';
import type { Message } from '../model/message.ts';

const operator: Actor = { type: 'operator' };

async function openWith(...names: string[]) {
  const app = await TestWorld.open();
  const people = [];
  for (const name of names) people.push(await app.enter(name));
  return { app, people };
}

test('WORLD-01 WORLD-02 every message is one entry of its room, at the next position', async () => {
  const { app, people } = await openWith('alice');
  for (const text of ['one', 'two', 'three']) await app.post(people[0] ?? 0, text);
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
  const { app, people } = await openWith('alice', 'bob');
  const results = await Promise.all([
    app.post(people[0] ?? 0, 'a'),
    app.post(people[1] ?? 0, ' '),
    app.post(people[1] ?? 0, 'b'),
    app.post(people[0] ?? 0, '\u0000'),
    app.post(people[0] ?? 0, 'c'),
  ]);
  assert.deepEqual(
    results.map((result) => (result.ok ? result.value.number : result.error.type)),
    [1, 'bad-text', 2, 'bad-text', 3],
  );
});

test('WORLD-12 server time never goes back in a room, also when the clock does', async () => {
  const { app, people } = await openWith('alice');
  await app.post(people[0] ?? 0, 'now');
  app.clock.jump(-3_600_000);
  await app.post(people[0] ?? 0, 'an hour ago');
  const [first, second] = app.observer.ofType('message-posted').map(({ message }) => message.serverTime);
  assert.equal(second, first);
  app.clock.jump(7_200_000);
  await app.post(people[0] ?? 0, 'later');
  assert.ok((app.observer.ofType('message-posted')[2]?.message.serverTime ?? 0) > (first ?? 0));
});

test('WORLD-12 the clock may have gone back while the server was down', async () => {
  const { app, people } = await openWith('alice');
  const before = await app.must<Message>((world, done) =>
    world.messages.post(people[0] ?? 0, world.lobby, { text: 'x', clientTime: null }, done),
  );
  const again = await TestWorld.open({ storage: app.storage });
  again.clock.jump(-3_600_000);
  const person = await again.enter('alice');
  const after = await again.must<Message>((world, done) =>
    world.messages.post(person, world.lobby, { text: 'y', clientTime: null }, done),
  );
  assert.equal(after.serverTime, before.serverTime);
  assert.equal(after.number, before.number + 1);
});

test('WORLD-14 an unknown room is not found', async () => {
  const { app, people } = await openWith('alice');
  const notFound = { ok: false, error: { type: 'not-found' } };
  const mute = (room: number) => app.ask((world, done) => world.moderation.mute(operator, room, 'alice', null, done));
  assert.deepEqual(
    await app.ask((world, done) =>
      world.messages.post(people[0] ?? 0, 4711, { text: 'hello', clientTime: null }, done),
    ),
    notFound,
  );
  assert.deepEqual(await mute(4711), notFound);
  assert.equal((await mute(app.world.lobby)).ok, true);
});

test('WORLD-15 T12 only the author edits; the author is a person, not whoever bears the name', async () => {
  const { app, people } = await openWith('alice', 'bob');
  const [alice = 0, bob = 0] = people;
  const message = await app.must<Message>((world, done) =>
    world.messages.post(alice, world.lobby, { text: 'mine', clientTime: null }, done),
  );
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
  const { app, people } = await openWith('alice');
  const result = await app.ask((world, done) => world.messages.edit(people[0] ?? 0, 'no such message', 'text', done));
  assert.deepEqual(result, { ok: false, error: { type: 'not-found' } });
});

test('WORLD-16 an edit keeps id, number, author and times, and a deleted message cannot be edited', async () => {
  const { app, people } = await openWith('alice');
  const alice = people[0] ?? 0;
  const message = await app.must<Message>((world, done) =>
    world.messages.post(alice, world.lobby, { text: 'teh', clientTime: 42 }, done),
  );
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
  const { app, people } = await openWith('alice');
  const alice = people[0] ?? 0;
  const { id } = await app.must<Message>((world, done) =>
    world.messages.post(alice, world.lobby, { text: 'v0', clientTime: null }, done),
  );
  for (let edit = 1; edit <= 100; edit++)
    await app.must((world, done) => world.messages.edit(alice, id, `v${edit}`, done));
  assert.deepEqual(await app.ask((world, done) => world.messages.edit(alice, id, 'v101', done)), {
    ok: false,
    error: { type: 'too-many-edits' },
  });
});

test('WORLD-18 a deleted message keeps its number; its words are gone from the stream and the tables', async () => {
  const { app, people } = await openWith('alice', 'bob');
  const [alice = 0, bob = 0] = people;
  const { id } = await app.must<Message>((world, done) =>
    world.messages.post(alice, world.lobby, { text: 'secret one', clientTime: null }, done),
  );
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

test('WORLD-09 an old message is decided on as it stands, not as the room remembers it', async () => {
  const { app, people } = await openWith('alice');
  const alice = people[0] ?? 0;
  const { id } = await app.must<Message>((world, done) =>
    world.messages.post(alice, world.lobby, { text: 'old', clientTime: null }, done),
  );
  await app.must((world, done) => world.messages.delete(operator, id, done));
  for (let round = 0; round < 3; round++)
    await Promise.all(Array.from({ length: 100 }, (_, index) => app.post(alice, `m${round} ${index}`)));
  assert.deepEqual(await app.ask((world, done) => world.messages.edit(alice, id, 'again', done)), {
    ok: false,
    error: { type: 'not-found' },
  });
});

test('WORLD-09 an edit that is under way when the message is deleted finds it deleted', async () => {
  const { app, people } = await openWith('alice');
  const alice = people[0] ?? 0;
  const { id } = await app.must<Message>((world, done) =>
    world.messages.post(alice, world.lobby, { text: 'old', clientTime: null }, done),
  );
  const [deleted, edited] = await Promise.all([
    app.ask((world, done) => world.messages.delete(operator, id, done)),
    app.ask((world, done) => world.messages.edit(alice, id, 'again', done)),
  ]);
  assert.equal(deleted.ok, true);
  assert.deepEqual(edited, { ok: false, error: { type: 'not-found' } });
});

test('WORLD-20 T24 who is not present says nothing', async () => {
  const { app, people } = await openWith('alice');
  const alice = people[0] ?? 0;
  const { id } = await app.must<Message>((world, done) =>
    world.messages.post(alice, world.lobby, { text: 'x', clientTime: null }, done),
  );
  app.world.leave(alice, { type: 'left' });
  await app.settle();
  assert.deepEqual(await app.post(alice, 'ghost'), { ok: false, error: { type: 'not-allowed' } });
  assert.deepEqual(await app.ask((world, done) => world.messages.edit(alice, id, 'ghost', done)), {
    ok: false,
    error: { type: 'not-allowed' },
  });
});

test('WORLD-50 a world that stops refuses what is new and finishes what was begun', async () => {
  const { app, people } = await openWith('alice');
  const begun = app.post(people[0] ?? 0, 'last');
  const stopped = app.world.stop();
  assert.equal((await begun).ok, true);
  await stopped;
  assert.deepEqual(await app.post(people[0] ?? 0, 'too late'), { ok: false, error: { type: 'stopping' } });
  assert.deepEqual(await app.ask((world, done) => world.enter('bob', done)), {
    ok: false,
    error: { type: 'stopping' },
  });
});
