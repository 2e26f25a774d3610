import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DocumentsScene } from '../../../../testing/documents.ts';
import type { Key } from '../schema.ts';

const newRoom = { key: { type: 'room' } };
const newMessage = (text: string) => ({ key: { type: 'msg' }, text });
const replace = (path: string, value: unknown) => ({ op: 'replace', path, value });

async function scene() {
  const all = await DocumentsScene.open();
  const [toto, bob] = [await all.member('toto'), await all.member('bob')];
  const room = await toto.add<'room'>(toto.rooms, { ...newRoom, name: 'Garden', members: [{ key: bob.user }] });
  const msg = await toto.add<'msg'>(room, newMessage('hi!'));
  return { all, toto, bob, room, msg };
}

test('DOC-120 DOC-123 status and presence change as in the document, and the answer has the new version', async () => {
  const { toto, bob } = await scene();
  const ver = await toto.version(toto.user);
  const patch = [replace('/status', 'Not Here'), replace('/presence', 'busy')];
  const answer = await toto.ask('patch_content', { key: toto.user, ver, patch });
  assert.deepEqual(answer.data, { ver: await toto.version(toto.user) });
  const { presence, status } = await bob.content(toto.user);
  assert.deepEqual([presence, status], ['busy', 'Not Here']);
  const changed = await toto.ask('get_content', { key: toto.user, ver });
  assert.deepEqual(changed.data?.patch, [replace('/presence', 'busy'), replace('/status', 'Not Here')]);
});

test('DOC-121 a version that is not current is a conflict, as in the document, and changes nothing', async () => {
  const { toto, room, msg } = await scene();
  const docs: [Key, string, unknown][] = [
    [toto.user, '/status', 'x'],
    [toto.user, '/display_name', 'Tot'],
    [msg, '/text', 'hello'],
    [room, '/name', 'Shed'],
    [{ type: 'member', id: [room.id, toto.id] }, '/muted_until', 5],
  ];
  for (const [key, path, value] of docs) {
    const current = (await toto.version(key)) as [string, number];
    const before = await toto.content(key);
    for (const ver of [
      ['another', current[1]],
      [current[0], current[1] + 1],
    ]) {
      const answer = await toto.ask('patch_content', { key, ver, patch: replace(path, value) });
      assert.deepEqual([answer.status, answer.data], [409, { code: 4090630, msg: 'Version Conflict' }], path);
      assert.deepEqual([await toto.content(key), await toto.version(key)], [before, current]);
    }
  }
});

test('DOC-121 of two patches with one version the second is a conflict, whichever fields they change', async () => {
  const { toto, room, msg } = await scene();
  for (const [key, first, second] of [
    [toto.user, replace('/status', 'one'), replace('/first_name', 'Foo')],
    [toto.user, replace('/last_name', 'Bar'), replace('/status', 'two')],
    [msg, replace('/text', 'one'), replace('/text', 'two')],
    [room, replace('/name', 'one'), replace('/name', 'two')],
  ] as const) {
    const ver = await toto.version(key);
    const request = (patch: object) => ({ type: 'request', id: 'x', cls: 'patch_content', data: { key, ver, patch } });
    const answers = await toto.send(request(first), request(second));
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 409],
      first.path,
    );
  }
});

test('DOC-121 a message in a room does not make the version of its name old', async () => {
  const { toto, room } = await scene();
  const ver = await toto.version(room);
  await toto.add(room, newMessage('again'));
  assert.equal((await toto.ask('patch_content', { key: room, ver, patch: replace('/name', 'Shed') })).status, 200);
  assert.equal((await toto.ask('patch_content', { key: room, ver, patch: replace('/name', 'Hut') })).status, 409);
  assert.equal((await toto.content(room)).name, 'Shed');
});

