import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryBus } from '../../bus/memory/bus.ts';
import { FakeClock } from '../../../testing/clock.ts';
import { countingIds } from '../../../testing/ids.ts';
import { defaultPassword, TestWorld } from '../../../testing/world.ts';
import { MemoryNames } from '../../storage/memory/names.ts';
import { MemoryStorage } from '../../storage/memory/storage.ts';
import type { LoginResult } from '../world.ts';

/** Two worlds of which neither hears the other. */
async function openDeafWorlds() {
  const clock = new FakeClock();
  const storage = new MemoryStorage(clock);
  const shared = { clock, names: new MemoryNames(clock) };
  const open = (origin: number) =>
    TestWorld.open({ ...shared, storage: storage.join(), bus: new MemoryBus().join(), ids: countingIds(origin) });
  return [await open(1), await open(2)] as const;
}

test('SERVER-297 an account that was made on another node can log in at once, and has its new password at once', async () => {
  const [first, second] = await openDeafWorlds();
  const alice = await first.register('alice');
  assert.equal(await second.login('alice'), alice);
  const changed = { type: 'plain', value: 'another password' } as const;
  await first.must<unknown>((world, done) => void world.accounts.setPassword(alice, changed, done));
  const refused = await second.ask((world, done) => world.login('alice', defaultPassword, done));
  assert.deepEqual(refused, { ok: false, error: { type: 'wrong-credentials' } });
  const login = await second.ask<{ id: number }>((world, done) => world.login('alice', changed, done));
  assert.equal(login.ok && login.value.id, alice);
});

test('SERVER-297 a token that was issued on another node is taken at once', async () => {
  const [first, second] = await openDeafWorlds();
  await first.register('bob');
  const { id: bob, passwordPosition } = await first.must<LoginResult>((world, done) =>
    world.login('bob', defaultPassword, done),
  );
  const token = await first.must<string>((world, done) => world.tokens.issue(bob, passwordPosition, done));
  const resumed = await second.must<{ id: number }>((world, done) => world.resume('bob', token, done));
  assert.equal(resumed.id, bob);
});

test('SERVER-297 a session of an account that was made on another node goes on at once', async () => {
  const [first, second] = await openDeafWorlds();
  const dora = await first.register('dora');
  const { passwordPosition } = await first.must<LoginResult>((world, done) =>
    world.login('dora', defaultPassword, done),
  );
  const session = { acceptsDirect: true, status: null };
  const entered = await second.must<{ id: number }>((world, done) =>
    world.reenter(dora, passwordPosition, session, done),
  );
  assert.equal(entered.id, dora);
});
