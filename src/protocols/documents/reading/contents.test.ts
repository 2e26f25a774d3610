import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../../../../testing/clock.ts';
import { DocumentsScene, type Json } from '../../../../testing/documents.ts';
import type { Key } from '../schema.ts';

test('DOC-110 DOC-117 a user is shown with names, picture, presence and status', async () => {
  const clock = new FakeClock();
  const scene = await DocumentsScene.open({ clock });
  const [toto, gus] = [await scene.member('toto'), await scene.guest('gus')];
  await toto.patch(toto.user, { first_name: 'Foo', last_name: 'Bar', status: 'Not Here', presence: 'busy' });
  assert.deepEqual(await gus.content(toto.user), {
    first_name: 'Foo',
    last_name: 'Bar',
    display_name: 'toto',
    picture: `users/${toto.id}`,
    presence: 'busy',
    connected: true,
    status: 'Not Here',
    username: 'toto',
    guest: false,
  });
  assert.equal((await toto.content(gus.user)).guest, true);
  await toto.drop();
  clock.advance(10_000);
  const { presence, connected, status } = await gus.content(toto.user);
  assert.deepEqual([presence, connected, status], ['offline', false, null]);
});

test('DOC-117 an uploaded picture is shown by its path', async () => {
  const digest = 'ab'.repeat(32);
  const media = {
    address: '/media',
    digestOf: async (_person: number, path: string) => (path.endsWith('/abab') ? digest : null),
  };
  const scene = await DocumentsScene.open({ facts: { media } });
  const toto = await scene.member('toto');
  assert.equal((await toto.patch(toto.user, { picture: 'users/1/abab' })).status, 200);
  assert.equal((await toto.content(toto.user)).picture, `users/${toto.id}/abababababababab`);
  assert.equal(
    await toto.status('patch_content', { key: toto.user, patch: replace('/picture', 'elsewhere') }),
    4000600,
  );
  assert.equal((await toto.patch(toto.user, { picture: null })).status, 200);
  assert.equal((await toto.content(toto.user)).picture, `users/${toto.id}`);
});

const replace = (path: string, value: unknown) => [{ op: 'replace', path, value }];

async function garden() {
  const scene = await DocumentsScene.open();
  const [toto, bob, eve] = [await scene.member('toto'), await scene.member('bob'), await scene.member('eve')];
  const room = await toto.add<'room'>(toto.rooms, {
    key: { type: 'room' },
    name: 'The Garden',
    members: [{ key: bob.user }],
  });
  return { scene, toto, bob, eve, room };
}

test('DOC-111 DOC-119 a room has a name, a group name and members, a direct the name of the other; lists have no content', async () => {
  const { toto, bob, room } = await garden();
  const { members, ...content } = await toto.content(room);
  assert.deepEqual(content, { name: 'The Garden', groupname: 'The-Garden', open: false, members_total: 2 });
  assert.deepEqual(new Set((members as { key: Key }[]).map(({ key }) => key.id)), new Set([toto.id, bob.id]));
  const direct = await toto.add(toto.rooms, { key: { type: 'room' }, members: [{ key: bob.user }] });
  const seen = [await toto.content(direct), await bob.content(direct)].map(({ name, groupname }) => [name, groupname]);
  assert.deepEqual(seen, [
    ['bob', undefined],
    ['toto', undefined],
  ]);
  assert.deepEqual(await toto.content(toto.fav), {});
});

