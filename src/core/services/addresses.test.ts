import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TestWorld } from '../../../testing/world.ts';
import type { ExpectedMessage } from '../commands/edit-message.ts';
import type { PersonId } from '../model/ids.ts';
import type { Message, MessageAddress } from '../model/message.ts';

const notFound = { ok: false, error: { type: 'not-found' } };
const conflict = { ok: false, error: { type: 'conflict' } };

async function opened() {
  const app = await TestWorld.open();
  const people: PersonId[] = [];
  for (const name of ['alice', 'bob', 'eve']) people.push(await app.member(name));
  const [alice = 0, bob = 0, eve = 0] = people;
  const room = await app.group(alice, 'cellar', true);
  const post = async (text: string) => {
    const posted = await app.post(alice, text, room);
    assert.ok(posted.ok);
    return posted.value;
  };
  const edit = (person: PersonId, address: MessageAddress, text: string, expected?: ExpectedMessage) =>
    app.ask<Message>((world, done) => world.messages.edit(person, address, text, done, expected && { expected }));
  const remove = (person: PersonId, address: MessageAddress) =>
    app.ask<Message>((world, done) =>
      world.messages.delete(world.actor(person) ?? { type: 'operator' }, address, done),
    );
  return { app, alice, bob, eve, room, post, edit, remove };
}

test('WORLD-166 a message is edited and deleted by its room and number as by its id', async () => {
  const { app, alice, room, post, edit, remove } = await opened();
  const [first, second] = [await post('one'), await post('two')];
  const edited = await edit(alice, { room, number: 1 }, 'uno');
  assert.ok(edited.ok);
  assert.deepEqual([edited.value.id, edited.value.text], [first.id, 'uno']);
  const deleted = await remove(alice, { room, number: 2 });
  assert.ok(deleted.ok);
  assert.deepEqual([deleted.value.id, deleted.value.deletedAt !== null], [second.id, true]);
  const { messages } = await app.storage.page(room, null, 10);
  assert.deepEqual(
    messages.map(({ text }) => text),
    ['uno', ''],
  );
});

test('WORLD-166 WORLD-15 WORLD-72 T25 by number too, what does not exist or may not be seen is not found', async () => {
  const { app, alice, bob, eve, room, post, edit, remove } = await opened();
  await post('one');
  await app.must((world, done) => world.relationships.set('block', bob, 'alice', true, done));
  const sent = await app.direct(alice, 'bob', 'hidden');
  assert.ok(sent.ok);
  const direct = sent.value.message.room;
  for (const [person, address] of [
    [alice, { room, number: 2 }],
    [alice, { room, number: 0 }],
    [alice, { room, number: -1 }],
    [alice, { room, number: 0.5 }],
    [alice, { room: 4711, number: 1 }],
    [eve, { room, number: 1 }],
    [bob, { room: direct, number: 1 }],
    [eve, { room: direct, number: 1 }],
  ] as const) {
    assert.deepEqual(await edit(person, address, 'mine'), notFound, JSON.stringify(address));
    assert.deepEqual(await edit(person, address, 'mine', { edits: 7, deleted: true }), notFound);
    assert.deepEqual(await remove(person, address), notFound, JSON.stringify(address));
  }
});

test('WORLD-165 an edit that expects another message than there is is a conflict, and changes nothing', async () => {
  const { app, alice, room, post, edit, remove } = await opened();
  const { id } = await post('one');
  const position = () => app.world.position(room);
  assert.equal((await edit(alice, id, 'two', { edits: 0, deleted: false })).ok, true);
  const before = position();
  for (const expected of [
    { edits: 0, deleted: false },
    { edits: 2, deleted: false },
    { edits: 1, deleted: true },
  ])
    assert.deepEqual(await edit(alice, id, 'three', expected), conflict, JSON.stringify(expected));
  assert.equal(position(), before);
  assert.equal((await edit(alice, { room, number: 1 }, 'three', { edits: 1, deleted: false })).ok, true);
  await remove(alice, id);
  assert.deepEqual(await edit(alice, id, 'four', { edits: 2, deleted: false }), conflict);
  assert.deepEqual(await edit(alice, id, 'four', { edits: 2, deleted: true }), notFound);
});

test('WORLD-165 WORLD-03 of two edits at once that expect the same message one is done and one is a conflict', async () => {
  const { app, alice, room, post, edit } = await opened();
  const { id } = await post('one');
  const expected = { edits: 0, deleted: false };
  const results = await Promise.all([edit(alice, id, 'a', expected), edit(alice, id, 'b', expected)]);
  assert.deepEqual(
    results.filter(({ ok }) => !ok),
    [conflict],
  );
  const found = await app.storage.page(room, null, 1);
  assert.equal(found.messages[0]?.edits.length, 1);
});
