import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../../testing/clock.ts';
import { TestViews } from '../../testing/views.ts';
import { MemoryStorage } from '../storage/memory/storage.ts';
import { DIRECTORY, type ViewKey } from './view-key.ts';

/** What each of these people gets: the types of the refusals, or of the answers. */
async function outcomes(test: TestViews, people: readonly number[], key: ViewKey, part: 'content' | 'children') {
  const found: string[] = [];
  for (const viewer of people) {
    const order = key.type === 'rooms' ? 'recent' : 'asc';
    found.push(
      await test.outcome<unknown>(part === 'content' ? test.content(viewer, key) : test.page(viewer, key, { order })),
    );
  }
  return found.join(' ');
}

test('VIEW-51 T25 contacts, blocks and rooms are only for their own person', async () => {
  const test = await TestViews.open();
  const [alice, bob] = [await test.app.member('alice'), await test.app.member('bob')];
  for (const type of ['contacts', 'blocks', 'rooms'] as const) {
    for (const part of ['content', 'children'] as const)
      assert.equal(await outcomes(test, [alice, bob], { type, id: alice }, part), 'whole not-found');
  }
});

test('VIEW-52 VIEW-53 T25 outsiders see an open room and its members, nothing of a closed one, and no messages', async () => {
  const test = await TestViews.open();
  const [alice, bob, guest] = [
    await test.app.member('alice'),
    await test.app.member('bob'),
    await test.app.enter('gus'),
  ];
  const open = await test.app.group(alice, 'open');
  const closed = await test.app.group(alice, 'closed', true);
  for (const room of [open, closed]) await test.app.post(alice, 'hello', room);
  const people = [alice, bob, guest];
  const keys = (id: number) =>
    [
      [{ type: 'room', id }, 'content'],
      [{ type: 'members', id }, 'children'],
      [{ type: 'member', id, number: alice }, 'content'],
      [{ type: 'room', id }, 'children'],
      [{ type: 'message', id, number: 1 }, 'content'],
    ] as const;
  const of = async (id: number) => {
    const found: string[] = [];
    for (const [key, part] of keys(id)) found.push(await outcomes(test, people, key, part));
    return found;
  };
  const seen = 'whole whole whole';
  const kept = 'whole not-member not-member';
  assert.deepEqual(await of(open), [seen, seen, seen, kept, kept]);
  assert.deepEqual(
    await of(closed),
    Array.from({ length: 5 }, () => 'whole not-found not-found'),
  );
  assert.deepEqual(
    await of(987_654),
    Array.from({ length: 5 }, () => 'not-found not-found not-found'),
  );
  assert.equal(await outcomes(test, [alice], { type: 'member', id: open, number: bob }, 'content'), 'not-found');
  for (const number of [0, 2, 1.5, -1])
    assert.equal(await outcomes(test, [alice], { type: 'message', id: open, number }, 'content'), 'not-found');
});

test('VIEW-53 VIEW-33 T25 a withheld message does not exist for the one who blocks, also where both block', async () => {
  const test = await TestViews.open();
  const [alice, bob] = [await test.app.member('alice'), await test.app.member('bob')];
  const first = await test.app.direct(alice, 'bob', 'first');
  assert.ok(first.ok);
  const id = first.value.message.room;
  const block = (who: number, whom: string) =>
    test.app.must((world, done) => world.relationships.set('block', who, whom, true, done));
  await block(bob, 'alice');
  await test.app.direct(alice, 'bob', 'from alice');
  await block(alice, 'bob');
  await test.app.direct(bob, 'alice', 'from bob');
  const numbers = async (viewer: number) => {
    const page = await test.whole(test.page(viewer, { type: 'room', id }, { order: 'desc' }));
    return [page.total, ...page.entries.map((child) => (child.type === 'message' ? child.number : 0))];
  };
  const answers = [alice, bob].map((viewer) => test.must(test.page(viewer, { type: 'room', id }, { order: 'desc' })));
  const [hers, his] = (await Promise.all(answers)).map(({ version }) => version);
  assert.equal(hers?.number, his?.number);
  assert.notEqual(hers?.identity, his?.identity, 'the pages of the two are not the same');
  assert.deepEqual(await numbers(alice), [2, 2, 1]);
  assert.deepEqual(await numbers(bob), [2, 3, 1]);
  assert.equal(await outcomes(test, [alice, bob], { type: 'message', id, number: 2 }, 'content'), 'whole not-found');
  assert.equal(await outcomes(test, [alice, bob], { type: 'message', id, number: 3 }, 'content'), 'not-found whole');
});

test('VIEW-50 VIEW-54 T25 everybody sees people, units and the directory, if they exist', async () => {
  const test = await TestViews.open();
  const [alice, guest] = [await test.app.member('alice'), await test.app.enter('gus')];
  const people = [alice, guest];
  assert.equal(await outcomes(test, people, { type: 'person', id: alice }, 'content'), 'whole whole');
  assert.equal(await outcomes(test, people, { type: 'person', id: 55_555 }, 'content'), 'not-found not-found');
  assert.equal(await outcomes(test, people, { type: 'person', id: alice }, 'children'), 'not-found not-found');
  assert.equal(await outcomes(test, people, { type: 'directory', id: DIRECTORY }, 'children'), 'whole whole');
  assert.equal(await outcomes(test, people, { type: 'directory', id: 7 }, 'children'), 'not-found not-found');
  assert.equal(await outcomes(test, people, { type: 'unit', id: 1 }, 'children'), 'whole whole');
  assert.equal(await outcomes(test, people, { type: 'unit', id: 5 }, 'content'), 'not-found not-found');
  await test.app.must((world, done) => world.setStatus(guest, 'Offline', done));
  assert.equal(await outcomes(test, people, { type: 'person', id: guest }, 'content'), 'not-found whole');
});

test('VIEW-55 T27 who has left a room while the answer was read gets nothing of it', async () => {
  const clock = new FakeClock();
  const storage = new MemoryStorage(clock);
  const read = storage.page.bind(storage);
  const gate = Promise.withResolvers<void>();
  let isSlow = false;
  storage.page = async (...asked) => {
    if (isSlow) await gate.promise;
    return read(...asked);
  };
  const test = await TestViews.open({ clock, storage });
  const [alice, bob] = [await test.app.member('alice'), await test.app.member('bob')];
  const id = await test.app.group(alice, 'open');
  await test.app.must((world, done) => world.rooms.join(bob, id, done));
  await test.whole(test.page(bob, { type: 'room', id }));
  await test.app.post(alice, 'secret', id);
  isSlow = true;
  const answers = [
    test.outcome(test.page(bob, { type: 'room', id })),
    test.outcome(test.content(bob, { type: 'message', id, number: 1 })),
    test.outcome(test.page(alice, { type: 'room', id })),
  ];
  await test.app.must((world, done) => world.rooms.leave(bob, id, done));
  gate.resolve();
  assert.deepEqual(await Promise.all(answers), ['not-member', 'not-member', 'whole']);
});
