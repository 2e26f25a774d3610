import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DocumentsScene, type DocumentsClient } from '../../../../testing/documents.ts';
import type { Key } from '../schema.ts';

const newRoom = { key: { type: 'room' } };
const newMessage = (text: string) => ({ key: { type: 'msg' }, text });

async function scene() {
  const all = await DocumentsScene.open();
  return { all, toto: await all.member('toto'), bob: await all.member('bob'), eve: await all.member('eve') };
}

test('DOC-90 DOC-82 T25 the lists of others are answered like those that do not exist, in every request', async () => {
  const { toto, bob } = await scene();
  const answers = async (id: number) => {
    const codes: unknown[] = [];
    for (const type of ['rooms', 'conversations', 'fav', 'blocked'] as const) {
      const key = { type, id };
      const obj = type === 'fav' || type === 'blocked' ? { key: bob.user } : newRoom;
      const old = type === 'fav' || type === 'blocked' ? { key: bob.user } : { key: { type: 'room', id: 1 } };
      for (const [cls, data] of [
        ['get_content', { key }],
        ['get_children', { key }],
        ['patch_content', { key, patch: [] }],
        ['add_child', { key, obj }],
        ['remove_child', { key, obj: old }],
      ] as const) {
        const { id: _, ...answer } = await toto.ask(cls, data);
        codes.push(answer);
      }
    }
    return codes;
  };
  const [others, missing] = [await answers(bob.id), await answers(12_345)];
  assert.deepEqual(others, missing);
  assert.ok(others.every((answer) => (answer as { status: number }).status === 404));
  assert.deepEqual(
    [await bob.children(bob.fav), await bob.children(bob.rooms, { view: 'asc' })].map((list) => list.length),
    [0, 1],
  );
});

test('DOC-91 DOC-111 a new room is closed unless it is open, and has the given members', async () => {
  const { toto, bob, eve } = await scene();
  for (const open of [false, true]) {
    const room = await toto.add<'room'>(toto.rooms, { ...newRoom, name: 'Garden', open, members: [{ key: bob.user }] });
    const content = await bob.content(room);
    assert.deepEqual([content.name, content.groupname, content.open], ['Garden', open ? 'Garden-2' : 'Garden', open]);
    assert.equal(await eve.status('get_content', { key: room }), open ? 200 : 4040420);
    assert.equal(await eve.status('get_children', { key: room }), open ? 4030540 : 4040520);
  }
  assert.match(String((await toto.content(await toto.add(toto.rooms, newRoom))).name), /^room-\d+$/);
  assert.equal(
    await toto.status('add_child', {
      key: toto.rooms,
      obj: { ...newRoom, members: [{ key: { type: 'user', id: 987_654 } }] },
    }),
    4040720,
  );
});

test('DOC-92 with one other member it is the direct, the same one each time, as in the document', async () => {
  const { toto, bob } = await scene();
  const direct = (from: DocumentsClient, to: DocumentsClient, type: string) =>
    from.add({ type, id: from.id } as Key, { ...newRoom, members: [{ key: to.user }] });
  const first = await direct(toto, bob, 'conversations');
  assert.deepEqual(await direct(bob, toto, 'rooms'), first);
  await toto.add(first, newMessage('hi!'));
  assert.equal((await bob.children(first))[0]?.text, 'hi!');
  assert.equal(
    await toto.status('add_child', {
      key: toto.rooms,
      obj: { ...newRoom, members: [{ key: { type: 'user', id: 987_654 } }] },
    }),
    4040720,
  );
});

test('DOC-93 DOC-96 a person joins an open room by its id, and leaves it', async () => {
  const { toto, bob } = await scene();
  const open = await toto.add<'room'>(toto.rooms, { ...newRoom, name: 'Garden', open: true });
  const closed = await toto.add<'room'>(toto.rooms, { ...newRoom, name: 'Shed' });
  const join = (id: number) => bob.status('add_child', { key: bob.rooms, obj: { key: { type: 'room', id } } });
  assert.deepEqual(
    [await join(open.id), await join(open.id), await join(closed.id), await join(987_654)],
    [200, 200, 4040720, 4040720],
  );
  await bob.add(open, newMessage('here I am'));
  const leave = (key: Key) => bob.status('remove_child', { key: bob.rooms, obj: { key } });
  assert.deepEqual([await leave(open), await leave(open), await leave(closed)], [200, 4031140, 4041120]);
  assert.equal(await bob.status('get_children', { key: open }), 4030540);
});

