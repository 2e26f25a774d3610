import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type DocumentsClient, DocumentsScene, type Json } from '../../../testing/documents.ts';
import { fileInfo } from '../../../testing/storage/samples.ts';
import type { Key } from './schema.ts';

const { address, name, size, type, width, height } = fileInfo('cat');
const CAT = { address, name, size, type, width, height };
const LINE = `cat.png: http://a${address}`;
const withFile = (more: Json = {}, given: unknown = address) => ({
  key: { type: 'msg' },
  file: { address: given },
  ...more,
});

/** Toto and bob in a room; toto has uploaded the files `cat` and `paper`, of which the second is no picture. */
async function scene() {
  const all = await DocumentsScene.open();
  const [toto, bob] = [await all.member('toto'), await all.member('bob')];
  const room = await toto.add<'room'>(toto.rooms, { key: { type: 'room' }, name: 'Den', members: [{ key: bob.user }] });
  const { width: _width, height: _height, ...paper } = { ...fileInfo('paper'), type: 'application/octet-stream' };
  for (const file of [fileInfo('cat'), paper]) {
    await new Promise((done) => {
      all.app.world.files.add(toto.id, file, done);
      void all.app.settle();
    });
  }
  const status = (client: DocumentsClient, obj: Json) => client.status('add_child', { key: room, obj });
  return { all, toto, bob, room, status };
}

test('DOC-240 DOC-241 a message with a file shows it, as content, on pages and as the last message', async () => {
  const { toto, bob, room } = await scene();
  const first = await toto.add<'msg'>(room, withFile({ text: 'look' }));
  const content = await bob.content(first);
  assert.deepEqual([content.text, content.file], [`look\n${LINE}`, CAT]);
  const [entry] = await bob.children(room);
  assert.deepEqual([entry?.key, entry?.text, entry?.file], [first, content.text, CAT]);
  const rooms = await bob.children(bob.rooms, { view: 'recent' });
  assert.deepEqual(rooms.map(({ last_msg: last }) => (last as Json | null)?.file).filter(Boolean), [CAT]);
  const paper = await toto.add<'msg'>(room, withFile({}, fileInfo('paper').address));
  assert.deepEqual(Object.keys((await bob.content(paper)).file as Json), ['address', 'name', 'size', 'type']);
});

test('DOC-240 a file needs no text, and a message without a file does', async () => {
  const { toto, room, status } = await scene();
  assert.equal(await status(toto, { key: { type: 'msg' } }), 4000700);
  assert.equal(await status(toto, { key: { type: 'msg' }, file: null }), 4000700);
  for (const file of ['', 5, [], {}, { address: 5 }])
    assert.equal(await status(toto, { key: { type: 'msg' }, text: 'x', file }), 4000700, JSON.stringify(file));
  assert.equal((await toto.content(await toto.add<'msg'>(room, withFile({ text: null })))).text, LINE);
});

test('DOC-240 T25 files of others, files that were sent and files that are not there get one answer', async () => {
  const { toto, bob, status } = await scene();
  assert.equal(await status(bob, withFile()), 4040720);
  assert.equal(await status(toto, withFile()), 200);
  assert.equal(await status(toto, withFile({ text: 'again' })), 4040720);
  for (const given of ['', '/files/none/cat.png', `http://a${address}`])
    assert.equal(await status(toto, withFile({}, given)), 4040720, given);
});

test('DOC-224 DOC-240 a message with a file that comes again on a later connection is posted once', async () => {
  const { all, toto, bob, room } = await scene();
  const request = { type: 'request', id: 'a', cls: 'add_child', data: { key: room, obj: withFile({ text: 'once' }) } };
  const first = await toto.send(request);
  await toto.drop();
  const again = all.client();
  await again.resume(toto);
  assert.deepEqual(await again.send(request), first);
  assert.equal((await bob.children(room)).length, 1);
});

test('DOC-125 DOC-241 an edit keeps the file and its line; of a deleted message nothing is left', async () => {
  const { toto, bob, room } = await scene();
  const key = await toto.add<'msg'>(room, withFile({ text: 'first' }));
  assert.equal((await toto.patch(key, { text: 'second' })).status, 200);
  const { text, file } = await bob.content(key);
  assert.deepEqual([text, file], [`second\n${LINE}`, CAT]);
  const patch = [{ op: 'remove', path: '/file' }];
  assert.equal(await toto.status('patch_content', { key, ver: null, patch }), 4030640);
  assert.equal(await toto.status('remove_child', { key: room, obj: { key } }), 200);
  assert.deepEqual(await bob.content(key), { deleted: true, read: false });
});

test('DOC-241 who subscribed to a page is sent the file in a patch', async () => {
  const { toto, bob, room } = await scene();
  await toto.add(room, { key: { type: 'msg' }, text: 'x'.repeat(5_000) });
  const asked = { key: room as Key, view: 'asc' };
  const { data } = await bob.ask('get_children', { ...asked, ver: null });
  const key = await toto.add(room, withFile());
  const { status, data: patched = {} } = await bob.ask('get_children', { ...asked, ver: data?.ver });
  assert.equal(status, 206);
  const [{ value }] = patched.patch as [{ value: Json }];
  assert.deepEqual([value.key, value.file], [key, CAT]);
});
