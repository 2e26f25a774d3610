import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../../../testing/clock.ts';
import { type Answer, type DocumentsClient, DocumentsScene, PASSWORD } from '../../../testing/documents.ts';
import { FakeSessionApi } from '../../../testing/session-api.ts';
import { ChangeBlocks } from './change-blocks.ts';
import type { Changed, Key } from './schema.ts';
import { DocumentSubscriptions } from './document-subscriptions.ts';

const newMessage = (text: string) => ({ key: { type: 'msg' }, text });

async function scene() {
  const clock = new FakeClock();
  const all = await DocumentsScene.open({ clock });
  const [toto, bob] = [await all.member('toto'), await all.member('bob')];
  const room = await toto.add<'room'>(toto.rooms, {
    key: { type: 'room' },
    name: 'Garden',
    members: [{ key: bob.user }],
  });
  /** What a client is told in the next 200 ms; by default it confirms every block. */
  const told = async (client: DocumentsClient, confirms = true): Promise<unknown[]> => {
    const blocks: Answer[] = [];
    for (let step = 0; step < 20; step++) {
      clock.advance(10);
      const came = (await client.send()).filter(({ cls }) => cls === 'changed');
      blocks.push(...came);
      for (const { id } of came) if (confirms) await client.send({ type: 'result', id, cls: 'changed', status: 200 });
    }
    return blocks.map(({ data }) => data);
  };
  return { all, clock, toto, bob, room, told };
}

test('DOC-100 DOC-103 DOC-35 whoever subscribes with a request is told of changes after the answer, once for each part', async () => {
  const { toto, bob, room, told } = await scene();
  for (let number = 0; number < 9; number++) await toto.add(room, newMessage(`text ${number}`));
  const { data } = await bob.ask('get_children', { key: room, subscribe: true });
  for (const text of ['one', 'two', 'three']) await toto.add(room, newMessage(text));
  assert.deepEqual(await told(bob), [[{ key: room, content: false, children: true }]]);
  await toto.add(room, newMessage('four'));
  assert.deepEqual(await told(bob), [], 'not again before bob has asked');
  assert.equal((await bob.ask('get_children', { key: room, ver: data?.ver, subscribe: true })).status, 206);
  await toto.patch(room, { name: 'Shed' });
  await toto.add(room, newMessage('five'));
  assert.deepEqual(await told(bob), [[{ key: room, content: true, children: true }]]);
});

test('DOC-100 a subscription is made by an answer of any success, and by no refusal; it tells one’s own changes too', async () => {
  const { toto, bob, told } = await scene();
  const { data } = await toto.ask('get_content', { key: toto.user });
  assert.equal((await toto.ask('get_content', { key: toto.user, ver: data?.ver, subscribe: true })).status, 204);
  await toto.patch(toto.user, { status: 'Not Here' });
  assert.deepEqual(await told(toto), [[{ key: toto.user, content: true, children: false }]]);
  assert.equal(await bob.status('get_content', { key: toto.fav, subscribe: true }), 4040420);
  await toto.add(toto.fav, { key: bob.user });
  assert.deepEqual(await told(bob), []);
});

test('DOC-100 of two requests for one document at once, one that is refused does not end what the other one makes', async () => {
  const { toto, bob, told } = await scene();
  const key = await toto.add<'room'>(toto.rooms, { key: { type: 'room' }, name: 'Park', open: true });
  const request = (id: string, cls: string) => ({ type: 'request', id, cls, data: { key, subscribe: true } });
  const answers = await bob.send(
    request('a', 'get_children'),
    request('b', 'get_content'),
    request('c', 'get_children'),
  );
  assert.deepEqual(
    answers.map(({ status }) => status),
    [403, 200, 403],
  );
  await toto.patch(key, { name: 'Garden' });
  assert.deepEqual(await told(bob), [[{ key, content: true, children: false }]]);
});

test('DOC-101 DOC-102 a notify subscribes to what the person may read, and ends that', async () => {
  const { toto, bob, room, told } = await scene();
  const unknown: Key = { type: 'room', id: 987_654 };
  const notify = (cls: string) => ({ type: 'notify', cls, data: [toto.user, toto.fav, room, unknown] });
  assert.deepEqual(await bob.send(notify('subscribe')), []);
  await toto.patch(toto.user, { presence: 'busy' });
  await toto.add(toto.fav, { key: bob.user });
  await toto.add(room, newMessage('hi!'));
  const [block] = await told(bob);
  assert.deepEqual(
    new Set((block as { key: Key }[]).map(({ key }) => JSON.stringify(key))),
    new Set([JSON.stringify(toto.user), JSON.stringify(room)]),
  );
  await bob.content(toto.user);
  assert.deepEqual(await bob.send(notify('revoke')), []);
  await toto.patch(toto.user, { presence: 'online' });
  assert.deepEqual(await told(bob), []);
});

