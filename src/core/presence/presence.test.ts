import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
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

/** Applies one change alone. */
function apply(presence: Presence, node: string, one: PresenceChange) {
  return presence.update(node, { since: one.version - 1, version: one.version, changes: [one] });
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
    apply(presence, 'a', change(1, 7, 'alice')).map(({ type }) => type),
    ['person-entered'],
  );
  assert.deepEqual(apply(presence, 'b', change(1, 7, 'alice')), []);
  assert.deepEqual(apply(presence, 'a', change(2, 7, null)), []);
  assert.deepEqual(
    apply(presence, 'b', change(2, 7, null)).map(({ type }) => type),
    ['person-left'],
  );
});

test('WORLD-41 a repeated or late change does not undo a newer one', () => {
  const presence = new Presence();
  apply(presence, 'a', change(1, 7, 'alice'));
  apply(presence, 'a', change(3, 7, null));
  assert.deepEqual(apply(presence, 'a', change(2, 7, 'eve')), []);
  assert.deepEqual(apply(presence, 'a', change(1, 7, 'alice')), []);
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
        apply(presence, node, { version: index + 1, person, record: seen, departure: null });
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
      for (const one of heard) apply(presence, 'a', one);
      const newest = heard.toSorted((one, other) => one.version - other.version);
      const truth = new Map(newest.map(({ person, record }) => [person, record !== null]));
      for (const [person, present] of truth) assert.equal(presence.get(person) !== undefined, present, `${person}`);
    }),
  );
});

test('WORLD-44 a person who left is forgotten at once if no earlier change is missing, else when it has come', () => {
  const presence = new Presence();
  let version = 0;
  for (let person = 1; person <= 50; person++) {
    apply(presence, 'a', change(++version, person, `p${person}`));
    apply(presence, 'a', change(++version, person, null));
  }
  assert.equal(presence.rememberedPeople, 0);
  assert.deepEqual(apply(presence, 'a', change(1, 1, 'p1')), [], 'still recognised as late');
  apply(presence, 'a', change(version + 2, 1, 'p1'));
  apply(presence, 'a', change(version + 3, 1, null));
  assert.equal(presence.rememberedPeople, 1);
  presence.update('a', { since: version, version: version + 2, changes: [change(version + 2, 1, 'p1')] });
  assert.equal(presence.rememberedPeople, 1);
  presence.update('a', { since: version, version: version + 3, changes: [] });
  assert.equal(presence.rememberedPeople, 0);
});

test('WORLD-41 a snapshot repairs what was lost, and an old one does not undo later changes', () => {
  const presence = new Presence();
  apply(presence, 'a', change(1, 7, 'alice'));
  apply(presence, 'a', change(5, 8, 'bob'));
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
        if (picked !== undefined) apply(presence, 'a', picked);
      }
      presence.snapshot('a', steps.length, [...truth.values()]);
      for (const pick of picks) {
        const picked = changes[pick];
        if (picked !== undefined) apply(presence, 'a', picked);
      }
      assert.deepEqual(new Set([...presence.all].map(({ person }) => person)), new Set(truth.keys()));
    }),
  );
});
