import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileInfo } from '../../../testing/storage/samples.ts';
import { TestWorld } from '../../../testing/world.ts';
import type { Upload } from '../model/file.ts';
import { type PersonId, personStream, type RoomId, roomStream } from '../model/ids.ts';
import type { Message, MessageAddress } from '../model/message.ts';

const NOT_FOUND = { ok: false, error: { type: 'not-found' } };
const addressOf = (id: string) => fileInfo(id).address;
const lineOf = (id: string) => `cat.png: http://a${addressOf(id)}`;

/** A world in which the accounts alice and bob are in a group; alice has uploaded the files `a` and `b`. */
async function scene() {
  const app = await TestWorld.open();
  const alice = await app.member('alice');
  const bob = await app.member('bob');
  const room = await app.group(alice, 'garden');
  await app.must<RoomId>((world, done) => world.rooms.join(bob, room, done));
  const upload = (person: PersonId, id: string) =>
    app.ask<Upload>((world, done) => world.files.add(person, fileInfo(id), done));
  for (const id of ['a', 'b']) assert.ok((await upload(alice, id)).ok);
  const post = (person: PersonId, id: string, text = '', more = {}) =>
    app.ask<Message>((world, done) =>
      world.messages.post(person, room, { text, clientTime: null, file: addressOf(id), ...more }, done),
    );
  const edit = (number: number, text: string) =>
    app.must<Message>((world, done) => world.messages.edit(alice, { room, number }, text, done));
  const remove = (address: MessageAddress) =>
    app.must<Message>((world, done) => world.messages.delete({ type: 'operator' }, address, done));
  const keptOf = async (person: PersonId) => JSON.stringify(await app.storage.entries(personStream(person), 0, 1_000));
  return { app, alice, bob, room, upload, post, edit, remove, keptOf };
}

test('WORLD-240 WORLD-242 a message carries a file, and says in its last line where it is', async () => {
  const { alice, room, post, app } = await scene();
  const bare = await post(alice, 'a');
  assert.ok(bare.ok);
  assert.deepEqual([bare.value.text, bare.value.file], [lineOf('a'), fileInfo('a')]);
  const captioned = await post(alice, 'b', 'look at\nthis');
  assert.equal(captioned.ok && captioned.value.text, `look at\nthis\n${lineOf('b')}`);
  const { messages } = await app.storage.page(room, null, 9);
  assert.deepEqual(
    messages.map(({ file }) => file?.id),
    ['a', 'b'],
  );
});

test('WORLD-240 of all who post one file at once one does, and nobody after that', async () => {
  const { app, alice, room, post } = await scene();
  const other = await app.group(alice, 'house');
  const elsewhere = app.ask<Message>((world, done) =>
    world.messages.post(alice, other, { text: '', clientTime: null, file: addressOf('a') }, done),
  );
  const results = await Promise.all([post(alice, 'a'), elsewhere, post(alice, 'a')]);
  const refused = results.filter(({ ok }) => !ok);
  assert.deepEqual(refused, [NOT_FOUND, NOT_FOUND]);
  assert.deepEqual(await post(alice, 'a'), NOT_FOUND);
  const pages = await Promise.all([room, other].map((each) => app.storage.page(each, null, 9)));
  assert.equal(pages.flatMap(({ messages }) => messages).length, 1);
});

test('WORLD-241 a file of somebody else, and one that there is not, is not found', async () => {
  const { bob, alice, post } = await scene();
  assert.deepEqual(await post(bob, 'a'), NOT_FOUND);
  assert.deepEqual(await post(alice, 'none'), NOT_FOUND);
  assert.equal((await post(alice, 'a')).ok, true);
});

test('WORLD-242 the rules of texts hold for the whole; a refused message leaves its file', async () => {
  const { alice, post } = await scene();
  const fits = 'x'.repeat(16_384 - lineOf('a').length - 1);
  const tooLong = await post(alice, 'a', `${fits}x`);
  assert.deepEqual(tooLong, { ok: false, error: { type: 'bad-text', problem: 'too-long' } });
  assert.equal((await post(alice, 'a', fits)).ok, true);
});