test('DOC-101 CONN-124 a notify behind requests without an answer subscribes to all its documents, too', async () => {
  const { toto, bob, room, told } = await scene();
  const post = (id: string) => ({ type: 'request', id, cls: 'add_child', data: { key: room, obj: newMessage(id) } });
  const keys = [toto.user, bob.user, { type: 'unit', id: 1 } as const];
  const answers = await bob.send(post('a'), post('b'), { type: 'notify', cls: 'subscribe', data: keys });
  assert.deepEqual(
    answers.map(({ status }) => status),
    [200, 200],
  );
  await toto.patch(toto.user, { status: 'Not Here' });
  await bob.patch(bob.user, { status: 'Here' });
  const [block] = await told(bob);
  const named = (block as { key: Key }[]).map(({ key }) => JSON.stringify(key));
  assert.deepEqual(named.toSorted(), keys.map((key) => JSON.stringify(key)).toSorted());
});

test('DOC-103 a change through another protocol is told as well', async () => {
  const { all, toto, bob, told } = await scene();
  const { lobby } = all.app.world;
  await bob.ask('get_children', { key: { type: 'room', id: lobby }, subscribe: true });
  await bob.ask('get_children', { key: { type: 'members', id: lobby }, view: 'asc_pres_first', subscribe: true });
  const { peer } = all.app.connect('c2');
  peer.send(new TextEncoder().encode('c2/CONNECT gus\n'));
  await all.app.settle();
  const [entered] = await told(bob);
  assert.deepEqual(entered, [{ key: { type: 'members', id: lobby }, content: false, children: true }]);
  peer.send(new TextEncoder().encode('c2/MSG 1; hello\n'));
  await all.app.settle();
  assert.deepEqual(await told(bob), [[{ key: { type: 'room', id: lobby }, content: false, children: true }]]);
  assert.equal(toto.endedAs, null);
});

test('DOC-106 T25 T27 who may not read a room any more is told once, and of nothing after it', async () => {
  const { toto, bob, room, told } = await scene();
  await bob.ask('get_children', { key: room, subscribe: true });
  assert.equal(
    await toto.status('remove_child', { key: { type: 'members', id: room.id }, obj: { key: bob.user } }),
    200,
  );
  assert.equal((await told(bob)).length, 1);
  assert.equal(await bob.status('get_children', { key: room }), 4040520);
  await toto.children(room);
  await toto.add(room, newMessage('secret'));
  assert.deepEqual(await told(bob), []);
});

test('DOC-106 T27 who leaves an open room is told that its messages changed, and so is who is removed from a closed one', async () => {
  const { toto, bob, room, told } = await scene();
  const open = await toto.add<'room'>(toto.rooms, { key: { type: 'room' }, name: 'Park', open: true });
  await bob.add(bob.rooms, { key: open });
  const message = await toto.add<'msg'>(room, newMessage('hi!'));
  for (const [cls, key] of [
    ['get_children', open],
    ['get_content', message],
  ] as const)
    assert.equal(await bob.status(cls, { key, subscribe: true }), 200);
  assert.equal(await bob.status('remove_child', { key: bob.rooms, obj: { key: open } }), 200);
  const child = { key: { type: 'members', id: room.id }, obj: { key: bob.user } };
  assert.equal(await toto.status('remove_child', child), 200);
  assert.deepEqual(await told(bob), [
    [
      { key: open, content: true, children: true },
      { key: message, content: true, children: false },
    ],
  ]);
});

test('DOC-83 CONN-126 after logging out nobody is told anything', async () => {
  const { toto, bob, room, told } = await scene();
  await bob.ask('get_children', { key: room, subscribe: true });
  await toto.add(room, newMessage('hi!'));
  await bob.ask('logout');
  assert.deepEqual(await told(bob), []);
});

test('DOC-83 DOC-105 whoever logs in again while changes were gathered is told of later ones', async () => {
  const { toto, bob, room, told } = await scene();
  await bob.ask('get_children', { key: room, subscribe: true });
  await toto.add(room, newMessage('hi!'));
  await bob.ask('logout');
  await bob.login({ username: 'bob', password: PASSWORD });
  await bob.ask('get_children', { key: room, subscribe: true });
  await toto.add(room, newMessage('again'));
  assert.deepEqual(await told(bob), [[{ key: room, content: false, children: true }]]);
});

/** Subscriptions with a fake API, and the blocks that they sent. */
function open() {
  const api = new FakeSessionApi();
  const blocks: Changed[] = [];
  const subscriptions = new DocumentSubscriptions(api, new ChangeBlocks(), (block) => blocks.push(block));
  const change = (id: number) => {
    for (const { key, changed } of api.watches) if (key.id === id) changed('content');
  };
  const fire = () => {
    for (const { run } of api.timers.splice(0)) run(api.eventId());
  };
  return { api, blocks, subscriptions, change, fire };
}

