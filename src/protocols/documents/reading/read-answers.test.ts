import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DocumentsScene, type Json } from '../../../../testing/documents.ts';
import { ReadAnswers } from './read-answers.ts';
import type { Key } from '../schema.ts';

const newMessage = (text: string) => ({ key: { type: 'msg' }, text });

async function scene(messages: number) {
  const all = await DocumentsScene.open();
  const [toto, bob] = [await all.member('toto'), await all.member('bob')];
  const room = await toto.add<'room'>(toto.rooms, {
    key: { type: 'room' },
    name: 'Garden',
    members: [{ key: bob.user }],
  });
  for (let number = 1; number <= messages; number++) await toto.add(room, newMessage(`text ${number}`));
  return { all, toto, bob, room };
}

test('DOC-80 DOC-32 the first page is whole, the same version is answered with nothing, a later one with a patch', async () => {
  const { toto, bob, room } = await scene(3);
  const ask = (ver: unknown) => bob.ask('get_children', { key: room, ver, view: 'desc', page: 1, size: 2 });
  const whole = await ask(null);
  const { ver, page, ...rest } = whole.data ?? {};
  assert.deepEqual(rest, { key: room, view: 'desc', index: 1, size: 2, total: 3 });
  assert.deepEqual(
    (page as Json[]).map(({ text }) => text),
    ['text 3', 'text 2'],
  );
  assert.deepEqual(await ask(ver), { type: 'result', id: 'id 4', cls: 'get_children', status: 204 });
  for (const other of [
    ['unknown', 1],
    [(ver as unknown[])[0], 99],
  ])
    assert.equal((await ask(other)).status, 200);
  await toto.add(room, newMessage('text 4'));
  const changed = await ask(ver);
  const { patch, ver: after, ...more } = changed.data ?? {};
  assert.equal(changed.status, 206);
  assert.deepEqual(more, { key: room, view: 'desc', page: 1, index: 1, size: 2, total: 4 });
  assert.deepEqual(
    (patch as Json[]).map(({ op, path }) => `${String(op)} ${String(path)}`),
    ['remove /1', 'add /0'],
  );
  assert.equal((await ask(after)).status, 204);
});

test('DOC-80 a page that did not change gets an empty patch', async () => {
  const { toto, bob, room } = await scene(3);
  const ask = (ver: unknown) => bob.ask('get_children', { key: room, ver, view: 'asc', page: 1, size: 2 });
  const { data } = await ask(null);
  await toto.add(room, newMessage('text 4'));
  const changed = await ask(data?.ver);
  assert.deepEqual([changed.status, changed.data?.patch, changed.data?.total], [206, [], 4]);
});

test('DOC-84 DOC-85 views and pages that do not exist are not found; the first page of nothing is empty', async () => {
  const { toto, bob, room } = await scene(3);
  const page = (key: Key, more: Json) => toto.status('get_children', { key, ...more });
  assert.equal(await page(room, { page: 2, size: 2 }), 200);
  assert.equal(await page(room, { page: 3, size: 2 }), 4040522);
  assert.equal(await page(room, { view: 'recent' }), 4040521);
  assert.equal(await page(room, { view: 'sideways' }), 4040521);
  assert.equal(await page(toto.fav, { view: 'recent' }), 4040521);
  const childless: Key[] = [toto.user, { type: 'msg', id: [room.id, 1] }, { type: 'member', id: [room.id, bob.id] }];
  for (const key of childless) assert.equal(await page(key, {}), 4040521);
  assert.equal(await page({ type: 'index', id: 2 }, {}), 4040520);
  assert.deepEqual(await toto.children(toto.fav), []);
  for (const [key, view] of [
    [toto.fav, 'asc'],
    [toto.rooms, 'recent'],
    [room, 'desc'],
  ] as const)
    assert.equal((await toto.ask('get_children', { key })).data?.view, view);
});

test('DOC-86 T6 equal pages are made once, and others are made anew', () => {
  const reads = new ReadAnswers();
  const unit = (id: number) => ({ type: 'unit', id, displayName: `unit ${id}` }) as const;
  const ask = (number: number, size: number, entries: number[]) => {
    const request = { key: { type: 'index', id: 1 }, view: 'asc', page: 1, size, before: null } as const;
    const value = { entries: entries.map(unit), total: 9 };
    const answer = { type: 'whole', version: { identity: 'i', number }, value } as const;
    const { data } = reads.children({ id: 'x', cls: 'get_children' }, request, answer, null) as { data: string };
    return JSON.parse(data).page.length;
  };
  assert.equal(ask(1, 50, [1, 2]), 2);
  assert.equal(ask(1, 50, []), 2, 'what was made before');
  assert.deepEqual([ask(2, 50, [1]), ask(1, 49, [1])], [1, 1]);
});

test('DOC-80 CONN-124 a read sees what earlier requests of the connection changed', async () => {
  const { toto, room } = await scene(0);
  const posts = [1, 2, 3].map((number) => ({
    type: 'request',
    id: `${number}`,
    cls: 'add_child',
    data: { key: room, obj: newMessage(`text ${number}`) },
  }));
  const read = { type: 'request', id: 'read', cls: 'get_children', data: { key: room } };
  const answers = await toto.send(...posts, read);
  assert.equal(answers.at(-1)?.data?.total, 3);
});