test('WORLD-243 guests upload nothing, and accounts at most 100 files that wait', async () => {
  const { app, alice, upload, post } = await scene();
  const guest = await app.enter('guest');
  assert.deepEqual(await upload(guest, 'g'), { ok: false, error: { type: 'guest' } });
  for (let count = 3; count <= 100; count++) assert.ok((await upload(alice, `file ${count}`)).ok);
  assert.deepEqual(await upload(alice, 'more'), { ok: false, error: { type: 'too-many', what: 'uploads' } });
  assert.ok((await post(alice, 'a')).ok);
  assert.ok((await upload(alice, 'more')).ok);
});

test('WORLD-244 an edit keeps the file and its line', async () => {
  const { alice, edit, post } = await scene();
  await post(alice, 'a', 'first');
  const changed = await edit(1, 'second');
  assert.deepEqual([changed.text, changed.file], [`second\n${lineOf('a')}`, fileInfo('a')]);
  const whole = `third\n${lineOf('a')}`;
  assert.equal((await edit(1, whole)).text, whole);
  assert.equal((await edit(1, '')).text, lineOf('a'));
});

test('WORLD-245 with a deleted message goes its file, from everywhere', async () => {
  const { app, alice, room, edit, post, remove, keptOf } = await scene();
  await post(alice, 'a', 'first', { nonce: 'n' });
  await edit(1, 'second');
  assert.equal((await app.storage.file('a'))?.name, 'cat.png');
  assert.equal((await remove({ room, number: 1 })).file, undefined);
  assert.equal(await app.storage.file('a'), null);
  assert.equal(await app.storage.fileBytes(alice), 9);
  const { messages } = await app.storage.page(room, null, 9);
  const entries = await app.storage.entries(roomStream(room), 0, 99);
  const kept = await app.storage.keptResult(`post/${alice}`, 'n');
  assert.doesNotMatch(JSON.stringify([messages, entries, kept]), /cat\.png|digest of a/);
  assert.ok(kept !== null && messages.length === 1);
  assert.doesNotMatch(await keptOf(alice), /digest of a/);
});

test('WORLD-246 nothing of an upload that was sent or dropped stays in its person’s stream', async () => {
  const { app, alice, post, keptOf } = await scene();
  assert.match(await keptOf(alice), /digest of a.*digest of b/);
  await post(alice, 'a');
  const drop = (id: string) => app.must((world, done) => world.files.drop({ person: alice, id }, done));
  await drop('b');
  assert.doesNotMatch(await keptOf(alice), /cat\.png|digest of/);
  assert.equal(await app.storage.file('b'), null);
  assert.deepEqual(await post(alice, 'b'), NOT_FOUND);
  const { position } = await app.storage.load(personStream(alice));
  for (const id of ['a', 'b', 'none']) await drop(id);
  assert.equal((await app.storage.load(personStream(alice))).position, position);
  assert.equal((await app.storage.file('a'))?.id, 'a', 'a message names it');
});

test('WORLD-247 the uploads of a deleted account end with it, its files stay with their messages', async () => {
  const { app, alice, post, upload, keptOf } = await scene();
  await post(alice, 'a');
  await app.ask((world, done) => void world.deletions.delete('alice', false, done));
  assert.deepEqual([(await app.storage.file('a'))?.id, await app.storage.file('b')], ['a', null]);
  assert.doesNotMatch(await keptOf(alice), /cat\.png|digest of/);
  assert.deepEqual(await upload(alice, 'c'), { ok: false, error: { type: 'guest' } });
  await app.ask((world, done) => void world.deletions.delete('alice', true, done));
  assert.equal(await app.storage.file('a'), null);
});

test('WORLD-240 WORLD-06 a message that storage refuses leaves its file to be sent', async () => {
  const { app, alice, post } = await scene();
  const append = app.storage.append.bind(app.storage);
  app.storage.append = async (batch) => batch.map(() => ({ type: 'unavailable', reason: 'the test wants it' }));
  assert.deepEqual(await post(alice, 'a'), { ok: false, error: { type: 'unavailable' } });
  app.storage.append = append;
  assert.equal((await post(alice, 'a')).ok, true);
});
