import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../../../testing/clock.ts';
import { fastPasswords } from '../../../testing/passwords.ts';
import { defaultPassword, openTwoWorlds, TestWorld, untilSettled } from '../../../testing/world.ts';
import { sha256 } from '../../lib/sha256.ts';
import { MemoryStorage } from '../../storage/memory/storage.ts';
import type { PersonId } from '../model/ids.ts';
import type { AppendItem, AppendResult, Password } from '../ports.ts';

const fresh: Password = { type: 'plain', value: 'a new one' };
const other: Password = { type: 'plain', value: 'another new one' };
const wrong = { ok: false, error: { type: 'wrong-credentials' } };

/** Memory storage that waits after reading a credential, and before an append, if the test says so. */
class WatchedStorage extends MemoryStorage {
  afterCredential: () => Promise<void> = async () => {};
  beforeAppend: () => Promise<void> = async () => {};

  override async credential(person: PersonId) {
    const credential = await super.credential(person);
    await this.afterCredential();
    return credential;
  }

  override async append(batch: readonly AppendItem[]): Promise<readonly AppendResult[]> {
    await this.beforeAppend();
    return super.append(batch);
  }
}

async function withAda() {
  const clock = new FakeClock();
  const storage = new WatchedStorage(clock);
  const app = await TestWorld.open({ clock, storage, passwords: fastPasswords });
  const ada = await app.register('ada');
  const setPassword = (password: Password) =>
    app.must((world, done) => void world.accounts.setPassword(ada, password, done));
  const login = (password: Password = defaultPassword) =>
    new Promise<{ ok: boolean }>((done) => app.world.login('ada', password, done));
  return { clock, storage, app, ada, setPassword, login };
}

test('WORLD-97 a login is refused if its password is replaced meanwhile, also by an equal one', async () => {
  for (const [isPresent, next] of [
    [false, fresh],
    [true, fresh],
    [false, defaultPassword],
  ] as const) {
    const { clock, storage, app, setPassword, login } = await withAda();
    if (isPresent) await app.login('ada');
    const gate = Promise.withResolvers<void>();
    storage.afterCredential = () => gate.promise;
    const entering = login();
    await app.settle();
    await setPassword(next);
    gate.resolve();
    assert.deepEqual(await untilSettled(clock, entering), wrong);
    await app.settle();
    assert.equal(app.world.people.visible.length, isPresent ? 1 : 0);
    assert.equal((await untilSettled(clock, login(next))).ok, true);
  }
});

test('WORLD-97 WORLD-34 a login during a kick succeeds, and during a ban is refused as banned, not as a wrong password', async () => {
  for (const [action, outcome] of [
    ['kick', { ok: true }],
    ['ban', { ok: false, error: { type: 'banned', reason: 'enough' } }],
  ] as const) {
    const { clock, storage, app, login } = await withAda();
    await app.login('ada');
    const gate = Promise.withResolvers<void>();
    storage.afterCredential = () => gate.promise;
    const entering = login();
    await app.settle();
    if (action === 'kick') await app.must((world, done) => world.moderation.kick('ada', 'enough', done));
    else await app.must((world, done) => world.moderation.ban({ type: 'operator' }, 'ada', 'enough', null, done));
    gate.resolve();
    const result = await untilSettled(clock, entering);
    assert.deepEqual(result.ok ? { ok: true } : result, outcome);
  }
});

test('WORLD-97 WORLD-93 no token is issued to a person who logged in with a password that is being replaced', async () => {
  const { clock, storage, app, ada } = await withAda();
  const entered = await app.must<{ passwordPosition: number }>((world, done) =>
    world.login('ada', defaultPassword, done),
  );
  const gate = Promise.withResolvers<void>();
  storage.beforeAppend = () => gate.promise;
  app.world.messages.post(ada, app.world.lobby, { text: 'in flight', clientTime: null }, () => {});
  await app.settle();
  const changed = new Promise((done) => void app.world.accounts.setPassword(ada, fresh, done));
  await app.settle();
  const issued = new Promise((done) => app.world.tokens.issue(ada, entered.passwordPosition, done));
  await app.settle();
  gate.resolve();
  assert.equal((await untilSettled(clock, changed as Promise<{ ok: boolean }>)).ok, true);
  assert.deepEqual(await untilSettled(clock, issued), wrong);
  const again = await app.must<{ passwordPosition: number }>((world, done) => world.login('ada', fresh, done));
  assert.match(await app.must<string>((world, done) => world.tokens.issue(ada, again.passwordPosition, done)), /-/);
});

