import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../../../testing/clock.ts';
import { type DocumentsClient, DocumentsScene, type Json, PASSWORD } from '../../../testing/documents.ts';
import { GatedStorage } from '../../../testing/storage/gated.ts';
import type { Key } from './schema.ts';

const DAY = 24 * 60 * 60_000;

async function garden() {
  const clock = new FakeClock();
  const storage = new GatedStorage(clock);
  const scene = await DocumentsScene.open({ clock, storage });
  const [toto, bob] = [await scene.member('toto'), await scene.member('bob')];
  const room = await toto.add<'room'>(toto.rooms, { key: { type: 'room' }, name: 'Den', members: [{ key: bob.user }] });
  return { clock, storage, scene, toto, bob, room };
}

/** The connection is lost, and the session goes on on another one, of the same server or another one. */
async function resumed(scene: DocumentsScene, lost: DocumentsClient): Promise<DocumentsClient> {
  await lost.drop();
  const client = scene.client();
  await client.resume(lost);
  return client;
}

const request = (id: string, cls: string, data: Json) => ({ type: 'request', id, cls, data });
const text = (words: string) => ({ key: { type: 'msg' }, text: words });
const textsIn = async (client: DocumentsClient, room: Key) =>
  (await client.children(room, { view: 'asc' })).map((entry) => entry.text);

test('DOC-224 CONN-150 CONN-151 CONN-152 a message that comes again on a later connection is posted once; on one connection, or with other data, it is new', async () => {
  const { scene, toto, room } = await garden();
  const say = (id: string, words: string) => request(id, 'add_child', { key: room, obj: text(words) });
  const first = await toto.send(say('1', 'hi!'), say('1', 'hi!'), say('2', 'two'));
  const again = await resumed(scene, toto);
  assert.deepEqual(await again.send(say('1', 'hi!'), say('1', 'hi!'), say('2', 'two')), first);
  assert.deepEqual(await textsIn(again, room), ['hi!', 'hi!', 'two']);
  await again.send(say('1', 'hi!'), say('2', 'other'));
  assert.deepEqual(await textsIn(again, room), ['hi!', 'hi!', 'two', 'hi!', 'other']);
  const third = await resumed(scene, again);
  assert.deepEqual(await third.send(say('1', 'hi!'), say('2', 'other')), [
    first[0],
    { ...first[0], id: '2', data: { key: { type: 'msg', id: [room.id, 5] } } },
  ]);
  assert.equal((await textsIn(third, room)).length, 5);
});

test('DOC-224 DOC-225 CONN-150 CONN-154 what was done before the server was killed is not done again, for each kind of request', async () => {
  const { clock, storage, scene, toto, bob, room } = await garden();
  const old = await toto.add<'msg'>(room, text('old'));
  const later = await toto.add<'msg'>(room, text('to be deleted'));
  const ver = await toto.version(room);
  const requests = [
    request('a', 'add_child', { key: room, obj: text('new') }),
    request('b', 'add_child', { key: toto.rooms, obj: { key: { type: 'room' }, name: 'Shed' } }),
    request('c', 'add_child', { key: toto.rooms, obj: { key: { type: 'room' }, members: [{ key: bob.user }] } }),
    request('d', 'add_child', { key: toto.fav, obj: { key: bob.user } }),
    request('e', 'add_child', { key: room, obj: { ...text('an answer'), reply_to: old } }),
    request('f', 'remove_child', { key: room, obj: { key: later } }),
    request('g', 'remove_child', { key: { type: 'members', id: room.id }, obj: { key: bob.user } }),
    request('h', 'patch_content', { key: room, ver, patch: [{ op: 'replace', path: '/name', value: 'Garden' }] }),
    request('i', 'patch_content', { key: old, ver: null, patch: [{ op: 'replace', path: '/text', value: 'edited' }] }),
    request('j', 'patch_content', { key: toto.user, ver: null, patch: { op: 'add', path: '/first_name', value: 'T' } }),
  ];
  const answers = await toto.send(...requests);
  assert.deepEqual(
    answers.map(({ status }) => status),
    requests.map(() => 200),
  );
  const changeBack = async (client: DocumentsClient) => {
    await client.patch(room, { name: 'Den' });
    await client.ask('add_child', { key: { type: 'members', id: room.id }, obj: { key: bob.user } });
    await client.ask('remove_child', { key: toto.fav, obj: { key: bob.user } });
    await client.patch(old, { text: 'edited again' });
    await client.patch(toto.user, { first_name: 'Other' });
  };
  const stateOf = async (client: DocumentsClient) => [
    await client.content(room),
    await client.children(room),
    (await client.children({ type: 'members', id: room.id })).map(({ key }) => key),
    (await client.children(client.rooms)).length,
    await client.children(client.fav),
    (await client.content(client.user)).first_name,
  ];
  const other = scene.client();
  await other.login({ username: 'toto', password: PASSWORD });
  await changeBack(other);
  await other.drop();
  clock.advance(20_000);
  const before = await stateOf(await resumed(scene, toto));
  const same = await resumed(scene, toto);
  assert.deepEqual(await same.send(...requests), answers);
  assert.deepEqual(await stateOf(same), before);
  const after = await DocumentsScene.open({ clock, storage });
  const killed = after.client();
  await killed.resume(toto);
  const repeated = await killed.send(...requests);
  assert.deepEqual(repeated.slice(0, 7), answers.slice(0, 7));
  for (const { status, data } of repeated.slice(7)) assert.deepEqual([status, data], [200, { ver: ['', 0] }]);
  assert.deepEqual(await stateOf(killed), before);
});

