import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TestViews } from '../../../testing/views.ts';
import type { Part, ViewKey } from '../view-key.ts';

const LOOK_MS = 50;

/** Watches documents and says what was told since the last time. */
function watching(test: TestViews, keys: { readonly [name: string]: ViewKey }, viewer = 0): () => string[] {
  const told: string[] = [];
  for (const [name, key] of Object.entries(keys)) test.views.watch(viewer, key, (part) => told.push(`${name} ${part}`));
  return () => {
    test.app.clock.advance(LOOK_MS);
    return told.splice(0).toSorted();
  };
}

/** Asks for everything that is watched, so that the next change of it is told. */
async function askAll(test: TestViews, viewer: number, keys: { readonly [name: string]: ViewKey }): Promise<void> {
  for (const key of Object.values(keys)) {
    await test.outcome(test.content(viewer, key));
    await test.outcome(test.page(viewer, key, { order: 'asc' }));
  }
}

test('VIEW-60 VIEW-61 each change is told to the documents that it may change, and to no other', async () => {
  const test = await TestViews.open();
  const { world } = test.app;
  const [alice, bob, carol] = [
    await test.app.member('alice'),
    await test.app.member('bob'),
    await test.app.member('carol'),
  ];
  const room = await test.app.group(alice, 'team');
  await test.app.must((_, done) => world.rooms.join(bob, room, done));
  await test.app.post(alice, 'hello', room);
  await test.app.must((_, done) => world.relationships.set('contact', alice, 'bob', true, done));
  const keys: { readonly [name: string]: ViewKey } = {
    alice: { type: 'person', id: alice },
    bob: { type: 'person', id: bob },
    contacts: { type: 'contacts', id: alice },
    blocks: { type: 'blocks', id: alice },
    rooms: { type: 'rooms', id: alice },
    room: { type: 'room', id: room },
    members: { type: 'members', id: room },
    member: { type: 'member', id: room, number: bob },
    message: { type: 'message', id: room, number: 1 },
    everyone: { type: 'unit', id: 1 },
    directory: { type: 'directory', id: 1 },
  };
  await askAll(test, alice, keys);
  const told = watching(test, keys);
  const after = async (run: Promise<unknown>) => {
    await run;
    const found = told();
    await askAll(test, alice, keys);
    return found.join(', ');
  };
  const must = <T>(run: Parameters<typeof test.app.must<T>>[0]) => after(test.app.must(run));
  assert.equal(await after(Promise.resolve()), '');
  assert.equal(await after(test.app.post(bob, 'two', room)), 'room children, rooms children');
  assert.equal(await must((_, done) => world.rooms.read(bob, room, 1, done)), 'message content, rooms children');
  assert.equal(
    await must((_, done) => world.setStatus(bob, 'Busy', done)),
    'bob content, contacts children, everyone children, members children',
  );
  assert.equal(await must((_, done) => world.setStatus(carol, 'Busy', done)), 'everyone children');
  assert.equal(
    await must((_, done) => world.relationships.set('contact', alice, 'carol', true, done)),
    'contacts children',
  );
  assert.equal(
    await must((_, done) => world.relationships.set('block', alice, 'carol', true, done)),
    'blocks children',
  );
  assert.equal(
    await must((_, done) => world.rooms.join(carol, room, done)),
    'members children, room content, rooms children',
  );
  assert.equal(
    await must((_, done) => world.rooms.leave(bob, room, done)),
    'member content, members children, room content, rooms children',
  );
  assert.equal(
    await must((_, done) => world.management.rename(alice, room, 'Team', done)),
    'room content, rooms children',
  );
  assert.equal(await after(test.app.register('dan')), 'everyone children, rooms children', 'everybody joins the lobby');
  const operator = { type: 'operator' } as const;
  const units = 'directory children, directory content, everyone children, everyone content';
  assert.equal(await must((_, done) => world.units.create(operator, 'sales', null, done)), units);
});

