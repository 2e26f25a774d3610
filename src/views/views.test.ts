import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TestViews } from '../../testing/views.ts';
import { countingIds } from '../../testing/ids.ts';
import { defaultPassword, TestWorld } from '../../testing/world.ts';
import { Budget } from './lists/budget.ts';
import type { Page, Version, ViewAnswer } from './answer.ts';
import type { ViewKey } from './view-key.ts';
import { type Child, Views } from './views.ts';

const names = (entries: readonly Child[]) => entries.map((child) => ('displayName' in child ? child.displayName : ''));

/** Asks again for a list that somebody has at this version. */
async function again(test: TestViews, viewer: number, key: ViewKey, version: Version, order: 'asc' | 'recent' = 'asc') {
  return test.must(test.page(viewer, key, { version, order }));
}

test('VIEW-07 VIEW-20 contacts show who came, went and changed since', async () => {
  const test = await TestViews.open();
  const [alice] = [await test.app.member('alice')];
  for (const name of ['carol', 'bob', 'dan']) await test.app.register(name);
  const set = (name: string, on: boolean) =>
    test.app.must((world, done) => world.relationships.set('contact', alice, name, on, done));
  for (const name of ['bob', 'carol']) await set(name, true);
  const key = { type: 'contacts', id: alice } as const;
  const first = await test.must(test.page(alice, key));
  assert.ok(first.type === 'whole');
  assert.deepEqual(names(first.value.entries), ['bob', 'carol']);
  await set('dan', true);
  await set('carol', false);
  const bob = await test.app.login('bob');
  const second = await again(test, alice, key, first.version);
  assert.ok(second.type === 'changed');
  assert.equal(second.version.number, first.version.number + 1);
  assert.deepEqual(
    [names(second.before.entries), names(second.after.entries)],
    [
      ['bob', 'carol'],
      ['bob', 'dan'],
    ],
  );
  const shown = second.after.entries[0];
  assert.ok(shown?.type === 'person' && shown.id === bob && shown.presence === 'online' && shown.connected);
  assert.equal((await again(test, alice, key, second.version)).type, 'same');
  await test.app.must((world, done) => world.accounts.setProfile(bob, { displayName: 'Zed' }, done));
  const third = await again(test, alice, key, second.version);
  assert.deepEqual(third.type === 'changed' && names(third.after.entries), ['dan', 'Zed']);
});

test('VIEW-27 VIEW-28 rooms show what is unread, the last message and how far others have read', async () => {
  const test = await TestViews.open();
  const [alice, bob] = [await test.app.member('alice'), await test.app.member('bob')];
  const lobby = test.app.world.lobby;
  const group = await test.app.group(alice, 'team');
  await test.app.post(alice, 'before bob', group);
  await test.app.must((world, done) => world.rooms.join(bob, group, done));
  for (const text of ['one', 'two']) await test.app.post(alice, text, group);
  const key = { type: 'rooms', id: bob } as const;
  const first = await test.must(test.page(bob, key, { order: 'recent' }));
  assert.ok(first.type === 'whole');
  assert.deepEqual(names(first.value.entries), ['team', 'lobby']);
  const team = first.value.entries[0];
  assert.ok(team?.type === 'room');
  assert.deepEqual([team.number, team.unread, team.seen, team.seenBy, team.total], [3, 2, 0, 0, 2]);
  assert.deepEqual([team.last?.text, team.members.map(({ name }) => name)], ['two', ['alice', 'bob']]);

  await test.app.must((world, done) => world.rooms.read(bob, group, 2, done));
  await test.app.must((world, done) => world.rooms.read(alice, group, 3, done));
  await test.app.post(alice, 'in the lobby', lobby);
  const second = await again(test, bob, key, first.version, 'recent');
  assert.ok(second.type === 'changed');
  assert.deepEqual(names(second.after.entries), ['lobby', 'team']);
  const read = second.after.entries[1];
  assert.ok(read?.type === 'room');
  assert.deepEqual([read.number, read.unread, read.seen, read.seenBy], [3, 1, 2, 3]);

  const direct = await test.app.direct(alice, 'bob', 'only for you');
  assert.ok(direct.ok);
  const third = await again(test, bob, key, second.version, 'recent');
  assert.deepEqual(third.type === 'changed' && names(third.after.entries), ['alice', 'lobby', 'team']);
  await test.app.must((world, done) => world.accounts.setProfile(alice, { displayName: 'Alice A.' }, done));
  const fourth = await again(test, bob, key, third.version, 'recent');
  assert.deepEqual(fourth.type === 'changed' && names(fourth.after.entries), ['Alice A.', 'lobby', 'team']);
  await test.app.must((world, done) => world.rooms.leave(bob, group, done));
  const fifth = await again(test, bob, key, fourth.version, 'recent');
  assert.deepEqual(fifth.type === 'changed' && names(fifth.after.entries), ['Alice A.', 'lobby']);
});

