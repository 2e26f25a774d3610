import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fastPasswords } from '../../../testing/passwords.ts';
import { defaultPassword, TestWorld } from '../../../testing/world.ts';
import { type PersonId, personStream } from '../model/ids.ts';
import type { Password } from '../ports.ts';
import type { Deletion } from './deletions.ts';

const wrong = { ok: false, error: { type: 'wrong-credentials' } };
const other: Password = { type: 'plain', value: 'another' };

function deleteOwn(app: TestWorld, person: PersonId, password: Password = defaultPassword) {
  return app.ask<Deletion>((world, done) => void world.deletions.deleteOwn(person, password, done));
}

test('WORLD-168 WORLD-121 a person deletes the own account with the password; memberships end, messages stay', async () => {
  const app = await TestWorld.open();
  const [alice, bob] = [await app.member('alice'), await app.member('bob')];
  const room = await app.group(alice, 'garden');
  await app.post(alice, 'mine', room);
  await app.must((world, done) => world.relationships.set('contact', bob, 'alice', true, done));
  assert.deepEqual(await deleteOwn(app, alice), { ok: true, value: { name: 'alice', messages: 0 } });
  await app.settle();
  assert.equal(app.world.people.account(alice), undefined);
  assert.equal(app.world.actor(alice), undefined, 'no longer present');
  assert.deepEqual([...app.world.people.contactsOf(bob)], []);
  assert.deepEqual((await app.storage.load(personStream(alice))).memberships, []);
  assert.equal(await app.storage.credential(alice), null);
  const { messages } = await app.storage.page(room, null, 10);
  assert.deepEqual(
    messages.map(({ text }) => text),
    ['mine'],
  );
  assert.deepEqual(await app.ask((world, done) => world.login('alice', defaultPassword, done)), wrong);
});

test('WORLD-168 with a wrong password, for a guest and for somebody who is away nothing is deleted', async () => {
  const app = await TestWorld.open();
  const [alice, bob] = [await app.member('alice'), await app.register('bob')];
  const guest = await app.enter('guest');
  assert.deepEqual(await deleteOwn(app, alice, other), wrong);
  assert.deepEqual(await deleteOwn(app, alice, { type: 'plain', value: '' }), wrong);
  assert.deepEqual(await deleteOwn(app, guest), { ok: false, error: { type: 'guest' } });
  assert.deepEqual(await deleteOwn(app, bob), { ok: false, error: { type: 'not-allowed' } });
  assert.deepEqual(
    [...app.world.people.accounts].map(({ name }) => name),
    ['alice', 'bob'],
  );
});

test('WORLD-168 WORLD-97 a password that is replaced while it is checked deletes nothing', async () => {
  let release: (() => void) | null = null;
  const passwords = {
    ...fastPasswords,
    async verify(...[password, verifier]: Parameters<typeof fastPasswords.verify>) {
      const isRight = await fastPasswords.verify(password, verifier);
      if (release === null) return isRight;
      await new Promise<void>((resolve) => (release = resolve));
      return isRight;
    },
  };
  const app = await TestWorld.open({ passwords });
  const alice = await app.member('alice');
  release = () => {};
  const deletion = deleteOwn(app, alice);
  await app.settle();
  await app.must((world, done) => void world.accounts.setPassword(alice, other, done));
  release();
  assert.deepEqual(await deletion, wrong);
  assert.ok(app.world.people.account(alice));
});