const user = (id: number): Key => ({ type: 'user', id });

test('DOC-104 DOC-105 a block waits 100 ms, and for the answer to the one before', () => {
  const { api, blocks, subscriptions, change, fire } = open();
  for (const id of [1, 2, 3]) subscriptions.add(user(id))?.make(() => {});
  change(1);
  assert.deepEqual([api.timers.map(({ ms }) => ms), blocks.length], [[100], 0]);
  fire();
  change(2);
  change(3);
  assert.deepEqual([api.timers.length, blocks.length], [0, 1], 'nothing more before the answer');
  subscriptions.confirmed('another');
  assert.equal(api.timers.length, 0);
  subscriptions.confirmed(blocks[0]?.id ?? '');
  fire();
  assert.deepEqual(
    blocks.map(({ data }) => data.map(({ key }) => key.id)),
    [[1], [2, 3]],
  );
});

test('DOC-100 DOC-101 no block names a document before its subscription is stored and answered', () => {
  const { api, blocks, subscriptions, change, fire } = open();
  api.storing = [];
  const order: string[] = [];
  subscriptions.add(user(1))?.make(() => order.push('answer'));
  subscriptions.follow(user(2));
  subscriptions.add(user(2))?.make(() => order.push('another answer'));
  for (const id of [1, 2]) change(id);
  fire();
  assert.deepEqual([blocks, order], [[], []]);
  for (const stored of api.storing) stored();
  fire();
  assert.deepEqual(order, ['answer', 'another answer']);
  assert.deepEqual(
    blocks.map(({ data }) => data.map(({ key }) => key.id)),
    [[1, 2]],
  );
});

test('DOC-102 DOC-220 what ends while it is stored is forgotten again, unless there is a new subscription', () => {
  for (const isAgain of [false, true]) {
    const { api, subscriptions } = open();
    api.storing = [];
    subscriptions.add(user(1))?.make(() => {});
    subscriptions.lost();
    subscriptions.resumed(null);
    if (isAgain) subscriptions.add(user(1));
    for (const stored of api.storing) stored();
    assert.deepEqual(
      api.log.filter((line) => line.startsWith('drop')),
      isAgain ? [] : [`drop ${JSON.stringify(user(1))}`],
    );
  }
});

test('DOC-100 DOC-220 a request of a lost connection that fails late ends no subscription that was made since', () => {
  const { blocks, subscriptions, change, fire } = open();
  const late = subscriptions.add(user(1));
  subscriptions.lost();
  subscriptions.resumed(null);
  subscriptions.add(user(1))?.make(() => {});
  late?.cancel();
  change(1);
  fire();
  assert.equal(blocks.length, 1);
});

test('DOC-104 CONN-24 a block is confirmed also by a client that sends too many requests', async () => {
  const clock = new FakeClock();
  const many = { perSecond: 1e6, burst: 1e6 };
  const rates = { messages: many, renames: many, searches: many, pings: many, requests: { perSecond: 1, burst: 5 } };
  const all = await DocumentsScene.open({ clock, hub: { rates: { ...rates, limitLoopback: true } } });
  const toto = await all.member('toto');
  await toto.ask('get_content', { key: toto.user, subscribe: true });
  const busy = {
    type: 'request',
    id: '1',
    cls: 'patch_content',
    data: { key: toto.user, patch: [{ op: 'replace', path: '/status', value: 'x' }] },
  };
  await toto.send(busy);
  clock.advance(200);
  const asked = await toto.send(
    ...Array.from({ length: 9 }, () => ({ type: 'request', id: '2', cls: 'get_content', data: { key: toto.user } })),
  );
  assert.ok(asked.some(({ status }) => status === 503));
  const block = asked.find(({ cls }) => cls === 'changed');
  assert.deepEqual(await toto.send({ type: 'result', id: block?.id, cls: 'changed', status: 200 }), []);
  clock.advance(2_000);
  await toto.ask('get_content', { key: toto.user });
  await toto.send({ ...busy, data: { ...busy.data, patch: [{ op: 'replace', path: '/status', value: 'y' }] } });
  clock.advance(200);
  assert.equal((await toto.send()).filter(({ cls }) => cls === 'changed').length, 1);
});

test('DOC-101 T33 a session has at most 2,000 subscriptions, each of which counts once', () => {
  const { api, subscriptions } = open();
  for (let id = 1; id <= 2_000; id++) assert.notEqual(subscriptions.add(user(id)), null);
  assert.notEqual(subscriptions.add(user(7)), null);
  assert.equal(subscriptions.add(user(2_001)), null);
  assert.equal(api.watches.length, 2_000);
  subscriptions.remove(user(7));
  assert.notEqual(subscriptions.add(user(2_001)), null);
  subscriptions.clear();
  assert.equal(api.watches.length, 0);
});
