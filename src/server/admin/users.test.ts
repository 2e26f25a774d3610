import assert from 'node:assert/strict';
import test from 'node:test';
import type { Account } from '../../core/model/account.ts';
import { untilSettled, TestWorld, type TestWorldOptions } from '../../../testing/world.ts';
import { runAdmin } from './commands.ts';
import type { AdminReply, AdminRequest } from './messages.ts';
import { operatorText } from './refusal-text.ts';
import { runUser } from './users.ts';

/** A world and its operator. */
async function opened(options: TestWorldOptions = {}) {
  const app = await TestWorld.open(options);
  const run = async (request: AdminRequest): Promise<AdminReply> => {
    const reply = await untilSettled(app.clock, runAdmin(app.world, app.clock.now(), request));
    await app.settle();
    return reply;
  };
  const create = (name: string, more: { displayName?: string; role?: Account['role']; password?: string } = {}) => {
    const { displayName = null, role = 'user', password = 'correct horse' } = more;
    return run({ command: 'user-create', name, displayName, role, password });
  };
  const isRight = async (name: string, value: string) => {
    const type = 'plain' as const;
    return (await untilSettled(app.clock, app.world.accounts.verify(name, { type, value }))).ok;
  };
  return { ...app, app, run, create, isRight };
}

const done = (...lines: string[]) => ({ ok: true, lines });
const refused = (...lines: string[]) => ({ ok: false, lines });

test('SERVER-80 the operator makes accounts, also where registration is closed, and they are listed in order', async () => {
  const { run, create, isRight } = await opened({ rules: { registration: 'closed' } });
  assert.deepEqual(await run({ command: 'user-list' }), done('0 accounts'));
  assert.deepEqual(await create('alice', { role: 'owner' }), done('alice, owner'));
  assert.deepEqual(await run({ command: 'user-list' }), done('1 account', '  alice, owner'));
  assert.deepEqual(await create('Bob', { displayName: 'Robert B.' }), done('Bob (Robert B.), user'));
  assert.deepEqual(
    await run({ command: 'user-list' }),
    done('2 accounts', '  alice, owner', '  Bob (Robert B.), user'),
  );
  assert.deepEqual([await isRight('alice', 'correct horse'), await isRight('alice', 'correct hose')], [true, false]);
});

test('SERVER-80 an account that cannot be made is refused with a text, and does not exist', async () => {
  const { app, run, create } = await opened();
  await create('alice');
  await app.enter('carol');
  await run({ command: 'ban', name: 'mallory', reason: 'spam', forMs: null });
  assert.deepEqual(await create('ALICE'), refused(operatorText({ type: 'name-taken' })));
  assert.deepEqual(await create('carol'), refused(operatorText({ type: 'name-taken' })));
  assert.deepEqual(await create('mallory'), refused('banned: spam'));
  assert.deepEqual(await create('a;b'), refused('this name has a character, or a blank, that names may not have'));
  assert.deepEqual(
    await create('dave', { displayName: 'x'.repeat(65) }),
    refused('a display name is longer than 64 characters'),
  );
  assert.deepEqual(await create('dave', { password: '' }), refused('a password has 1 to 1024 bytes'));
  assert.deepEqual(await run({ command: 'user-list' }), done('1 account', '  alice, user'));
});

test('SERVER-80 a new password replaces the old one', async () => {
  const { run, create, isRight } = await opened();
  await create('alice');
  const change = { command: 'user-password', password: 'battery staple' } as const;
  assert.deepEqual(await run({ ...change, name: 'Alice' }), done('alice has another password'));
  assert.deepEqual([await isRight('alice', 'correct horse'), await isRight('alice', 'battery staple')], [false, true]);
  assert.deepEqual(await run({ ...change, name: 'alice', password: '' }), refused('a password has 1 to 1024 bytes'));
  assert.equal(await isRight('alice', 'battery staple'), true);
});

test('SERVER-80 a role can be given and taken away', async () => {
  const { run, create } = await opened();
  await create('alice');
  const role = { command: 'user-role', name: 'alice' } as const;
  assert.deepEqual(await run({ ...role, role: 'moderator' }), done('alice, moderator'));
  assert.deepEqual(await run({ ...role, role: 'user' }), done('alice, user'));
  assert.deepEqual(await run({ command: 'user-list' }), done('1 account', '  alice, user'));
});

test('SERVER-80 without an account, also for a guest, there is no password and no role to set', async () => {
  const { app, run } = await opened();
  await app.enter('carol');
  for (const name of ['carol', 'nobody', 'a;b']) {
    const nothing = refused(`${name} has no account`);
    assert.deepEqual(await run({ command: 'user-password', name, password: 'correct horse' }), nothing);
    assert.deepEqual(await run({ command: 'user-role', name, role: 'owner' }), nothing);
  }
});

test('SERVER-80 list shows the first 1,000 accounts and counts the others', async () => {
  const { world } = await opened();
  const accounts = Array.from({ length: 1_002 }, (_, index) => ({
    name: `p${index}`,
    displayName: `p${index}`,
    role: 'user',
  }));
  const full = { accounts: world.accounts, people: { accounts } } as unknown as typeof world;
  const { lines } = await runUser(full, { command: 'user-list' });
  assert.equal(lines.length, 1 + 1_000 + 1);
  assert.deepEqual([lines[0], lines.at(-1)], ['1002 accounts', '  and 2 more']);
});
