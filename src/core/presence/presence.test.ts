import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { openTwoWorlds, settle, type TestWorld } from '../../../testing/world.ts';
import type { PresenceChange, PresenceRecord } from '../model/bus-message.ts';
import { AVAILABLE } from '../text/status.ts';
import { isVisible, merge, Presence } from './presence.ts';

const HIDDEN = { presence: 'offline', text: null, spelling: 'Offline' } as const;

function record(person: number, name: string, since = 1): PresenceRecord {
  return { person, name, skeleton: name, since, account: false, status: AVAILABLE, statusAt: 0, acceptsDirect: true };
}

function change(version: number, person: number, name: string | null): PresenceChange {
  const departure = name === null ? ({ type: 'left' } as const) : null;
  return { version, person, record: name === null ? null : record(person, name), departure };
}

test('WORLD-40 WORLD-61 the merged record does not depend on the order of the nodes’ records', () => {
  const records = fc.array(
    fc.record({
      person: fc.constant(1),
      name: fc.string(),
      skeleton: fc.string(),
      since: fc.nat(5),
      account: fc.constant(true),
      status: fc.string().map((text) => ({ presence: 'online', text, spelling: text }) as const),
      statusAt: fc.nat(5),
      acceptsDirect: fc.boolean(),
    }),
  );
  fc.assert(
    fc.property(records, fc.infiniteStream(fc.nat()), (list, stream) => {
      const shuffled = list.map((item) => ({ item, key: stream.next().value })).sort((a, b) => a.key - b.key);
      const once = merge(list);
      const again = merge(shuffled.map(({ item }) => item));
      const seen = (merged: PresenceRecord | undefined) =>
        merged && [merged.since, merged.name, merged.status, merged.statusAt, merged.acceptsDirect];
      assert.deepEqual(seen(again), seen(once));
    }),
  );
});

test('WORLD-40 a person on two nodes enters with the first and leaves with the last', () => {
  const presence = new Presence();
  assert.deepEqual(
    presence.change('a', change(1, 7, 'alice')).map(({ type }) => type),
    ['person-entered'],
  );
  assert.deepEqual(presence.change('b', change(1, 7, 'alice')), []);
  assert.deepEqual(presence.change('a', change(2, 7, null)), []);
  assert.deepEqual(
    presence.change('b', change(2, 7, null)).map(({ type }) => type),
    ['person-left'],
  );
});

test('WORLD-41 a repeated or late change does not undo a newer one', () => {
  const presence = new Presence();
  presence.change('a', change(1, 7, 'alice'));
  presence.change('a', change(3, 7, null));
  assert.deepEqual(presence.change('a', change(2, 7, 'eve')), []);
  assert.deepEqual(presence.change('a', change(1, 7, 'alice')), []);
  assert.equal(presence.get(7), undefined);
});

test('VIEW-47 the number of visible guests follows who enters, leaves, hides and becomes an account', () => {
  const guest = { ...record(1, 'x'), account: false };
  const states = [null, guest, { ...guest, account: true }, { ...guest, status: HIDDEN }];
  const step = fc.record({ node: fc.constantFrom('a', 'b'), person: fc.nat(3), state: fc.constantFrom(...states) });
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const presence = new Presence();
      steps.forEach(({ node, person, state }, index) => {
        const seen = state && { ...state, person, skeleton: `p${person}` };
        presence.change(node, { version: index + 1, person, record: seen, departure: null });
        const guests = [...presence.all].filter((one) => !one.account && isVisible(one));
        assert.equal(presence.visibleGuests, guests.length);
      });
      for (const node of ['a', 'b']) presence.removeNode(node);
      assert.equal(presence.visibleGuests, 0);
    }),
  );
});

test('WORLD-41 of changes in any order, lost or repeated, the newest of each person counts', () => {
  const step = fc.record({ person: fc.integer({ min: 1, max: 3 }), present: fc.boolean() });
  const steps = fc.array(step, { minLength: 1, maxLength: 12 });
  const picks = fc.array(fc.nat(11), { maxLength: 40 });
  fc.assert(
    fc.property(steps, fc.nat(12), picks, (list, inOrder, others) => {
      const changes = list.map(({ person, present }, index) => change(index + 1, person, present ? 'x' : null));
      const heard = [...changes.slice(0, inOrder), ...others.flatMap((pick) => changes[pick] ?? [])];
      const presence = new Presence();
      for (const one of heard) presence.change('a', one);
      const newest = heard.toSorted((one, other) => one.version - other.version);
      const truth = new Map(newest.map(({ person, record }) => [person, record !== null]));
      for (const [person, present] of truth) assert.equal(presence.get(person) !== undefined, present, `${person}`);
    }),
  );
});

test('WORLD-44 a person who left is forgotten at once if no earlier change is missing, else with the next snapshot', () => {
  const presence = new Presence();
  let version = 0;
  for (let person = 1; person <= 50; person++) {
    presence.change('a', change(++version, person, `p${person}`));
    presence.change('a', change(++version, person, null));
  }
  assert.equal(presence.rememberedPeople, 0);
  assert.deepEqual(presence.change('a', change(1, 1, 'p1')), [], 'still recognised as late');
  presence.change('a', change(version + 2, 1, 'p1'));
  presence.change('a', change(version + 3, 1, null));
  assert.equal(presence.rememberedPeople, 1);
  presence.snapshot('a', version + 3, []);
  assert.equal(presence.rememberedPeople, 0);
});