test('DOC-94 a message is posted in a room, and refused as its text or its room says', async () => {
  const { toto, bob, eve } = await scene();
  const room = await toto.add<'room'>(toto.rooms, { ...newRoom, name: 'Garden', members: [{ key: bob.user }] });
  assert.deepEqual(await toto.add(room, newMessage('hi!')), { type: 'msg', id: [room.id, 1] });
  assert.deepEqual(await bob.add(room, newMessage('hello')), { type: 'msg', id: [room.id, 2] });
  const code = (client: DocumentsClient, key: Key, obj: object) => client.status('add_child', { key, obj });
  assert.equal(await code(eve, room, newMessage('let me in')), 4040720);
  assert.equal(await code(toto, room, newMessage(' ')), 4000700);
  assert.equal(await code(toto, room, { ...newMessage('x'), reply_to: { type: 'msg', id: [room.id, 9] } }), 4040720);
  assert.equal(await code(toto, room, { ...newMessage('x'), reply_to: { type: 'msg', id: [987_654, 1] } }), 4040720);
  assert.equal((await toto.children(room)).length, 2);
});

test('DOC-95 contacts and blocks are added and removed', async () => {
  const { all, toto, bob } = await scene();
  const guest = await all.guest('gus');
  const blocked: Key = { type: 'blocked', id: toto.id };
  for (const [key, other] of [
    [toto.fav, bob.user],
    [blocked, guest.user],
  ] as const) {
    assert.deepEqual(await toto.add(key, { key: other }), other);
    assert.deepEqual(
      (await toto.children(key)).map((entry) => entry.key),
      [other],
    );
    assert.equal(await toto.status('remove_child', { key, obj: { key: other } }), 200);
    assert.deepEqual(await toto.children(key), []);
  }
  assert.equal(await toto.status('add_child', { key: toto.fav, obj: { key: guest.user } }), 4030740);
  assert.equal(await toto.status('add_child', { key: toto.fav, obj: { key: toto.user } }), 4030740);
  assert.equal(await toto.status('add_child', { key: toto.fav, obj: { key: { type: 'user', id: 987_654 } } }), 4040720);
});

test('DOC-97 DOC-98 members are added, removed and banned by those who may', async () => {
  const { toto, bob, eve } = await scene();
  const room = await toto.add<'room'>(toto.rooms, { ...newRoom, name: 'Garden', members: [{ key: bob.user }] });
  const members: Key = { type: 'members', id: room.id };
  assert.equal(await bob.status('add_child', { key: members, obj: { key: eve.user } }), 4030740);
  assert.deepEqual(await toto.add(members, { key: eve.user }), eve.user);
  assert.equal((await eve.children(members)).length, 3);
  assert.equal(await eve.status('remove_child', { key: members, obj: { key: bob.user } }), 4031140);
  assert.equal(await toto.status('remove_child', { key: members, obj: { key: bob.user } }), 200);
  assert.equal(await bob.status('get_content', { key: room }), 4040420);
  const ban = { room, person: eve.user, reason: 'spam' };
  assert.equal(await bob.status('ban', ban), 4041720);
  assert.equal(await toto.status('ban', ban), 200);
  assert.equal(await eve.status('get_content', { key: room }), 4040420);
  assert.equal(await toto.status('add_child', { key: members, obj: { key: eve.user } }), 4030740);
});

test('DOC-96 only a message of this room is removed from it, by those who may', async () => {
  const { toto, bob } = await scene();
  const room = await toto.add<'room'>(toto.rooms, { ...newRoom, name: 'Garden', members: [{ key: bob.user }] });
  const msg = await toto.add<'msg'>(room, newMessage('hi!'));
  const remove = (client: DocumentsClient, key: Key, obj: Key) =>
    client.status('remove_child', { key, obj: { key: obj } });
  assert.equal(await remove(bob, room, msg), 4031140);
  assert.equal(await remove(toto, { type: 'room', id: 987_654 }, msg), 4041120);
  assert.equal(await remove(toto, room, { type: 'msg', id: [room.id, 9] }), 4041120);
  assert.equal(await remove(toto, room, msg), 200);
});