test('VIEW-26 VIEW-33 what is withheld from a person does not bring its room to the front of their list', async () => {
  const test = await TestViews.open();
  const [alice, bob] = [await test.app.member('alice'), await test.app.member('bob')];
  await test.app.direct(alice, 'bob', 'seen');
  await test.app.must((world, done) => world.relationships.set('block', bob, 'alice', true, done));
  await test.app.post(bob, 'hello');
  await test.app.direct(alice, 'bob', 'unseen');
  const first = async (viewer: number) => {
    const page = await test.must(test.page(viewer, { type: 'rooms', id: viewer }, { order: 'recent' }));
    const [entry] = page.type === 'whole' ? page.value.entries : [];
    return entry?.type === 'room' ? entry.last?.text : null;
  };
  assert.deepEqual([await first(alice), await first(bob)], ['unseen', 'hello']);
});

test('VIEW-27 the last message of a room has the name that its author had then, also after an edit', async () => {
  const test = await TestViews.open();
  const [alice, gus] = [await test.app.member('alice'), await test.app.enter('gus')];
  const lastAuthor = async () => {
    const page = await test.must(test.page(alice, { type: 'rooms', id: alice }, { order: 'recent' }));
    const [entry] = page.type === 'whole' ? page.value.entries : [];
    return entry?.type === 'room' ? [entry.last?.text, entry.last?.author.name] : null;
  };
  assert.deepEqual(await lastAuthor(), [undefined, undefined]);
  const posted = await test.app.post(gus, 'hello');
  assert.ok(posted.ok);
  await test.app.must((world, done) => world.rename(gus, 'august', done));
  await test.app.must((world, done) => world.messages.edit(gus, posted.value.id, 'good day', done));
  assert.deepEqual(await lastAuthor(), ['good day', 'gus']);
});

test('VIEW-27 VIEW-33 what is withheld is neither unread nor the last message', async () => {
  const test = await TestViews.open();
  const [alice, bob] = [await test.app.member('alice'), await test.app.member('bob')];
  await test.app.direct(alice, 'bob', 'seen');
  await test.app.must((world, done) => world.relationships.set('block', bob, 'alice', true, done));
  await test.app.direct(alice, 'bob', 'unseen');
  const of = async (viewer: number) => {
    const page = await test.must(test.page(viewer, { type: 'rooms', id: viewer }, { order: 'recent' }));
    const { entries } = page.type === 'whole' ? page.value : { entries: [] };
    const direct = entries.find((entry) => entry.type === 'room' && entry.other !== null);
    assert.ok(direct?.type === 'room');
    return [direct.last?.text, direct.unread];
  };
  assert.deepEqual(
    [await of(alice), await of(bob)],
    [
      ['unseen', 0],
      ['seen', 1],
    ],
    'as loaded',
  );
  await test.app.direct(alice, 'bob', 'unseen too');
  await test.app.direct(bob, 'alice', 'an answer');
  await test.app.direct(alice, 'bob', 'unseen again');
  assert.equal((await test.must(test.page(bob, { type: 'rooms', id: bob }, { order: 'asc' }))).type, 'whole');
  const last = await of(bob);
  assert.deepEqual(last[0], 'an answer', 'as it happened');
});

test('VIEW-25 members of the lobby: people come and go, guests too', async () => {
  const test = await TestViews.open();
  const alice = await test.app.member('alice');
  await test.app.register('bob');
  const key = { type: 'members', id: test.app.world.lobby } as const;
  const ask = (version: Version | null = null) =>
    test.must(test.page(alice, key, { order: 'asc_pres_first', version }));
  const first = await ask();
  assert.deepEqual(first.type === 'whole' && names(first.value.entries), ['alice', 'bob']);
  const guest = await test.app.enter('zoe');
  const second = await ask(first.version);
  assert.deepEqual(second.type === 'changed' && names(second.after.entries), ['alice', 'zoe', 'bob']);
  const shown = second.type === 'changed' ? second.after.entries[1] : undefined;
  assert.ok(shown?.type === 'member' && shown.role === null);
  test.app.world.leave(guest, { type: 'left' });
  await test.app.settle();
  const third = await ask(second.version);
  assert.deepEqual(third.type === 'changed' && names(third.after.entries), ['alice', 'bob']);
});

