import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../../../testing/clock.ts';
import { type DocumentsClient, DocumentsScene, type Json } from '../../../testing/documents.ts';
import type { Key } from './schema.ts';

const notify = (key: Json, typing?: unknown): Json => ({
  type: 'notify',
  cls: 'typing',
  data: { key, ...(typing !== undefined && { typing }) },
});
const subscribe = (...keys: readonly Json[]): Json => ({ type: 'notify', cls: 'subscribe', data: keys });
const newMessage = (text: string) => ({ key: { type: 'msg' }, text });

async function scene() {
  const clock = new FakeClock();
  const all = await DocumentsScene.open({ clock });
  const [toto, bob, eve] = [await all.member('toto'), await all.member('bob'), await all.member('eve')];
  const members = [{ key: bob.user }];
  const room = await toto.add<'room'>(toto.rooms, { key: { type: 'room' }, name: 'Garden', open: true, members });
  const direct = await toto.add<'room'>(toto.rooms, { key: { type: 'room' }, members });
  const lobby: Key = { type: 'room', id: all.app.world.lobby };
  const names = new Map([toto, bob, eve].map((client, index) => [client.id, ['toto', 'bob', 'eve'][index] ?? '']));
  /** Sends this, and a second passes. */
  const send = async (client: DocumentsClient, message: Json) => {
    assert.deepEqual(
      (await client.send(message)).filter(({ type }) => type === 'error'),
      [],
    );
    clock.advance(1_000);
    await all.app.settle();
  };
  /** Who is told to be typing or not, since the last call. */
  const told = async (client: DocumentsClient): Promise<string[]> =>
    (await client.send())
      .filter(({ cls }) => cls === 'typing')
      .map(({ data }) => {
        const { key, user, typing } = data as { key: Key; user: Key; typing: boolean };
        return `${names.get(user.id as number)} ${typing} ${key.id as number}`;
      });
  return { all, clock, toto, bob, eve, room, direct, lobby, send, told };
}

test('DOC-160 DOC-162 a session that subscribed to a room is told who types there, in this form', async () => {
  const { toto, bob, room } = await scene();
  await bob.send(subscribe(room));
  await toto.send(notify(room));
  assert.deepEqual(await bob.send(), [
    { type: 'notify', cls: 'typing', data: { key: room, user: toto.user, typing: true } },
  ]);
});

test('DOC-160 DOC-162 CONN-140 only documents of rooms bring typing, from the subscription on until it ends', async () => {
  const { toto, bob, room, direct, send, told } = await scene();
  const members = { type: 'members', id: room.id };
  await send(bob, subscribe(members, bob.rooms, toto.user, { type: 'msg', id: [room.id, 1] }));
  await send(toto, notify(room));
  assert.deepEqual(await told(bob), []);
  await bob.ask('get_children', { key: room, subscribe: true });
  assert.deepEqual(await told(bob), [], 'what was before is not told');
  await send(toto, notify(room, true));
  await send(toto, notify(room, false));
  await send(toto, notify(direct));
  assert.deepEqual(await told(bob), [`toto true ${room.id}`, `toto false ${room.id}`]);
  await send(bob, subscribe(direct));
  await send(toto, notify(direct, null));
  assert.deepEqual(await told(bob), [`toto true ${direct.id}`]);
  await send(bob, { type: 'notify', cls: 'revoke', data: [room] });
  await send(toto, notify(room));
  await send(toto, notify(direct, false));
  assert.deepEqual(await told(bob), [`toto false ${direct.id}`]);
  await bob.ask('logout');
  await send(toto, notify(direct));
  assert.deepEqual(await told(bob), []);
});

test('CONN-141 T25 nobody is told of the own typing, on no connection, nor of that of people they block', async () => {
  const { all, toto, bob, room, lobby, direct, send, told } = await scene();
  const phone = all.client();
  await phone.login({ username: 'toto', password: 'correct horse battery' });
  const gus = await all.guest('gus');
  for (const client of [toto, phone, bob, gus]) await send(client, subscribe(room, direct, lobby));
  await send(toto, notify(room));
  assert.deepEqual(await told(phone), []);
  assert.deepEqual(await told(toto), []);
  assert.deepEqual(await told(gus), []);
  assert.deepEqual(await told(bob), [`toto true ${room.id}`]);
  await bob.add({ type: 'blocked', id: bob.id }, { key: toto.user });
  for (const key of [room, direct, lobby]) await send(toto, notify(key));
  assert.deepEqual(await told(bob), []);
  assert.deepEqual(await told(gus), [`toto true ${lobby.id}`]);
  await send(bob, notify(direct));
  assert.deepEqual(await told(toto), [`bob true ${direct.id}`], 'the one who is blocked learns nothing of it');
  await bob.ask('remove_child', { key: { type: 'blocked', id: bob.id }, obj: { key: toto.user } });
  await send(toto, notify(room));
  assert.deepEqual(await told(bob), [`toto true ${room.id}`]);
});

