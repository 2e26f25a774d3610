import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TestWorld } from '../../testing/world.ts';
import { decideSetTie, type TieKind } from './commands/tie.ts';
import type { PersonActor } from './decide.ts';
import { type PersonId, personStream } from './ids.ts';
import { loadState, States } from './states.ts';

const KINDS: readonly TieKind[] = ['contact', 'block'];

function tie(house: TestWorld, kind: TieKind, person: PersonId, name: string, on = true) {
  return house.ask<{ id: PersonId }>((world, done) => world.ties.set(kind, person, name, on, done));
}

function tiesOf(house: TestWorld, kind: TieKind, person: PersonId): PersonId[] {
  const { people } = house.world;
  return [...(kind === 'contact' ? people.contactsOf(person) : people.blocksOf(person))];
}

test('WORLD-65 contacts and blocks are one-way, may be set twice, and are there after a restart', async () => {
  for (const kind of KINDS) {
    const house = await TestWorld.open();
    const alice = await house.member('alice');
    const bob = await house.member('bob');
    const head = async () => (await house.storage.heads([personStream(alice)]))[0];
    assert.deepEqual(await tie(house, kind, alice, 'BOB'), { ok: true, value: { id: bob, name: 'bob' } });
    const after = await head();
    assert.equal((await tie(house, kind, alice, 'bob')).ok, true);
    assert.equal(await head(), after, 'setting it again writes nothing');
    assert.deepEqual([tiesOf(house, kind, alice), tiesOf(house, kind, bob)], [[bob], []]);
    assert.deepEqual(house.audience.changes, [alice], 'only its owner hears of it');
    const again = await TestWorld.open({ storage: house.storage });
    await again.login('alice');
    assert.deepEqual(tiesOf(again, kind, alice), [bob]);
    assert.equal((await tie(again, kind, alice, 'bob', false)).ok, true);
    assert.equal((await tie(again, kind, alice, 'bob', false)).ok, true);
    assert.deepEqual(tiesOf(again, kind, alice), []);
    assert.equal(await head(), (after ?? 0) + 1);
  }
});

test('WORLD-65 a contact and a block of the same person are two things', async () => {
  const house = await TestWorld.open();
  const alice = await house.member('alice');
  const bob = await house.register('bob');
  for (const kind of KINDS) await tie(house, kind, alice, 'bob');
  await tie(house, 'contact', alice, 'bob', false);
  assert.deepEqual([tiesOf(house, 'contact', alice), tiesOf(house, 'block', alice)], [[], [bob]]);
});

test('WORLD-66 guests keep no ties, and nobody is tied to unknown names or themselves, or as a contact to a guest', async () => {
  const house = await TestWorld.open();
  const alice = await house.member('alice');
  const guest = await house.enter('guest');
  for (const kind of KINDS) {
    assert.deepEqual(await tie(house, kind, guest, 'alice'), { ok: false, error: { type: 'guest' } });
    assert.deepEqual(await tie(house, kind, alice, 'Alice'), { ok: false, error: { type: 'yourself' } });
    for (const name of ['nobody', '', 'lobby'])
      assert.deepEqual(await tie(house, kind, alice, name), { ok: false, error: { type: 'not-found' } });
  }
  assert.deepEqual(await tie(house, 'contact', alice, 'guest'), { ok: false, error: { type: 'guest' } });
  assert.equal((await tie(house, 'block', alice, 'guest')).ok, true);
  assert.deepEqual(await house.storage.heads([personStream(guest)]), [0]);
});

test('WORLD-20 who is not here changes no ties', async () => {
  const house = await TestWorld.open();
  const alice = await house.register('alice');
  await house.register('bob');
  assert.deepEqual(await tie(house, 'contact', alice, 'bob'), { ok: false, error: { type: 'not-allowed' } });
});

test('WORLD-67 a person has at most 1,000 contacts and 1,000 blocks', async () => {
  const house = await TestWorld.open();
  const person = await house.register('alice');
  const stream = personStream(person);
  const state = await loadState(house.storage, stream);
  const actor: PersonActor = { type: 'person', person: { id: person, name: 'alice' }, skeleton: 'alice', role: 'user' };
  const at = { now: 0, ids: { message: String, integer: Number, identity: String }, lobby: house.world.lobby };
  for (const kind of KINDS) {
    const states = new States();
    states.put(stream, state);
    const become = (other: PersonId, change: 'added' | 'removed') => {
      const body = { type: `${kind}-${change}`, person, other, at: 0 } as const;
      assert.ok(states.apply({ stream, position: states.position(stream) + 1, body }));
    };
    const set = (other: PersonId, on = true) =>
      decideSetTie(states, { type: 'set-tie', kind, actor, other, account: true, on }, at);
    for (let other = 1_000_001; other < 1_001_000; other++) become(other, 'added');
    assert.equal(set(5_001).ok, true);
    become(5_001, 'added');
    assert.deepEqual(set(5_002), {
      ok: false,
      error: { type: 'too-many', what: kind === 'contact' ? 'contacts' : 'blocks' },
    });
    assert.equal(set(5_001).ok, true, 'what is there already is no fault');
    assert.equal(set(5_001, false).ok, true);
    become(5_001, 'removed');
    assert.equal(set(5_002).ok, true);
  }
});