test('VIEW-24 units come before people, and everyone is a unit', async () => {
  const test = await TestViews.open();
  const alice = await test.app.member('alice');
  const operator = { type: 'operator' } as const;
  const make = (name: string, parent: number | null) =>
    test.app.must<{ id: number }>((world, done) => world.units.create(operator, name, parent, done));
  const { id } = await make('sales', null);
  await make('zurich', id);
  await test.app.must((world, done) => world.units.setMembers(operator, id, [alice], true, done));
  const key = { type: 'unit', id } as const;
  const first = await test.must(test.page(alice, key));
  assert.deepEqual(first.type === 'whole' && names(first.value.entries), ['zurich', 'alice']);
  await make('berlin', id);
  const second = await again(test, alice, key, first.version);
  assert.deepEqual(second.type === 'changed' && names(second.after.entries), ['berlin', 'zurich', 'alice']);
  const top = await test.whole(test.page(alice, { type: 'directory', id: 1 }));
  assert.deepEqual(names(top.entries), ['everyone', 'sales']);
  const all = await test.must(test.page(alice, { type: 'unit', id: 1 }));
  await test.app.register('bob');
  const more = await again(test, alice, { type: 'unit', id: 1 }, all.version);
  assert.deepEqual(more.type === 'changed' && names(more.after.entries), ['alice', 'bob']);
  const content = await test.whole(test.content(alice, key));
  assert.deepEqual(content, { type: 'unit', displayName: 'sales', parent: null });
});

test('VIEW-39 VIEW-40 the content of a group says which parts may have changed since a position', async () => {
  const test = await TestViews.open();
  const [alice, bob] = [await test.app.member('alice'), await test.app.member('bob')];
  const id = await test.app.group(alice, 'team');
  const key = { type: 'room', id } as const;
  const first = await test.must(test.content(alice, key));
  assert.ok(first.type === 'whole' && first.value.type === 'room');
  assert.deepEqual([first.value.name, first.value.displayName, first.value.open], ['team', 'team', true]);
  assert.deepEqual([first.value.members, first.value.total], [[{ id: alice, name: 'alice' }], 1]);
  assert.equal((await test.must(test.content(alice, key, first.version))).type, 'same');
  await test.app.post(alice, 'hello', id);
  const second = await test.must(test.content(alice, key, first.version));
  assert.ok(second.type === 'changed');
  assert.deepEqual(second.before, second.after, 'a message changes nothing here');
  await test.app.must((world, done) => world.rooms.join(bob, id, done));
  const third = await test.must(test.content(alice, key, first.version));
  assert.ok(third.type === 'changed' && third.before.type === 'room' && third.after.type === 'room');
  assert.deepEqual(
    third.after.members.map(({ name }) => name),
    ['alice', 'bob'],
  );
  assert.deepEqual([third.before.displayName, third.after.displayName], ['team', 'team']);
  assert.notDeepEqual(third.before.members, third.after.members);
  assert.notEqual(third.before.total, third.after.total);
  await test.app.must((world, done) => world.management.rename(alice, id, 'The team', done));
  const fourth = await test.must(test.content(alice, key, third.version));
  assert.ok(fourth.type === 'changed' && fourth.before.type === 'room' && fourth.after.type === 'room');
  assert.equal(fourth.after.displayName, 'The team');
  assert.notEqual(fourth.before.displayName, fourth.after.displayName);
  assert.deepEqual(fourth.before.members, fourth.after.members);
});