test('CONN-141 T25 T27 outsiders of an open room, and who was removed from it, are told nothing', async () => {
  const { toto, bob, eve, room, send, told } = await scene();
  assert.equal((await eve.ask('get_content', { key: room, subscribe: true })).status, 200, 'she may see what it is');
  await bob.ask('get_children', { key: room, subscribe: true });
  await send(toto, notify(room));
  assert.deepEqual([await told(eve), await told(bob)], [[], [`toto true ${room.id}`]]);
  await toto.ask('remove_child', { key: { type: 'members', id: room.id }, obj: { key: bob.user } });
  await send(toto, notify(room, false));
  await send(toto, notify(room));
  assert.deepEqual(await told(bob), []);
  await toto.add({ type: 'members', id: room.id }, { key: eve.user });
  await send(toto, notify(room));
  assert.deepEqual(await told(eve), [`toto true ${room.id}`]);
});

test('DOC-161 WORLD-192 WORLD-193 what the person may not say is ignored without a word', async () => {
  const { toto, bob, eve, room, direct, lobby, send, told } = await scene();
  for (const client of [toto, bob]) await send(client, subscribe(room, direct, lobby));
  for (const key of [room, direct, { type: 'room', id: 987_654 }, { type: 'planet', id: 1 }])
    assert.deepEqual(await eve.send(notify(key)), []);
  await toto.patch({ type: 'member', id: [room.id, bob.id] }, { muted_until: 253_402_300_799_999 });
  await send(bob, notify(room));
  await toto.patch(toto.user, { presence: 'offline' });
  await send(toto, notify(room));
  assert.deepEqual([await told(toto), await told(bob)], [[], []]);
  await send(bob, notify(direct));
  assert.deepEqual(await told(toto), [`bob true ${direct.id}`], 'the mute is for the room, and the invisible see');
});

test('DOC-12 DOC-16 DOC-43 a flawed notify is answered by an error of the class 14 without id', async () => {
  const { all, toto, room } = await scene();
  const error = (status: number, code: number, msg: string) => [
    { type: 'error', cls: 'typing', status, data: { code, msg } },
  ];
  assert.deepEqual(
    await toto.send({ ...notify(toto.user), id: 'x' }),
    error(400, 4_001_400, 'key is not the key of a room'),
  );
  assert.deepEqual(await toto.send(notify(room, 'no')), error(400, 4_001_400, 'typing is not true or false'));
  assert.deepEqual(await all.client().send(notify(room)), error(401, 4_011_410, 'not logged in'));
});

test('CONN-143 WORLD-28 posting, leaving the room, turning invisible and leaving end the typing', async () => {
  const { all, toto, bob, eve, room, lobby, send, told, clock } = await scene();
  await toto.add({ type: 'members', id: room.id }, { key: eve.user });
  await send(bob, subscribe(room, lobby));
  const ends = async (end: () => Promise<unknown>, where: Json = room) => {
    await send(eve, notify(where));
    assert.deepEqual(await told(bob), [`eve true ${where.id as number}`]);
    await end();
    await all.app.settle();
    assert.deepEqual(await told(bob), [`eve false ${where.id as number}`]);
    clock.advance(7_000);
  };
  await ends(() => eve.add(room, newMessage('hello')));
  await ends(() => eve.patch(eve.user, { presence: 'offline' }));
  await eve.patch(eve.user, { presence: 'online' });
  await ends(() => eve.ask('remove_child', { key: eve.rooms, obj: { key: room } }));
  await ends(() => eve.ask('logout'), lobby);
});

test('CONN-146 DOC-161 a person has a budget for typing over all connections; it takes nothing from messages', async () => {
  const { all, clock, toto, bob, room, told } = await scene();
  const shown: boolean[] = [];
  const { typing } = all.app.world;
  const { show } = typing;
  typing.show = (...[person, id, isTyping, done]: Parameters<typeof show>) => {
    shown.push(isTyping);
    show.call(typing, person, id, isTyping, done);
  };
  const phone = all.client();
  await phone.login({ username: 'toto', password: 'correct horse battery' });
  await bob.send(subscribe(room));
  const burst = Array.from({ length: 20 }, () => notify(room));
  for (const client of [toto, phone]) assert.deepEqual(await client.send(...burst), []);
  assert.equal(shown.length, 5);
  clock.advance(1_000);
  await toto.send(...burst);
  assert.equal(shown.length, 7);
  assert.deepEqual(await told(bob), [`toto true ${room.id}`, `toto true ${room.id}`]);
  assert.equal(await bob.status('add_child', { key: room, obj: newMessage('hi!') }), 200);
  await bob.send(notify(room, false));
  assert.equal(shown.length, 8, 'others have their own');
});

test('DOC-162 a room that is reached by other protocols brings typing, and those are shown none', async () => {
  const { all, toto, bob, lobby, send, told } = await scene();
  const { peer } = all.app.connect('c2');
  const utf8 = new TextEncoder();
  peer.send(utf8.encode('c2/CONNECT gus\n'));
  await send(bob, subscribe(lobby));
  peer.take();
  await send(toto, notify(lobby));
  assert.equal(new TextDecoder().decode(peer.take()), '');
  const gus = all.app.world.people.find('gus')?.id ?? assert.fail();
  all.app.world.typing.show(gus, lobby.id, true, (result) => assert.ok(result.ok));
  await all.app.settle();
  assert.equal((await told(bob)).length, 2);
});
