import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FakeClock } from '../../../testing/clock.ts';
import { openTwoWorlds, settle, TestWorld } from '../../../testing/world.ts';
import { MemoryStorage } from '../../storage/memory/storage.ts';
import type { PersonId, RoomId } from '../model/ids.ts';
import type { Found, Search } from '../ports.ts';
import type { SearchRequest, SearchResult } from './search.ts';

const everything: SearchRequest = {
  text: 'word',
  kinds: ['account', 'room', 'message'],
  room: null,
  author: null,
  before: null,
  limit: 50,
};
const refused = (type: string) => ({ ok: false, error: { type } });

function find(app: TestWorld, person: PersonId, more: Partial<SearchRequest> = {}) {
  return app.ask<SearchResult>((world, done) => world.searches.find(person, { ...everything, ...more }, done));
}

async function texts(app: TestWorld, person: PersonId, more: Partial<SearchRequest> = {}): Promise<string[]> {
  const result = await find(app, person, more);
  assert.ok(result.ok, JSON.stringify(result));
  return result.value.messages.map(({ text }) => text);
}

async function names(app: TestWorld, person: PersonId, text: string): Promise<{ people: string[]; rooms: string[] }> {
  const result = await find(app, person, { text });
  assert.ok(result.ok);
  const { people, rooms } = result.value;
  return {
    people: people.map((id) => app.world.people.view(id)?.name ?? '?'),
    rooms: rooms.map(
      ({ displayName, isMember, other }) =>
        `${displayName}${isMember ? '' : ' (outside)'}${other === null ? '' : ' (direct)'}`,
    ),
  };
}

/** Ada and bob are in the lobby, in an open and in a closed group, and in a direct; eve is in the lobby. */
async function openWithPeople(options: Parameters<typeof TestWorld.open>[0] = {}) {
  const app = await TestWorld.open(options);
  const [ada, bob, eve] = [await app.member('ada'), await app.member('bob'), await app.member('eve')];
  const garden = await app.group(ada, 'garden');
  const cellar = await app.group(ada, 'cellar', true);
  await app.must((world, done) => world.rooms.join(bob, garden, done));
  await app.must((world, done) => world.management.addMember(ada, cellar, bob, done));
  await app.post(ada, 'a word in the lobby');
  await app.post(bob, 'a word in the garden', garden);
  await app.post(ada, 'a word in the cellar', cellar);
  const direct = await app.direct(ada, 'bob', 'a word between us');
  assert.ok(direct.ok);
  return { app, ada, bob, eve, garden, cellar, direct: direct.value.message.room };
}