test('WORLD-41 a snapshot repairs what was lost, and an old one does not undo later changes', () => {
  const presence = new Presence();
  presence.change('a', change(1, 7, 'alice'));
  presence.change('a', change(5, 8, 'bob'));
  const events = presence.snapshot('a', 4, [record(9, 'carol')]);
  assert.deepEqual(
    events.map((event) => [event.type, 'person' in event && event.person.name]),
    [
      ['person-entered', 'carol'],
      ['person-left', 'alice'],
    ],
  );
  assert.deepEqual([...presence.all].map(({ name }) => name).sort(), ['bob', 'carol']);
});

test('WORLD-41 snapshots and changes in any order, lost or repeated, end at the last snapshot', () => {
  const step = fc.record({ person: fc.integer({ min: 1, max: 4 }), present: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), fc.array(fc.nat(60), { maxLength: 60 }), (steps, picks) => {
      const truth = new Map<number, PresenceRecord>();
      const changes = steps.map(({ person, present }, index) => {
        if (present) truth.set(person, record(person, `p${person}`));
        else truth.delete(person);
        return change(index + 1, person, present ? `p${person}` : null);
      });
      const presence = new Presence();
      for (const pick of picks) {
        const picked = changes[pick];
        if (picked !== undefined) presence.change('a', picked);
      }
      presence.snapshot('a', steps.length, [...truth.values()]);
      for (const pick of picks) {
        const picked = changes[pick];
        if (picked !== undefined) presence.change('a', picked);
      }
      assert.deepEqual(new Set([...presence.all].map(({ person }) => person)), new Set(truth.keys()));
    }),
  );
});

function namesIn(app: TestWorld): string[] {
  return [...app.world.people.visible].map(({ name }) => name).sort();
}

test('WORLD-42 people of a node that is silent for 10 s are gone, and their names are free', async () => {
  const { clock, first, second } = await openTwoWorlds();
  await first.enter('alice');
  await second.enter('bob');
  await settle(clock);
  assert.deepEqual(namesIn(first), ['alice', 'bob']);
  second.world.close();
  clock.advance(9_000);
  await settle(clock);
  assert.deepEqual(namesIn(first), ['alice', 'bob']);
  clock.advance(3_000);
  await settle(clock);
  assert.deepEqual(namesIn(first), ['alice']);
  await first.enter('bob');
});

test('WORLD-25 when a question to another node is lost, the name stays with its holder', async () => {
  const { clock, first, second } = await openTwoWorlds();
  await second.enter('bob');
  second.world.close();
  const asked = first.ask((world, done) => world.enter('bob', done));
  await settle(clock);
  clock.advance(4_000);
  assert.deepEqual(await asked, { ok: false, error: { type: 'name-taken' } });
});

test('WORLD-24 a silent holder on another node loses the name', async () => {
  const { clock, first, second } = await openTwoWorlds();
  const bob = await second.enter('bob');
  second.observer.silent.add(bob);
  const asked = first.ask((world, done) => world.enter('bob', done));
  await settle(clock);
  clock.advance(3_000);
  assert.equal((await asked).ok, true);
  await settle(clock);
  assert.deepEqual(namesIn(second), ['bob']);
});

test('WORLD-34 a kick reaches the node that has the person', async () => {
  const { clock, first, second } = await openTwoWorlds();
  await second.enter('bob');
  await settle(clock);
  await first.must((world, done) => world.moderation.kick('bob', 'enough', done));
  await settle(clock);
  assert.deepEqual([namesIn(first), namesIn(second)], [[], []]);
  assert.deepEqual(second.observer.ofType('person-left')[0]?.departure, { type: 'removed', reason: 'enough' });
});

test('WORLD-31 every node removes its own people when a name is banned', async () => {
  const { clock, first, second } = await openTwoWorlds();
  await second.enter('bob');
  await settle(clock);
  await first.must((world, done) => world.moderation.ban({ type: 'operator' }, 'bob', 'spam', null, done));
  await settle(clock);
  assert.deepEqual([namesIn(first), namesIn(second)], [[], []]);
});

test('WORLD-43 a node that slept keeps only the people whose names it can claim again', async () => {
  const { clock, first, second } = await openTwoWorlds();
  await second.enter('bob');
  await second.enter('carol');
  const names = second.names;
  await settle(clock);
  const bob = [...second.world.people.visible].find(({ name }) => name === 'bob');
  await names.release('bob', bob?.person ?? 0);
  await first.enter('bob');
  clock.suspend(20_000);
  clock.advance(0);
  await settle(clock);
  assert.deepEqual(
    second.observer.ofType('person-left').map(({ person }) => person.name),
    ['bob'],
  );
  assert.ok([...second.world.people.visible].some(({ name }) => name === 'carol'));
});
