import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { type DocumentsSocket, online } from '../../../../testing/clients/documents.ts';
import type { Json } from '../../../../testing/documents.ts';
import type { LiveValue } from '../client.ts';

const bob = { type: 'user', id: 8 } as const;
const room = { type: 'room', id: 5 } as const;

const entry = (number: number, text = `text ${number}`) => ({ key: { type: 'msg', id: [5, number] }, text });
const page = (number: number, entries: readonly Json[], more: Json = {}) => ({
  key: room,
  ver: ['a', number],
  view: 'desc',
  index: 1,
  size: 50,
  total: entries.length,
  page: entries,
  ...more,
});
const content = (number: number, fields: Json) => ({ key: bob, ver: ['c', number], content: fields });
const versions = (socket: DocumentsSocket) =>
  socket.sent.flatMap(({ cls, data }) => (cls === 'changed' ? [] : [(data as Json).ver]));
const ask = (cls: string, data: Json) => ({ cls, data: { ...data, subscribe: true } });
const withoutId = ({ cls, data }: Json) => ({ cls, data });

/** A client that watches a page of messages, which has two of them. */
async function watching() {
  const all = await online();
  const live = all.client.watchPage(room);
  all.socket.answer(all.socket.last('get_children'), 200, page(1, [entry(2), entry(1)]));
  all.socket.sent.length = 0;
  return { ...all, live };
}

/** How often a live value changed. */
function counting(live: LiveValue<unknown>): { readonly changes: number } {
  const counter = { changes: 0 };
  live.subscribe(() => counter.changes++);
  return counter;
}

test('DOC-183 all who watch the same share one copy and one subscription, which the last one ends', async () => {
  const { client, socket } = await online();
  const [one, two] = [client.watch(bob), client.watch({ id: 8, type: 'user' })];
  assert.deepEqual(socket.sent.map(withoutId), [ask('get_content', { key: bob, ver: null })]);
  assert.deepEqual([one.value, one.version, one.error], [undefined, null, null]);
  socket.answer(socket.last('get_content'), 200, content(1, { name: 'Bob' }));
  assert.deepEqual([one.value, one.version], [{ name: 'Bob' }, ['c', 1]]);
  assert.equal(one.value, two.value);
  const third = client.watch(bob);
  assert.equal(third.value, one.value);
  const list = client.watchPage(bob, { view: 'asc' });
  assert.equal(socket.asked('get_content').length, 1);
  one.close();
  one.close();
  third.close();
  socket.sent.length = 0;
  two.close();
  assert.deepEqual(socket.sent, []);
  list.close();
  assert.deepEqual(socket.sent, [{ type: 'notify', cls: 'revoke', data: [bob] }]);
  assert.deepEqual(client.watch(bob).value, undefined);
  assert.deepEqual(withoutId(socket.last('get_content')), ask('get_content', { key: bob, ver: null }));
});

test('DOC-183 what a page is asked by, and pages that differ in one of it', async () => {
  const { client, socket } = await online();
  const options = [{}, { view: 'asc' }, { page: 2 }, { size: 10 }, { before: 9 }] as const;
  for (const one of options) client.watchPage(room, one);
  const expected = options.map((one) => ask('get_children', { ...one, key: room, ver: null }));
  assert.deepEqual(socket.sent.map(withoutId), expected);
  assert.throws(() => client.watchPage(room, { size: 201 }), TypeError);
  assert.throws(() => client.watch({ type: 'user', id: -1 }), TypeError);
});

test('DOC-183 DOC-184 a block that names what nobody watches is confirmed, and the subscription ended', async () => {
  const { client, socket } = await online();
  client.watch(bob);
  socket.sent.length = 0;
  socket.changed('block', room, { type: 'unit', id: 3 });
  assert.deepEqual(socket.sent, [
    { type: 'notify', cls: 'revoke', data: [room, { type: 'unit', id: 3 }] },
    { type: 'result', id: 'block', cls: 'changed', status: 200 },
  ]);
});

test('DOC-183 T45 a block that names thousands of documents is answered in messages that can be read', async () => {
  const { socket } = await online();
  socket.changed('block', ...Array.from({ length: 5_000 }, (_, id) => ({ type: 'unit', id: 1e15 + id })));
  const revoked = socket.asked('revoke').map(({ data }) => (data as readonly Json[]).length);
  assert.deepEqual(
    revoked,
    Array.from({ length: 10 }, () => 500),
  );
  assert.equal(socket.sent.at(-1)?.cls, 'changed');
});