test('VIEW-47 the number of people in the lobby counts visible guests in lists of rooms, as the list of members does; its content counts members', async () => {
  const test = await TestViews.open();
  const { lobby } = test.app.world;
  const alice = await test.app.member('alice');
  const key = { type: 'room', id: lobby } as const;
  const rooms = { type: 'rooms', id: alice } as const;
  const totals = async () => {
    const content = await test.whole(test.content(alice, key));
    const list = await again(test, alice, rooms, { identity: 'none', number: 0 }, 'recent');
    const [entry] = list.type === 'whole' ? list.value.entries : [];
    const members = await test.whole(test.page(alice, { type: 'members', id: lobby }));
    return [content.type === 'room' && content.total, entry?.type === 'room' && entry.total, members.total];
  };
  const soon = () => test.app.clock.advance(1_000);
  assert.deepEqual(await totals(), [1, 1, 1]);
  const guests = [await test.app.enter('zoe'), await test.app.enter('yan')];
  soon();
  assert.deepEqual(await totals(), [1, 3, 3]);
  const first = await test.must(test.content(alice, key));
  await test.app.must((world, done) => world.setStatus(guests[0] ?? 0, 'Offline', done));
  soon();
  assert.deepEqual(await totals(), [1, 2, 2]);
  assert.equal((await test.must(test.content(alice, key, first.version))).type, 'same', 'guests are no members');
  await test.app.must(
    (world, done) =>
      void world.accounts.register(
        world.actor(guests[1] ?? 0) ?? null,
        { name: 'yan', displayName: null, password: defaultPassword, role: 'user' },
        done,
      ),
  );
  soon();
  assert.deepEqual(await totals(), [2, 2, 2], 'a guest became an account');
  const third = await test.must(test.content(alice, key, first.version));
  assert.ok(third.type === 'changed' && third.after.type === 'room');
  assert.deepEqual(third.after.members.length, 2);
  test.app.world.leave(guests[0] ?? 0, { type: 'left' });
  await test.app.settle();
  soon();
  assert.deepEqual(await totals(), [2, 2, 2], 'nobody saw this guest');
});

test('VIEW-47 guests who come together are told once, and then once more for all of the next second', async () => {
  const test = await TestViews.open();
  const alice = await test.app.member('alice');
  const key = { type: 'rooms', id: alice } as const;
  let told: string[] = [];
  test.views.watch(alice, key, (part) => told.push(part));
  const after = async (ms: number) => {
    test.app.clock.advance(ms);
    const found = told;
    told = [];
    await test.page(alice, key, { order: 'recent' });
    return found;
  };
  await test.app.enter('one');
  assert.deepEqual(await after(50), ['children']);
  await test.app.enter('two');
  await test.app.enter('three');
  assert.deepEqual(await after(900), []);
  assert.deepEqual(await after(100), ['children']);
  assert.deepEqual(await after(5_000), []);
  await test.app.login('alice');
  assert.deepEqual(await after(1_000), [], 'an account is in the lobby whether it is there or not');
});

test('VIEW-41 a direct has the name of the other person, for each of the two', async () => {
  const test = await TestViews.open();
  const [alice, bob] = [await test.app.member('alice'), await test.app.member('bob')];
  const direct = await test.app.direct(alice, 'bob', 'hello');
  assert.ok(direct.ok);
  const key = { type: 'room', id: direct.value.message.room } as const;
  const name = async (viewer: number, since: Version | null = null) => {
    const answer = await test.must(test.content(viewer, key, since));
    const content = answer.type === 'whole' ? answer.value : answer.type === 'changed' ? answer.after : null;
    return [content?.type === 'room' ? content.displayName : answer.type, answer.version] as const;
  };
  assert.equal((await name(bob))[0], 'alice');
  const [shown, version] = await name(alice);
  assert.equal(shown, 'bob');
  assert.equal((await name(alice, version))[0], 'same');
  await test.app.must((world, done) => world.accounts.setProfile(bob, { displayName: 'Bobby' }, done));
  assert.equal((await name(alice, version))[0], 'Bobby');
});

test('VIEW-45 a message is read when the viewer has read it; an own one when somebody else has', async () => {
  const test = await TestViews.open();
  const [alice, bob] = [await test.app.member('alice'), await test.app.member('bob')];
  const id = await test.app.group(alice, 'team');
  await test.app.must((world, done) => world.rooms.join(bob, id, done));
  await test.app.post(alice, 'hello', id);
  const key = { type: 'message', id, number: 1 } as const;
  const [own, other] = [await test.must(test.content(alice, key)), await test.must(test.content(bob, key))];
  const readOf = (answer: typeof own) => {
    const content = answer.type === 'whole' ? answer.value : answer.type === 'changed' ? answer.after : null;
    return content?.type === 'message' && content.read;
  };
  assert.deepEqual([readOf(own), readOf(other)], [false, false]);
  await test.app.must((world, done) => world.rooms.read(alice, id, 1, done));
  assert.equal((await test.must(test.content(alice, key, own.version))).type, 'same', 'reading it oneself');
  await test.app.must((world, done) => world.rooms.read(bob, id, 1, done));
  const [ownNow, otherNow] = [
    await test.must(test.content(alice, key, own.version)),
    await test.must(test.content(bob, key)),
  ];
  assert.deepEqual([ownNow.type, readOf(ownNow), readOf(otherNow)], ['changed', true, true]);
});