test('WORLD-97 WORLD-54 of two changes of one known password the first succeeds, and the other is refused as wrong', async () => {
  const { clock, app, ada } = await withAda();
  await app.login('ada');
  const change = (next: Password) =>
    new Promise<{ ok: boolean }>((done) => void app.world.accounts.changePassword(ada, defaultPassword, next, done));
  const results = await untilSettled(clock, Promise.all([change(fresh), change(other)]));
  assert.deepEqual([results[0]?.ok, results[1]], [true, wrong]);
  await app.must((world, done) => world.login('ada', fresh, done));
});

test('WORLD-98 T21 every node on which a person is learns of a token that the person ended, and of no other', async () => {
  const { first, second } = await openTwoWorlds();
  const ada = await first.register('ada');
  await second.settle();
  for (const app of [first, second]) await app.login('ada');
  const issue = () => first.must<string>((world, done) => world.tokens.issue(ada, Infinity, done));
  const tokens = [];
  for (let count = 0; count < 102; count++) tokens.push(await issue());
  const last = tokens.at(-1) ?? '';
  await first.must((world, done) => void world.tokens.revoke(ada, last, done));
  first.clock.jump(15 * 86_400_000);
  await issue();
  await second.settle();
  for (const { observer } of [first, second]) {
    const revocations = observer.revocations.filter(({ digest }) => digest !== null);
    assert.deepEqual(revocations, [{ person: ada, digest: sha256(last) }]);
  }
});

test('WORLD-97 T21 every node on which a person is learns of a new password, but not of the first one of an account', async () => {
  const { first, second } = await openTwoWorlds();
  const ada = await first.register('ada');
  await second.settle();
  for (const app of [first, second]) await app.login('ada');
  const heard = () =>
    [first, second].map(({ observer }) => observer.revocations.filter(({ digest }) => digest === null));
  const before = heard().map(({ length }) => length);
  await first.must((world, done) => void world.accounts.setPassword(ada, fresh, done));
  await second.settle();
  assert.deepEqual(
    heard().map(({ length }, index) => length - (before[index] ?? 0)),
    [1, 1],
  );
  for (const { world } of [first, second]) {
    const [now, then] = [world.accounts.passwordPosition(ada) ?? 0, 1];
    assert.deepEqual(
      [world.accounts.isPasswordCurrent(ada, now), world.accounts.isPasswordCurrent(ada, then)],
      [true, false],
    );
  }
});

test('WORLD-97 WORLD-08 a node whose storage failed learns of a password changed elsewhere when it loads the person again', async () => {
  const { first, second } = await openTwoWorlds();
  const { storage } = second;
  const ada = await first.register('ada');
  await second.settle();
  for (const app of [first, second]) await app.login('ada');
  const issue = () => second.ask<string>((world, done) => world.tokens.issue(ada, Infinity, done));
  const append = storage.append.bind(storage);
  storage.append = async (batch) => batch.map(() => ({ type: 'unavailable', reason: 'the test says so' }));
  assert.equal((await issue()).ok, false);
  storage.append = append;
  await first.must((world, done) => void world.accounts.setPassword(ada, fresh, done));
  const before = second.observer.revocations.length;
  assert.equal((await issue()).ok, true);
  assert.ok(second.observer.revocations.length > before);
  assert.equal(second.world.accounts.isPasswordCurrent(ada, 1), false);
});

test('WORLD-97 for a person who is not present a node knows no current password and no valid token', async () => {
  const { app, ada } = await withAda();
  assert.deepEqual(
    [app.world.accounts.passwordPosition(ada), app.world.accounts.isPasswordCurrent(ada, Infinity)],
    [null, false],
  );
  assert.equal(app.world.tokens.isValid(ada, ''), false);
});