test('DOC-122 a patch that changes nothing is accepted and leaves the version', async () => {
  const { toto, msg } = await scene();
  for (const [key, patch] of [
    [toto.user, []],
    [toto.user, replace('/presence', 'online')],
    [msg, { op: 'test', path: '/text', value: 'hi!' }],
  ] as const) {
    const ver = await toto.version(key);
    assert.deepEqual((await toto.ask('patch_content', { key, ver, patch })).data, { ver });
  }
});

test('DOC-54 DOC-123 CONN-125 T5 what nobody may write is forbidden, and a failed patch leaves version and content', async () => {
  const { all, toto, bob, room, msg } = await scene();
  const guest = await all.guest('gus');
  const refusals: [typeof toto, Key, object | object[], number][] = [
    [toto, toto.user, replace('/connected', false), 4030640],
    [toto, toto.user, [replace('/status', 'x'), replace('/username', 'y')], 4030640],
    [toto, toto.user, [replace('/status', 'x'), { op: 'test', path: '/presence', value: 'away' }], 4090630],
    [toto, toto.user, [replace('/status', 'x'), replace('/presence', 'asleep')], 4000600],
    [toto, toto.user, [replace('/status', 'x'), replace('/display_name', 'bob')], 4090630],
    [toto, toto.user, [replace('/status', 'a\nb'), replace('/first_name', 'Foo')], 4000600],
    [toto, toto.user, replace('/status', 5), 4000600],
    [bob, toto.user, replace('/status', 'x'), 4030640],
    [guest, guest.user, replace('/display_name', 'Gus'), 4030640],
    [bob, room, replace('/name', 'Shed'), 4030640],
    [toto, room, replace('/open', true), 4030640],
    [bob, msg, replace('/text', 'x'), 4030640],
    [toto, msg, replace('/read', true), 4030640],
    [bob, msg, replace('/read', 'yes'), 4000600],
    [toto, msg, replace('/text', ' '), 4000600],
    [toto, { type: 'fav', id: toto.id }, { op: 'add', path: '/x', value: 1 }, 4030640],
    [toto, { type: 'unit', id: 1 }, replace('/name', 'x'), 4030640],
    [guest, room, replace('/name', 'x'), 4040620],
    [guest, msg, replace('/text', 'x'), 4040620],
  ];
  for (const [client, key, patch, code] of refusals) {
    const owner = key.type === 'room' || key.type === 'msg' ? toto : client;
    const before = [await owner.content(key), await owner.version(key)];
    assert.equal(await client.status('patch_content', { key, ver: null, patch }), code, JSON.stringify([key, patch]));
    assert.deepEqual([await owner.content(key), await owner.version(key)], before, JSON.stringify([key, patch]));
  }
});

test('DOC-124 DOC-125 a moderator renames the room, an author edits the text, and all others see it', async () => {
  const { toto, bob, room, msg } = await scene();
  assert.equal(
    (await toto.ask('patch_content', { key: room, ver: null, patch: replace('/name', 'Shed') })).status,
    200,
  );
  assert.equal(
    (await toto.ask('patch_content', { key: msg, ver: null, patch: replace('/text', 'hello') })).status,
    200,
  );
  assert.equal((await bob.content(room)).name, 'Shed');
  const [entry] = await bob.children(room);
  assert.deepEqual([entry?.text, typeof entry?.edited], ['hello', 'number']);
});

test('DOC-126 a read receipt as in the document moves the position up to the message, never back', async () => {
  const { toto, bob, room, msg } = await scene();
  const second = await toto.add<'msg'>(room, newMessage('second'));
  const receipt = (key: Key) =>
    bob.ask('patch_content', { key, ver: null, patch: { op: 'add', path: '/read', value: true } });
  assert.equal((await receipt(second)).status, 200);
  assert.equal((await receipt(msg)).status, 200);
  for (const client of [toto, bob])
    assert.deepEqual([(await client.content(msg)).read, (await client.content(second)).read], [true, true]);
  assert.equal((await bob.children(bob.rooms))[0]?.seen, 2);
});