test('DOC-112 DOC-113 people and units are shown in lists', async () => {
  const { toto, bob, eve, room } = await garden();
  const person = (id: number, name: string) => ({
    key: { type: 'user', id },
    display_name: name,
    picture: `users/${id}`,
    presence: 'online',
    connected: true,
  });
  await toto.add(toto.fav, { key: eve.user });
  assert.deepEqual(await toto.children(toto.fav), [person(eve.id, 'eve')]);
  assert.deepEqual(await bob.children({ type: 'members', id: room.id }), [
    { ...person(bob.id, 'bob'), role: 'member' },
    { ...person(toto.id, 'toto'), role: 'owner' },
  ]);
  const root: Key = { type: 'index', id: 1 };
  assert.deepEqual(await eve.children(root), [{ key: { type: 'unit', id: 1 }, name: 'everyone' }]);
  assert.deepEqual(await eve.content(root), { home: { type: 'unit', id: 1 } });
  const everyone: Key = { type: 'unit', id: 1 };
  assert.deepEqual(await eve.content(everyone), { name: 'everyone', parent: null });
  assert.deepEqual(
    (await eve.children(everyone)).map(({ display_name }) => display_name),
    ['bob', 'eve', 'toto'],
  );
});

test('DOC-114 a room in the list of rooms has its last message and how far it was read', async () => {
  const { toto, bob, room } = await garden();
  const msg = await bob.add<'msg'>(room, { key: { type: 'msg' }, text: 'hi!' });
  const [listed] = await toto.children(toto.rooms);
  const { last_msg: last, members, ...rest } = listed ?? {};
  assert.deepEqual(rest, {
    key: room,
    name: 'The Garden',
    groupname: 'The-Garden',
    direct: false,
    unread: 1,
    members_total: 2,
    number: 1,
    seen: 0,
    seen_by: 0,
  });
  assert.equal((last as Json).text, 'hi!');
  assert.equal((members as unknown[]).length, 2);
  await toto.patch(msg, { read: true });
  const [[own], [others]] = [await toto.children(toto.rooms), await bob.children(bob.rooms)];
  assert.deepEqual([own?.seen, own?.unread, others?.seen_by], [1, 0, 1]);
});

test('DOC-115 DOC-116 DOC-94 a message names its sender and what it answers, and of a deleted one nothing is left', async () => {
  const { toto, bob, room } = await garden();
  const first = await toto.add<'msg'>(room, { key: { type: 'msg' }, text: 'hi!' });
  const second = await bob.add<'msg'>(room, { key: { type: 'msg' }, text: 'hello', reply_to: first });
  const { time, ...answer } = await toto.content(second);
  assert.equal(typeof time, 'number');
  assert.deepEqual(answer, {
    sender: { key: bob.user, name: 'bob' },
    text: 'hello',
    edited: null,
    via: 'documents',
    reply_to: first,
    read: false,
  });
  await toto.patch(first, { text: 'hi, all!' });
  assert.equal(typeof (await bob.content(first)).edited, 'number');
  assert.equal(await toto.status('remove_child', { key: room, obj: { key: first } }), 200);
  assert.deepEqual(await bob.content(first), { deleted: true, read: false });
  assert.deepEqual((await bob.children(room)).at(-1), { key: first, deleted: true });
});

test('DOC-118 DOC-127 a member has a role and may be muted', async () => {
  const { toto, bob, room } = await garden();
  const member: Key = { type: 'member', id: [room.id, bob.id] };
  assert.deepEqual(await toto.content(member), { role: 'member', muted_until: null });
  assert.equal(await bob.status('patch_content', { key: member, patch: replace('/role', 'owner') }), 4030640);
  for (const [fields, content] of [
    [{ role: 'moderator' }, { role: 'moderator', muted_until: null }],
    [{ muted_until: 4e12 }, { role: 'moderator', muted_until: 4e12 }],
    [{ muted_until: 9e15 }, { role: 'moderator', muted_until: 253_402_300_799_999 }],
    [{ muted_until: null }, { role: 'moderator', muted_until: null }],
  ] as const) {
    assert.equal((await toto.patch(member, fields)).status, 200);
    assert.deepEqual(await bob.content(member), content);
  }
  for (const fields of [{ role: 'king' }, { muted_until: 'soon' }, { role: 'member', muted_until: 5 }])
    assert.equal((await toto.patch(member, fields)).status, 400);
});