describe('searching', () => {
  test('WORLD-220 WORLD-20 what is too long or has nothing to be found is refused before storage is asked', async () => {
    class Counting extends MemoryStorage {
      searches = 0;
      override search(...args: Parameters<MemoryStorage['search']>) {
        this.searches++;
        return super.search(...args);
      }
    }
    const storage = new Counting(new FakeClock());
    const { app, ada } = await openWithPeople({ storage });
    for (const [text, problem] of [
      ['', 'empty'],
      ['?!', 'empty'],
      ['x'.repeat(257), 'too-long'],
      ['a '.repeat(17), 'too-long'],
    ] as const)
      assert.deepEqual(await find(app, ada, { text }), { ok: false, error: { type: 'bad-text', problem } });
    assert.equal(storage.searches, 0);
    assert.deepEqual(await find(app, 12_345), refused('not-allowed'));
    assert.equal(storage.searches, 0);
    await find(app, ada);
    assert.equal(storage.searches, 1);
  });

  test('WORLD-227 T25 messages of one author are found, by words or all of them, where the reader is; nothing else is', async () => {
    const { app, ada, bob, eve, garden, cellar, direct } = await openWithPeople();
    const hers = ['a word between us', 'a word in the cellar', 'a word in the lobby'];
    for (const text of ['', ' \n', 'word']) {
      assert.deepEqual(await texts(app, bob, { text, author: ada }), hers, text);
      assert.deepEqual(await texts(app, bob, { text, author: ada, room: cellar }), ['a word in the cellar']);
    }
    assert.deepEqual(await texts(app, ada, { text: 'us', author: ada }), ['a word between us']);
    assert.deepEqual(await texts(app, ada, { text: 'garden', author: ada }), []);
    assert.deepEqual(await texts(app, eve, { text: '', author: ada }), ['a word in the lobby']);
    const nothing = { ok: true, value: { people: [], rooms: [], messages: [], next: null } };
    for (const author of [bob, eve, 0, 987_654_321])
      assert.deepEqual(await find(app, eve, { text: '', author }), nothing, `${author}`);
    assert.deepEqual(await find(app, eve, { text: '', author: ada, room: cellar }), refused('not-found'));
    assert.deepEqual(await find(app, eve, { text: '', author: ada, room: garden }), refused('not-member'));
    const byName = await find(app, bob, { text: 'ada', author: bob });
    assert.deepEqual(byName, nothing, 'people are not looked for');
    const first = await find(app, bob, { text: '', author: ada, limit: 1 });
    assert.ok(first.ok && first.value.next !== null);
    assert.deepEqual(await texts(app, bob, { text: '', author: ada, before: first.value.next }), hers.slice(1));
    for (const text of ['', '?!'])
      assert.deepEqual(await find(app, ada, { text }), { ok: false, error: { type: 'bad-text', problem: 'empty' } });
    assert.equal((await find(app, ada, { text: '?!', author: ada })).ok, false);
    await app.must((world, done) => world.relationships.set('block', bob, 'ada', true, done));
    await app.direct(ada, 'bob', 'withheld');
    assert.deepEqual(await texts(app, bob, { text: '', author: ada, room: direct }), ['a word between us']);
    assert.deepEqual(await texts(app, ada, { text: '', author: ada, room: direct }), ['withheld', 'a word between us']);
  });

  test('WORLD-221 T25 messages are found in the rooms that the person is in, and nowhere else', async () => {
    const { app, ada, bob, eve, garden, cellar } = await openWithPeople();
    const all = ['a word between us', 'a word in the cellar', 'a word in the garden', 'a word in the lobby'];
    assert.deepEqual(await texts(app, ada), all);
    assert.deepEqual(await texts(app, bob), all);
    assert.deepEqual(await texts(app, eve), ['a word in the lobby']);
    const guest = await app.enter('guest');
    assert.deepEqual(await texts(app, guest), ['a word in the lobby']);
    await app.must((world, done) => world.rooms.leave(bob, garden, done));
    await app.must((world, done) => world.management.removeMember(ada, cellar, bob, done));
    assert.deepEqual(await texts(app, bob), ['a word between us', 'a word in the lobby']);
    assert.deepEqual(await texts(app, eve, { text: 'cellar' }), []);
  });

  test('WORLD-221 deleted messages, texts from before an edit and withheld messages are not found', async () => {
    const { app, ada, bob } = await openWithPeople();
    const [first, second] = [await app.post(ada, 'one secret word'), await app.post(ada, 'another secret word')];
    assert.ok(first.ok && second.ok);
    await app.must((world, done) => world.messages.edit(ada, first.value.id, 'one harmless word', done));
    await app.must((world, done) => world.messages.delete(world.actor(ada) ?? assert.fail(), second.value.id, done));
    assert.deepEqual(await texts(app, bob, { text: 'secret' }), []);
    assert.deepEqual(await texts(app, bob, { text: 'harmless' }), ['one harmless word']);
    await app.must((world, done) => world.relationships.set('block', bob, 'ada', true, done));
    await app.direct(ada, 'bob', 'an unwanted word');
    assert.deepEqual(await texts(app, bob, { text: 'unwanted' }), []);
    assert.deepEqual(await texts(app, ada, { text: 'unwanted' }), ['an unwanted word']);
    assert.deepEqual(await texts(app, bob, { text: 'lobby' }), ['a word in the lobby'], 'as on the pages of rooms');
  });

  test('WORLD-222 T25 in one room only its messages are found; an unknown room is refused like a hidden one', async () => {
    const { app, ada, eve, garden, cellar, direct } = await openWithPeople();
    const inRoom = (person: PersonId, room: RoomId) => find(app, person, { room });
    const own = await inRoom(ada, cellar);
    assert.ok(own.ok);
    assert.deepEqual(
      [own.value.messages.map(({ text }) => text), own.value.people, own.value.rooms],
      [['a word in the cellar'], [], []],
    );
    const byName = await find(app, ada, { room: cellar, text: 'cellar' });
    assert.deepEqual(byName.ok && [byName.value.messages.length, byName.value.rooms], [1, []]);
    assert.deepEqual(await inRoom(eve, garden), refused('not-member'));
    for (const room of [cellar, direct, 99_999, 0]) assert.deepEqual(await inRoom(eve, room), refused('not-found'));
    for (const kinds of [[], ['account']] as const)
      assert.deepEqual(await find(app, eve, { room: cellar, kinds }), refused('not-found'));
  });

  test('WORLD-223 rooms are found by both names if they are open or the person’s own, directs by the other person', async () => {
    const { app, ada, bob, eve, cellar } = await openWithPeople();
    await app.must((world, done) => world.management.rename(ada, cellar, 'Wine cellar', done));
    assert.deepEqual((await names(app, ada, 'cellar')).rooms, ['Wine cellar']);
    assert.deepEqual((await names(app, bob, 'wine')).rooms, ['Wine cellar']);
    assert.deepEqual((await names(app, eve, 'wine')).rooms, []);
    assert.deepEqual((await names(app, eve, 'gard')).rooms, ['garden (outside)']);
    assert.deepEqual((await names(app, bob, 'gard')).rooms, ['garden']);
    assert.deepEqual((await names(app, bob, 'ada')).rooms, ['ada (direct)']);
    await app.must((world, done) =>
      world.accounts.setProfile(ada, { displayName: 'Countess', lastName: 'Byron' }, done),
    );
    assert.deepEqual((await names(app, bob, 'byron')).rooms, ['Countess (direct)']);
    assert.deepEqual((await names(app, eve, 'byron')).rooms, []);
    assert.deepEqual((await names(app, ada, 'ada')).rooms, []);
  });

  test('WORLD-224 people are found by their names: accounts, and guests who are present and visible', async () => {
    const { app, ada, bob } = await openWithPeople();
    await app.must((world, done) =>
      world.accounts.setProfile(ada, { displayName: 'Countess', firstName: 'Augusta', lastName: 'King' }, done),
    );
    for (const text of ['ada', 'COUNT', 'king augusta'])
      assert.deepEqual((await names(app, bob, text)).people, ['ada'], text);
    const guest = await app.enter('Kingfisher');
    assert.deepEqual((await names(app, bob, 'king')).people, ['ada', 'Kingfisher']);
    await app.must((world, done) => world.setStatus(guest, 'Offline', done));
    assert.deepEqual((await names(app, bob, 'king')).people, ['ada']);
    await app.must((world, done) => world.setStatus(ada, 'Offline', done));
    assert.deepEqual((await names(app, bob, 'king')).people, ['ada']);
    await app.must((world, done) => world.setStatus(guest, 'Available', done));
    app.world.leave(guest, { type: 'left' });
    await app.settle();
    assert.deepEqual((await names(app, bob, 'king')).people, ['ada']);
    await app.ask((world, done) => void world.deletions.delete('ada', false, done));
    assert.deepEqual((await names(app, bob, 'king')).people, []);
  });

  test('WORLD-224 T38 thousands of guests are looked at in steps', async () => {
    const clock = new FakeClock();
    const app = await TestWorld.open({ clock });
    const ids = await Promise.all(Array.from({ length: 2_500 }, (_, index) => app.enter(`visitor${index}`)));
    const [first = 0] = ids;
    let steps = 0;
    const soon = clock.soon.bind(clock);
    clock.soon = (run) => {
      steps++;
      soon(run);
    };
    const result = await find(app, first, { text: '"visitor2499"', kinds: ['account'] });
    assert.deepEqual(result.ok && result.value.people, [ids.at(-1)]);
    assert.equal(steps, 2);
    const many = await find(app, first, { text: 'visitor', kinds: ['account'] });
    assert.equal(many.ok && many.value.people.length, 50);
  });

  test('WORLD-225 messages come newest first in pages, and the next page begins after a message that the person may read', async () => {
    const { app, ada, bob, eve, cellar, direct } = await openWithPeople();
    for (let number = 1; number <= 5; number++)
      await app.post(number % 2 === 0 ? ada : bob, `page ${number}`, number % 2 === 0 ? cellar : undefined);
    const first = await find(app, ada, { text: 'page', limit: 2 });
    assert.ok(first.ok);
    assert.deepEqual(
      first.value.messages.map(({ text }) => text),
      ['page 5', 'page 4'],
    );
    assert.deepEqual(first.value.next, { room: cellar, number: 3 });
    const second = await find(app, ada, { text: 'page', limit: 2, before: first.value.next });
    assert.ok(second.ok);
    assert.deepEqual(
      [second.value.messages.map(({ text }) => text), second.value.people, second.value.rooms],
      [['page 3', 'page 2'], [], []],
    );
    const third = await find(app, ada, { text: 'page', limit: 2, before: second.value.next });
    assert.deepEqual(third.ok && [third.value.messages.map(({ text }) => text), third.value.next], [['page 1'], null]);
    const later = await find(app, ada, { text: 'cellar', before: first.value.next });
    assert.deepEqual(later.ok && [later.value.messages.length, later.value.rooms], [1, []]);
    const exact = await find(app, ada, { text: 'page', limit: 5 });
    assert.deepEqual(exact.ok && exact.value.next, null);
    for (const before of [
      { room: cellar, number: 1 },
      { room: direct, number: 1 },
      { room: 99_999, number: 1 },
      { room: app.world.lobby, number: 99 },
      { room: app.world.lobby, number: 0 },
    ])
      assert.deepEqual(await find(app, eve, { before }), refused('not-found'));
    await app.must((world, done) => world.relationships.set('block', bob, 'ada', true, done));
    const hidden = await app.direct(ada, 'bob', 'an unwanted word');
    assert.ok(hidden.ok);
    const before = { room: direct, number: hidden.value.message.number };
    assert.deepEqual(await find(app, bob, { before }), refused('not-found'));
    assert.ok((await find(app, ada, { before })).ok);
  });

  test('WORLD-226 while storage is too busy a search is refused as busy, and as unavailable when storage is', async () => {
    class Busy extends MemoryStorage {
      answer: 'found' | 'busy' | 'broken' = 'found';
      override search(search: Search): Promise<Found | null> {
        if (this.answer === 'broken') return Promise.reject(new Error('broken'));
        return this.answer === 'busy' ? Promise.resolve(null) : super.search(search);
      }
    }
    const storage = new Busy(new FakeClock());
    const { app, ada } = await openWithPeople({ storage });
    storage.answer = 'busy';
    assert.deepEqual(await find(app, ada), refused('busy'));
    storage.answer = 'broken';
    assert.deepEqual(await find(app, ada), refused('unavailable'));
    storage.answer = 'found';
    assert.ok((await find(app, ada)).ok);
  });

  test('WORLD-221 WORLD-20 T27 what the person may no longer see when storage has answered is not shown', async () => {
    const holding: (() => void)[] = [];
    class Slow extends MemoryStorage {
      override async search(search: Search) {
        const found = await super.search(search);
        await new Promise<void>((resolve) => holding.push(resolve));
        return found;
      }
    }
    const storage = new Slow(new FakeClock());
    const { app, ada, bob, garden, cellar } = await openWithPeople({ storage });
    const searching = find(app, bob, { text: 'word cellar' });
    const everywhere = find(app, bob, { limit: 3 });
    const leaving = find(app, ada);
    await app.settle();
    await app.must((world, done) => world.management.removeMember(ada, cellar, bob, done));
    await app.must((world, done) => world.rooms.leave(bob, garden, done));
    app.world.leave(ada, { type: 'left' });
    await app.settle();
    for (const release of holding) release();
    const [one, all, gone] = await Promise.all([searching, everywhere, leaving]);
    assert.deepEqual(one.ok && [one.value.messages, one.value.rooms, one.value.next], [[], [], null]);
    assert.ok(all.ok);
    assert.deepEqual(
      all.value.messages.map(({ text }) => text),
      ['a word between us'],
    );
    assert.equal(all.value.next?.room, all.value.messages[0]?.room);
    assert.deepEqual(gone, refused('not-allowed'));
  });

  test('WORLD-221 WORLD-224 two nodes: what was written and who entered on the other one is found', async () => {
    const { clock, first, second } = await openTwoWorlds();
    const ada = await first.member('ada');
    const bob = await second.member('bob');
    await first.enter('guest');
    await settle(clock);
    await first.post(ada, 'a word of ada');
    assert.deepEqual(await texts(second, bob), ['a word of ada']);
    assert.deepEqual((await names(second, bob, 'guest')).people, ['guest']);
    assert.deepEqual((await names(second, bob, 'ada')).people, ['ada']);
  });
});
