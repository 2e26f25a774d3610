import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../../testing/clock.ts';
import { fastPasswords } from '../../testing/passwords.ts';
import { openTwo, pumped, TestWorld, usualPassword } from '../../testing/world.ts';
import { MemoryStorage } from '../storage/memory/storage.ts';
import type { PersonId } from './ids.ts';
import type { Password, Passwords } from './ports.ts';

const fresh: Password = { form: 'plain', value: 'a new one' };
const wrong = { ok: false, error: { type: 'wrong-credentials' } };
const unavailable = { ok: false, error: { type: 'unavailable' } };

/** Memory storage that waits, or fails, after a verifier was read. */
class WatchedStorage extends MemoryStorage {
  reads = 0;
  afterVerifier: () => Promise<void> = async () => {};

  override async verifier(person: PersonId): Promise<string | null> {
    const verifier = await super.verifier(person);
    this.reads++;
    await this.afterVerifier();
    return verifier;
  }
}

async function withAda(passwords: Passwords = fastPasswords) {
  const clock = new FakeClock();
  const storage = new WatchedStorage(clock);
  const house = await TestWorld.open({ clock, storage, passwords });
  const ada = await house.register('ada');
  storage.reads = 0;
  const setPassword = (password: Password) =>
    house.must((world, done) => void world.accounts.setPassword(ada, password, done));
  return { clock, storage, house, ada, setPassword };
}

test('WORLD-97 whoever is on the way in by a password that is replaced meanwhile does not come in', async () => {
  for (const read of [1, 2]) {
    const { clock, storage, house, setPassword } = await withAda();
    const gate = Promise.withResolvers<void>();
    storage.afterVerifier = async () => {
      if (storage.reads === read) await gate.promise;
    };
    const coming = new Promise((done) => void house.world.login('ada', usualPassword, done));
    await house.settle();
    assert.equal(storage.reads, read);
    await setPassword(fresh);
    gate.resolve();
    assert.deepEqual(await pumped(clock, coming), wrong);
    await house.settle();
    assert.deepEqual(house.world.people.visible, []);
  }
});

test('WORLD-97 a password that was replaced by an equal one lets nobody in who came by the first', async () => {
  const { clock, storage, house, setPassword } = await withAda();
  const gate = Promise.withResolvers<void>();
  storage.afterVerifier = async () => {
    if (storage.reads === 2) await gate.promise;
  };
  const coming = new Promise((done) => void house.world.login('ada', usualPassword, done));
  await house.settle();
  await setPassword(usualPassword);
  gate.resolve();
  assert.deepEqual(await pumped(clock, coming), wrong);
});

test('WORLD-97 whoever cannot be asked about a second time does not come in', async () => {
  const { storage, house } = await withAda();
  storage.afterVerifier = async () => {
    if (storage.reads === 2) throw new Error('the test says so');
  };
  const login = () => house.ask<{ id: PersonId }>((world, done) => void world.login('ada', usualPassword, done));
  assert.deepEqual(await login(), unavailable);
  await house.settle();
  assert.deepEqual(house.world.people.visible, []);
  assert.equal((await login()).ok, true);
});

test('WORLD-97 T21 every node on which somebody is hears of another password, and of a new account’s nobody does', async () => {
  const { first, second } = await openTwo();
  const ada = await first.register('ada');
  await second.settle();
  for (const house of [first, second]) await house.login('ada');
  assert.deepEqual([first.audience.passwords, second.audience.passwords], [[], []]);
  await first.must((world, done) => void world.accounts.setPassword(ada, fresh, done));
  await second.settle();
  assert.deepEqual([first.audience.passwords, second.audience.passwords], [[ada], [ada]]);
});