test('DOC-184 a block is confirmed at once; only what changed and is watched is asked for', async () => {
  const { client, socket, live } = await watching();
  client.watch(room);
  socket.answer(socket.last('get_content'), 200, { key: room, ver: ['r', 1], content: { name: 'Den' } });
  socket.sent.length = 0;
  const told = (id: string, content: boolean, children: boolean) =>
    socket.receive({ type: 'request', id, cls: 'changed', data: [{ key: room, content, children }] });
  told('x', false, true);
  assert.deepEqual(
    socket.sent.map(({ cls }) => cls),
    ['get_children', 'changed'],
  );
  assert.deepEqual(withoutId(socket.last('get_children')), ask('get_children', { key: room, ver: ['a', 1] }));
  socket.answer(socket.last('get_children'), 204);
  socket.sent.length = 0;
  told('y', true, false);
  assert.deepEqual(
    socket.sent.map(({ cls }) => cls),
    ['get_content', 'changed'],
  );
  assert.equal(live.value?.total, 2);
});

test('DOC-184 one question at a time, and one more if it changed meanwhile, however often', async () => {
  const { socket, live } = await watching();
  const counter = counting(live);
  for (const id of ['x', 'y', 'z']) socket.changed(id, room);
  assert.deepEqual(versions(socket), [['a', 1]]);
  const [first = {}] = socket.asked('get_children');
  socket.answer(first, 200, page(2, [entry(3), entry(2), entry(1)]));
  assert.deepEqual(
    socket.asked('get_children').map(({ data }) => (data as Json).ver),
    [
      ['a', 1],
      ['a', 2],
    ],
  );
  socket.answer(socket.last('get_children'), 204);
  assert.equal(socket.asked('get_children').length, 2);
  assert.deepEqual([counter.changes, live.version], [1, ['a', 2]]);
});

test('DOC-185 DOC-186 patches make new values, in which everything that did not change is the same object', async () => {
  const { socket, live } = await watching();
  const before = live.value;
  socket.changed('x', room);
  const patch = [
    { op: 'add', path: '/0', value: entry(3) },
    { op: 'replace', path: '/2/text', value: 'edited' },
  ];
  const { page: _, ...head } = page(2, []);
  socket.answer(socket.last('get_children'), 206, { ...head, page: 1, total: 3, patch });
  assert.deepEqual(live.value, {
    view: 'desc',
    index: 1,
    size: 50,
    total: 3,
    entries: [entry(3), entry(2), entry(1, 'edited')],
  });
  assert.equal(live.value?.entries[1], before?.entries[0]);
  assert.deepEqual(before?.entries, [entry(2), entry(1)]);
  const [now, counter] = [live.value, counting(live)];
  socket.changed('y', room);
  socket.answer(socket.last('get_children'), 206, { ...head, ver: ['a', 3], page: 1, total: 3, patch: [] });
  assert.equal(live.value, now);
  socket.changed('z', room);
  socket.answer(socket.last('get_children'), 200, page(1, [entry(3), entry(2), entry(1, 'edited')], { ver: ['b', 1] }));
  assert.equal(live.value, now);
  assert.deepEqual([counter.changes, live.version], [0, ['b', 1]]);
});

test('DOC-185 T45 a patch that does not fit changes nothing, and the whole is asked for', async () => {
  const { socket, live } = await watching();
  const before = live.value;
  const { page: _, ...head } = page(2, []);
  const wrong: Json[] = [
    { ...head, page: 1, patch: [{ op: 'remove', path: '/7' }] },
    { ...head, page: 1, size: 2, total: 3, patch: [{ op: 'add', path: '/0', value: entry(3) }] },
  ];
  for (const [index, data] of wrong.entries()) {
    socket.changed(`${index}`, room);
    socket.answer(socket.last('get_children'), 206, data);
    assert.equal(live.value, before);
    assert.deepEqual(withoutId(socket.last('get_children')), ask('get_children', { key: room, ver: null }));
    socket.answer(socket.last('get_children'), 200, page(1, [entry(2), entry(1)]));
    assert.equal(live.value, before);
  }
});

