import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TestWorld } from '../../../testing/world.ts';
import { decideSetRelationship, type RelationshipKind } from '../commands/set-relationship.ts';
import type { PersonActor } from '../engine/decide.ts';
import { type PersonId, personStream } from '../model/ids.ts';
import { loadState, States } from '../state/states.ts';

const KINDS: readonly RelationshipKind[] = ['contact', 'block'];

function relationship(app: TestWorld, kind: RelationshipKind, person: PersonId, name: string, on = true) {
  return app.ask<{ id: PersonId }>((world, done) => world.relationships.set(kind, person, name, on, done));
}

function othersOf(app: TestWorld, kind: RelationshipKind, person: PersonId): PersonId[] {
  const { people } = app.world;
  return [...(kind === 'contact' ? people.contactsOf(person) : people.blocksOf(person))];
}

test('WORLD-65 contacts and blocks are one-way, may be set twice, and survive a restart', async () => {
  for (const kind of KINDS) {
    const app = await TestWorld.open();
    const alice = await app.member('alice');
    const bob = await app.member('bob');
    const position = async () => (await app.storage.positions([personStream(alice)]))[0];
    assert.deepEqual(await relationship(app, kind, alice, 'BOB'), { ok: true, value: { id: bob, name: 'bob' } });
    const after = await position();
    assert.equal((await relationship(app, kind, alice, 'bob')).ok, true);
    assert.equal(await position(), after, 'setting it again writes nothing');
    assert.deepEqual([othersOf(app, kind, alice), othersOf(app, kind, bob)], [[bob], []]);
    const changes = app.observer.records.filter(({ type }) => /^(contact|block)-/.test(type));
    assert.deepEqual(changes, [{ type: `${kind}-added`, position: after, person: alice, other: bob }], 'told once');
    const again = await TestWorld.open({ storage: app.storage });
    await again.login('alice');
    assert.deepEqual(othersOf(again, kind, alice), [bob]);
    assert.equal((await relationship(again, kind, alice, 'bob', false)).ok, true);
    assert.equal((await relationship(again, kind, alice, 'bob', false)).ok, true);
    assert.deepEqual(othersOf(again, kind, alice), []);
    assert.equal(await position(), (after ?? 0) + 1);
  }
});

test('WORLD-65 a contact and a block of the same person are independent', async () => {
  const app = await TestWorld.open();
  const alice = await app.member('alice');
  const bob = await app.register('bob');
  for (const kind of KINDS) await relationship(app, kind, alice, 'bob');
  await relationship(app, 'contact', alice, 'bob', false);
  assert.deepEqual([othersOf(app, 'contact', alice), othersOf(app, 'block', alice)], [[], [bob]]);
});

test('WORLD-66 guests have no contacts or blocks; nobody adds unknown names, themselves, or a guest as a contact', async () => {
  const app = await TestWorld.open();
  const alice = await app.member('alice');
  const guest = await app.enter('guest');
  for (const kind of KINDS) {
    assert.deepEqual(await relationship(app, kind, guest, 'alice'), { ok: false, error: { type: 'guest' } });
    assert.deepEqual(await relationship(app, kind, alice, 'Alice'), { ok: false, error: { type: 'yourself' } });
    for (const name of ['nobody', '', 'lobby'])
      assert.deepEqual(await relationship(app, kind, alice, name), { ok: false, error: { type: 'not-found' } });
  }
  assert.deepEqual(await relationship(app, 'contact', alice, 'guest'), { ok: false, error: { type: 'guest' } });
  assert.equal((await relationship(app, 'block', alice, 'guest')).ok, true);
  assert.deepEqual(await app.storage.positions([personStream(guest)]), [0]);
});

test('WORLD-20 a person who is not present changes no relationships', async () => {
  const app = await TestWorld.open();
  const alice = await app.register('alice');
  await app.register('bob');
  assert.deepEqual(await relationship(app, 'contact', alice, 'bob'), { ok: false, error: { type: 'not-allowed' } });
});

test('WORLD-67 a person has at most 1,000 contacts and 1,000 blocks', async () => {
  const app = await TestWorld.open();
  const person = await app.register('alice');
  const stream = personStream(person);
  const state = await loadState(app.storage, stream);
  const actor: PersonActor = { type: 'person', person: { id: person, name: 'alice' }, skeleton: 'alice', role: 'user' };
  const input = { now: 0, ids: { message: String, integer: Number, identity: String }, lobby: app.world.lobby };
  for (const kind of KINDS) {
    const states = new States();
    states.put(stream, state);
    const apply = (other: PersonId, change: 'added' | 'removed') => {
      const body = { type: `${kind}-${change}`, person, other, at: 0 } as const;
      assert.ok(states.apply({ stream, position: states.position(stream) + 1, body }));
    };
    const set = (other: PersonId, on = true) =>
      decideSetRelationship(states, { type: 'set-relationship', kind, actor, other, account: true, on }, input);
    for (let other = 1_000_001; other < 1_001_000; other++) apply(other, 'added');
    assert.equal(set(5_001).ok, true);
    apply(5_001, 'added');
    assert.deepEqual(set(5_002), {
      ok: false,
      error: { type: 'too-many', what: kind === 'contact' ? 'contacts' : 'blocks' },
    });
    assert.equal(set(5_001).ok, true, 'setting it again changes nothing');
    assert.equal(set(5_001, false).ok, true);
    apply(5_001, 'removed');
    assert.equal(set(5_002).ok, true);
  }
});

test('WORLD-135 relationships can be set by id, and ended with somebody who is found no more', async () => {
  const app = await TestWorld.open();
  const [alice, bob] = [await app.member('alice'), await app.member('bob')];
  const guest = await app.enter('guest');
  const set = (kind: RelationshipKind, other: PersonId, on: boolean) =>
    app.ask<{ id: PersonId }>((world, done) => world.relationships.setById(kind, alice, other, on, done));
  assert.deepEqual(await set('contact', bob, true), { ok: true, value: { id: bob, name: 'bob' } });
  assert.deepEqual([...app.world.people.contactsOf(alice)], [bob]);
  assert.deepEqual(await set('contact', 12_345, true), { ok: false, error: { type: 'not-found' } });
  assert.equal((await set('block', guest, true)).ok, true);
  app.world.leave(guest, { type: 'left' });
  await app.settle();
  assert.deepEqual([...app.world.people.blocksOf(alice)], [guest]);
  assert.equal((await set('block', guest, false)).ok, true);
  assert.deepEqual([...app.world.people.blocksOf(alice)], []);
});