test('VIEW-60 a change is told once until somebody asks, however often it happens', async () => {
  const test = await TestViews.open();
  const [alice, bob] = [await test.app.member('alice'), await test.app.member('bob')];
  await test.app.must((world, done) => world.relationships.set('contact', alice, 'bob', true, done));
  const key = { type: 'contacts', id: alice } as const;
  const told = watching(test, { first: key, second: key });
  const change = (text: string) => test.app.must((world, done) => world.setStatus(bob, text, done));
  for (const text of ['Busy', 'Away', 'Busy']) await change(text);
  assert.deepEqual(told(), ['first children', 'second children']);
  await change('Away');
  assert.deepEqual(told(), []);
  await test.outcome(test.page(alice, key));
  assert.deepEqual(told(), [], 'what was asked for is known');
  await change('Busy');
  assert.deepEqual(told(), ['first children', 'second children']);
});

test('VIEW-60 a watch that ended is told nothing', async () => {
  const test = await TestViews.open();
  const alice = await test.app.member('alice');
  const told: Part[] = [];
  const end = test.views.watch(alice, { type: 'person', id: alice }, (part) => told.push(part));
  end();
  end();
  await test.app.must((world, done) => world.setStatus(alice, 'Busy', done));
  test.app.clock.advance(LOOK_MS);
  assert.deepEqual(told, []);
});

test('VIEW-61 the display name of the other person changes the content of a direct', async () => {
  const test = await TestViews.open();
  const [alice, bob, carol] = [
    await test.app.member('alice'),
    await test.app.member('bob'),
    await test.app.member('carol'),
  ];
  const direct = await test.app.direct(alice, 'bob', 'hello');
  assert.ok(direct.ok);
  const key = { type: 'room', id: direct.value.message.room } as const;
  await test.outcome(test.content(alice, key));
  const told = watching(test, { direct: key });
  const rename = (person: number, displayName: string) =>
    test.app.must((world, done) => world.accounts.setProfile(person, { displayName }, done));
  await rename(carol, 'C');
  assert.deepEqual(told(), []);
  await rename(bob, 'B');
  assert.deepEqual(told(), ['direct content']);
});

test('VIEW-62 what was loaded anew may have changed', async () => {
  const test = await TestViews.open();
  const alice = await test.app.member('alice');
  const room = await test.app.group(alice, 'team');
  await test.app.post(alice, 'hello', room);
  const keys: { readonly [name: string]: ViewKey } = {
    contacts: { type: 'contacts', id: alice },
    rooms: { type: 'rooms', id: alice },
    room: { type: 'room', id: room },
    members: { type: 'members', id: room },
    message: { type: 'message', id: room, number: 1 },
    alice: { type: 'person', id: alice },
    everyone: { type: 'unit', id: 1 },
  };
  const told = watching(test, keys);
  await askAll(test, alice, keys);
  test.views.resync(room);
  assert.deepEqual(told(), ['members children', 'message content', 'room children', 'room content', 'rooms children']);
  await askAll(test, alice, keys);
  test.views.reloaded(`person/${alice}`);
  assert.deepEqual(told(), ['contacts children', 'rooms children']);
  await askAll(test, alice, keys);
  test.views.reloaded('directory');
  const all = ['alice content', 'contacts children', 'everyone children', 'everyone content', 'members children'];
  assert.deepEqual(told(), [...all, 'room content', 'rooms children']);
});

test('VIEW-63 T27 who leaves a room is told of all that was watched there, whether or not it was asked for, and nobody else is', async () => {
  const test = await TestViews.open();
  const { world } = test.app;
  const [alice, bob] = [await test.app.member('alice'), await test.app.member('bob')];
  const room = await test.app.group(alice, 'team');
  await test.app.must((_, done) => world.rooms.join(bob, room, done));
  await test.app.post(alice, 'hello', room);
  const keys = {
    room: { type: 'room', id: room },
    members: { type: 'members', id: room },
    alice: { type: 'member', id: room, number: alice },
    message: { type: 'message', id: room, number: 1 },
    lobby: { type: 'room', id: world.lobby },
  } as const;
  const [toldAlice, toldBob] = [watching(test, keys, alice), watching(test, keys, bob)];
  await askAll(test, bob, keys);
  await test.app.must((_, done) => world.rooms.leave(bob, room, done));
  const all = [
    'alice content',
    'members children',
    'members content',
    'message content',
    'room children',
    'room content',
  ];
  assert.deepEqual([...new Set(toldBob())], all);
  assert.deepEqual(toldAlice(), ['members children', 'room content']);
});