test('DOC-224 WORLD-211 a status is not set again, and a refused request is judged anew', async () => {
  const { scene, toto, bob, room } = await garden();
  const busy = request('1', 'patch_content', {
    key: toto.user,
    patch: { op: 'add', path: '/presence', value: 'busy' },
  });
  const rename = request('2', 'patch_content', { key: room, patch: { op: 'replace', path: '/name', value: 'Shed' } });
  const [done] = await toto.send(busy);
  const [refused] = await bob.send(rename);
  assert.deepEqual([done?.status, refused?.status], [200, 403]);
  const other = scene.client();
  await other.login({ username: 'toto', password: PASSWORD });
  await other.patch(toto.user, { presence: 'away' });
  const again = await resumed(scene, toto);
  assert.deepEqual(await again.send(busy), [done]);
  assert.equal((await again.content(toto.user)).presence, 'away');
  await again.patch({ type: 'member', id: [room.id, bob.id] }, { role: 'moderator' });
  const [granted] = await (await resumed(scene, bob)).send(rename);
  assert.equal(granted?.status, 200);
});

test('DOC-224 CONN-153 a request that is not committed yet when it comes again is done once', async () => {
  const { storage, scene, toto, room } = await garden();
  const say = request('1', 'add_child', { key: room, obj: text('hi!') });
  storage.gated = true;
  assert.deepEqual(await toto.send(say), []);
  await toto.drop();
  const again = scene.client();
  const resuming = again.send(request('2', 'reconnect', { session: toto.session.session }), say);
  storage.gated = false;
  storage.release();
  const [answer, posted] = await resuming.then(async (early) => [...early, ...(await again.send())]);
  assert.deepEqual([answer?.status, posted?.data], [200, { key: { type: 'msg', id: [room.id, 1] } }]);
  assert.deepEqual(await textsIn(again, room), ['hi!']);
});

test('DOC-224 CONN-150 a day later the same request is a new one', async () => {
  const { clock, scene, toto, room } = await garden();
  const say = request('1', 'add_child', { key: room, obj: text('hi!') });
  await toto.send(say);
  const stay = async (lost: DocumentsClient) => {
    const next = await resumed(scene, lost);
    clock.advance(20 * 60_000);
    return next;
  };
  let client = toto;
  for (let passed = 0; passed < DAY; passed += 20 * 60_000) client = await stay(client);
  await client.send(say);
  assert.deepEqual(await textsIn(client, room), ['hi!', 'hi!']);
});

test('DOC-224 a guest who registers may send that again', async () => {
  const { scene } = await garden();
  const gus = await scene.guest('gus');
  const register = request('1', 'register', { username: 'gus', password: PASSWORD });
  const [first] = await gus.send(register);
  assert.equal(first?.status, 201);
  const again = await resumed(scene, gus);
  assert.deepEqual(await again.send(register), [first]);
});