test('DOC-185 DOC-200 T45 a server that answers a question for the whole with a patch or with nothing is not believed', async () => {
  const { client, socket, clock } = await online();
  const live = client.watch(bob);
  for (const [status, data] of [
    [206, { key: bob, ver: ['c', 1], patch: [] }],
    [204, undefined],
  ] as const) {
    socket.answer(socket.last('get_content'), status, data);
    assert.deepEqual([live.value, live.error?.code], [undefined, 'unreadable']);
    clock.advance(2_000);
  }
  socket.answer(socket.last('get_content'), 200, content(1, { name: 'Bob' }));
  assert.deepEqual([live.value, live.error], [{ name: 'Bob' }, null]);
});

test('DOC-187 after reconnect only what changed or was not answered is asked for, after a new login everything', async () => {
  const { client, socket, back, live } = await watching();
  client.watch(bob);
  client.watch(room);
  socket.answer(socket.last('get_content'), 200, { key: room, ver: ['r', 1], content: { name: 'Den' } });
  const before = live.value;
  socket.drop();
  const second = back('resumed');
  assert.deepEqual(second.sent.map(withoutId), [ask('get_content', { key: bob, ver: null })]);
  second.answer(second.last('get_content'), 200, content(1, { name: 'Bob' }));
  second.changed('x', room);
  second.drop();
  const third = back('resumed', 250);
  assert.deepEqual(versions(third), [
    ['a', 1],
    ['r', 1],
  ]);
  for (const request of third.sent) third.answer(request, 204);
  third.drop();
  const fourth = back('anew', 500);
  assert.deepEqual(versions(fourth), [
    ['a', 1],
    ['c', 1],
    ['r', 1],
  ]);
  fourth.answer(fourth.last('get_children'), 200, page(1, [entry(2), entry(1)], { ver: ['b', 1] }));
  assert.equal(live.value, before);
});

test('DOC-187 DOC-183 watching begins and ends while offline', async () => {
  const { client, socket, back, live } = await watching();
  socket.drop();
  const another = client.watch(bob);
  live.close();
  const second = back('resumed');
  assert.deepEqual(second.sent.map(withoutId), [ask('get_content', { key: bob, ver: null })]);
  second.answer(second.last('get_content'), 200, content(1, {}));
  second.changed('x', room);
  assert.deepEqual(second.last('revoke').data, [room]);
  assert.deepEqual(another.value, {});
});

test('DOC-188 what is refused has an error and no value, and is asked for again after 1 s, doubled up to 60 s', async () => {
  const { client, socket, clock, live } = await watching();
  const counter = counting(live);
  socket.changed('x', room);
  socket.refuse(socket.last('get_children'), 404, 20);
  assert.deepEqual([live.value, live.version, live.error?.status, counter.changes], [undefined, null, 404, 1]);
  for (const seconds of [1, 2, 4, 8, 16, 32, 60, 60]) {
    socket.sent.length = 0;
    clock.advance(seconds * 1_000 - 1);
    assert.equal(socket.asked('get_children').length, 0, `${seconds}`);
    clock.advance(1);
    assert.deepEqual((socket.last('get_children').data as Json).ver, null);
    socket.refuse(socket.last('get_children'), 403, 40);
  }
  const joined = client.add(client.keys.rooms, { key: room });
  socket.answer(socket.last('add_child'), 200, { key: room });
  await joined;
  socket.answer(socket.last('get_children'), 200, page(1, [entry(1)]));
  assert.deepEqual([live.value?.total, live.error], [1, null]);
  socket.changed('y', room);
  socket.refuse(socket.last('get_children'), 404, 20);
  clock.advance(1_000);
  socket.changed('z', room);
  socket.refuse(socket.last('get_children'), 404, 20);
  assert.equal(live.error?.status, 404);
  const asked = socket.asked('get_children').length;
  live.close();
  clock.advance(25_000);
  assert.equal(socket.asked('get_children').length, asked);
});

test('DOC-188 after 500 the value stays; after 400 only the next connection asks again', async () => {
  const { socket, clock, live, back } = await watching();
  const before = live.value;
  socket.changed('x', room);
  socket.refuse(socket.last('get_children'), 500, 99);
  assert.deepEqual([live.value, live.error], [before, null]);
  clock.advance(1_000);
  socket.refuse(socket.last('get_children'), 400);
  assert.deepEqual([live.value, live.error?.status], [undefined, 400]);
  const asked = socket.asked('get_children').length;
  clock.advance(25_000);
  assert.equal(socket.asked('get_children').length, asked);
  socket.drop();
  assert.equal(back('resumed').asked('get_children').length, 1);
});