test('VIEW-12 VIEW-08 without memory for a list every answer is the whole', async () => {
  const test = await TestViews.open({}, new Budget(10));
  const alice = await test.app.member('alice');
  const key = { type: 'members', id: test.app.world.lobby } as const;
  const first = await test.must(test.page(alice, key));
  const second = await test.must(test.page(alice, key, { version: first.version }));
  assert.deepEqual([first.type, second.type], ['whole', 'whole']);
  assert.notEqual(first.version.identity, second.version.identity);
});

test('VIEW-22 VIEW-29 lists share the entry of a person, and have identities of their own', async () => {
  const test = await TestViews.open();
  const alice = await test.app.member('alice');
  const unit = { type: 'unit', id: 1 } as const;
  const pages = [await test.must(test.page(alice, unit)), await test.must(test.page(alice, unit, { order: 'desc' }))];
  const shown = pages.map((page) => page.type === 'whole' && page.value.entries[0]);
  assert.equal(shown[0], shown[1]);
  assert.notEqual(pages[0]?.version.identity, pages[1]?.version.identity);
  assert.ok(pages[0]?.version.identity.includes(process.versions.icu ?? '?'));
});

test('VIEW-44 a room that was loaded anew shows what no event announced', async () => {
  const app = await TestWorld.open();
  const alice = await app.member('alice');
  const views = new Views(app.world.reader, { clock: app.clock, ids: countingIds(9) });
  const id = await app.group(alice, 'team');
  await app.post(alice, 'one', id);
  const last = async () => {
    const request = { order: 'recent', size: 50, index: 1, version: null } as const;
    const page = await app.must<ViewAnswer<Page<Child>>>((_, done) =>
      views.page(alice, { type: 'rooms', id: alice }, request, done),
    );
    const entries = page.type === 'whole' ? page.value.entries : [];
    return entries.flatMap((entry) => (entry.type === 'room' && entry.id === id ? entry.last?.text : []));
  };
  assert.deepEqual(await last(), ['one']);
  await app.post(alice, 'two', id);
  assert.deepEqual(await last(), ['one'], 'nobody told the views');
  views.resync(id);
  assert.deepEqual(await last(), ['two']);
  views.close();
});

test('VIEW-27 what somebody posted, and what came before it, is not unread for them', async () => {
  for (const isLoadedLater of [false, true]) {
    const test = await TestViews.open();
    const [alice, bob] = [await test.app.member('alice'), await test.app.member('bob')];
    const lobby = test.app.world.lobby;
    const unread = async (viewer: number) => {
      const page = await test.must(test.page(viewer, { type: 'rooms', id: viewer }, { order: 'recent' }));
      const [entry] = page.type === 'whole' ? page.value.entries : [];
      return entry?.type === 'room' ? entry.unread : null;
    };
    if (!isLoadedLater) assert.deepEqual([await unread(alice), await unread(bob)], [0, 0]);
    for (const [person, text] of [
      [alice, 'one'],
      [bob, 'two'],
      [alice, 'three'],
    ] as const)
      await test.app.post(person, text, lobby);
    assert.deepEqual([await unread(alice), await unread(bob)], [0, 1]);
  }
});

test('VIEW-21 somebody who was gone from a short list comes back to it, however many others changed', async () => {
  const test = await TestViews.open();
  const alice = await test.app.member('alice');
  const guest = await test.app.enter('guest');
  const others = await Promise.all(['one', 'two', 'three'].map((name) => test.app.member(name)));
  const room = await test.app.must<number>((world, done) => world.messages.directWith(alice, guest, done));
  const set = (person: number, text: string) => test.app.must((world, done) => world.setStatus(person, text, done));
  const shown = async () => {
    const page = await test.must(test.page(alice, { type: 'members', id: room }, { order: 'asc' }));
    return page.type === 'whole' ? page.value.total : null;
  };
  assert.equal(await shown(), 2);
  await set(guest, 'Offline');
  assert.equal(await shown(), 1);
  await set(guest, 'Available');
  for (const person of [alice, ...others]) await set(person, 'Busy');
  assert.equal(await shown(), 2);
});