test('DOC-189 at most 16 questions are open, in the order in which they were asked', async () => {
  const { client, socket } = await online();
  for (let id = 0; id < 40; id++) client.watch({ type: 'unit', id });
  const ids = () => socket.sent.map(({ data }) => ((data as Json).key as Json).id);
  assert.deepEqual(
    ids(),
    Array.from({ length: 16 }, (_, id) => id),
  );
  const [first = {}, second = {}] = socket.sent;
  socket.answer(second, 200, { key: { type: 'unit', id: 1 }, ver: ['a', 1], content: {} });
  socket.refuse(first, 404, 20);
  assert.deepEqual(ids().slice(16), [16, 17]);
});

test('DOC-189 after 503 nothing is asked before its time has passed, and a refused confirmation comes again', async () => {
  const { client, socket, clock } = await online();
  for (let id = 0; id < 20; id++) client.watch({ type: 'unit', id });
  const [first = {}, ...others] = socket.sent;
  socket.refuse(first, 503, 50, { retry_after: 2 });
  for (const { id, cls, data } of others)
    socket.answer({ id, cls }, 200, { key: (data as Json).key as Json, ver: ['a', 1], content: {} });
  assert.equal(socket.sent.length, 16);
  clock.advance(1_999);
  assert.equal(socket.sent.length, 16);
  clock.advance(1);
  assert.deepEqual(
    socket.sent.slice(16).map(({ data }) => ((data as Json).key as Json).id),
    [16, 17, 18, 19, 0],
  );

  socket.sent.length = 0;
  socket.changed('block', { type: 'unit', id: 5 });
  socket.refuse({ id: 'block', cls: 'changed' }, 503, 50, { retry_after: 1 });
  clock.advance(1_000);
  assert.deepEqual(
    socket.asked('changed').map(({ id, status }) => [id, status]),
    [
      ['block', 200],
      ['block', 200],
    ],
  );
});

test('DOC-189 T45 a server that wants to be left alone for years is asked again after an hour', async () => {
  const { client, socket, clock } = await online();
  client.watch(bob);
  socket.refuse(socket.last('get_content'), 503, 50, { retry_after: Number.MAX_SAFE_INTEGER });
  assert.equal(clock.timers, 2);
  clock.advance(25_000);
  assert.equal(socket.asked('get_content').length, 1);
  for (let seconds = 25; seconds < 3_600; seconds += 25) {
    socket.receive('{}');
    clock.advance(25_000);
  }
  assert.equal(socket.asked('get_content').length, 2);
});

test('DOC-190 iterating gives the present value and then the newest ones, until it is closed', async () => {
  const { socket, live } = await watching();
  const totals: number[] = [];
  const reading = (async () => {
    for await (const { total } of live) totals.push(total);
  })();
  await setImmediate();
  const change = (number: number) => {
    socket.changed(`${number}`, room);
    socket.answer(socket.last('get_children'), 200, page(number, [], { total: number }));
  };
  change(3);
  change(4);
  await setImmediate();
  socket.changed('gone', room);
  socket.refuse(socket.last('get_children'), 404, 20);
  await setImmediate();
  live.close();
  await reading;
  assert.deepEqual(totals, [2, 4]);
});

test('DOC-190 what is watched after the end of the client has ended, too', async () => {
  const { client, socket } = await watching();
  const closed = client.close();
  socket.answer(socket.last('logout'));
  await closed;
  for await (const value of client.watch(bob)) assert.fail(JSON.stringify(value));
  for await (const value of client.watchPage(room)) assert.equal(value.total, 2);
});

test('DOC-190 a listener that is called no more, and a loop that is left, leave nothing behind', async () => {
  const { socket, live, client } = await watching();
  let calls = 0;
  const stop = live.subscribe(() => calls++);
  stop();
  stop();
  for await (const value of live) {
    assert.equal(value.total, 2);
    break;
  }
  socket.changed('x', room);
  socket.answer(socket.last('get_children'), 200, page(2, []));
  live.close();
  live.subscribe(() => calls++)();
  const again = client.watchPage(room);
  socket.answer(socket.last('get_children'), 200, page(3, [entry(1)]));
  assert.deepEqual([calls, again.value?.total], [0, 1]);
});
