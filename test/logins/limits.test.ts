import assert from 'node:assert/strict';
import { test } from 'node:test';
import { untilSettled } from '../../testing/world.ts';
import type { Outcome } from './login-method.ts';
import { openLoginApp, loginMethods } from './login-methods.ts';
import { c2 } from './methods/c2.ts';
import { tagged } from './methods/tagged.ts';

const HERE = '192.0.2.1';
const THERE = '192.0.2.2';
const SECRET = 'correct horse';

/** An app with the account `alice`. */
async function openWithAlice() {
  const { clock, app, tryLogin } = await openLoginApp();
  const password = { type: 'plain', value: SECRET } as const;
  const wanted = { name: 'alice', displayName: null, password, role: 'user' } as const;
  const result = new Promise<{ ok: boolean }>(
    (done) => void app.world.accounts.register({ type: 'operator' }, wanted, done),
  );
  assert.equal((await untilSettled(clock, result)).ok, true);
  return { clock, tryLogin };
}

test('CONN-30 CONN-31 CONN-33 T18 wrong passwords count over all protocols together, and do not lock out other addresses', async () => {
  const { clock, tryLogin } = await openWithAlice();
  const outcomes: Outcome[] = [];
  for (let index = 0; index < 8; index++)
    outcomes.push(await tryLogin(loginMethods[index % loginMethods.length] ?? c2, HERE, 'wrong'));
  assert.deepEqual(outcomes, ['wrong', 'wrong', 'wrong', 'wrong', 'wrong', 'wait', 'wait', 'wait']);
  for (const method of loginMethods) {
    assert.equal(await tryLogin(method, HERE, SECRET), 'wait');
    assert.equal(await tryLogin(method, THERE, SECRET), 'in');
  }
  clock.advance(1_000);
  assert.equal(await tryLogin(c2, HERE, SECRET), 'in');
  assert.equal(await tryLogin(tagged, HERE, 'wrong'), 'wrong');
});

test('CONN-30 T17 T18 an unknown name is counted and answered like a known one', async () => {
  for (const method of loginMethods) {
    const { tryLogin } = await openWithAlice();
    for (const name of ['alice', 'nobody']) {
      const outcomes: Outcome[] = [];
      for (let index = 0; index < 6; index++) outcomes.push(await tryLogin(method, HERE, 'wrong', name));
      assert.deepEqual(outcomes, ['wrong', 'wrong', 'wrong', 'wrong', 'wrong', 'wait'], `${method.protocol} ${name}`);
    }
  }
});

test('CONN-20 CONN-32 T18 an address has 30 wrong passwords over all names, this machine has no limit', async () => {
  const { tryLogin } = await openWithAlice();
  const count = async (address: string) => {
    let wrong = 0;
    while (
      wrong < 40 &&
      (await tryLogin(loginMethods[wrong % loginMethods.length] ?? c2, address, 'wrong', `name${wrong}`)) === 'wrong'
    )
      wrong++;
    return wrong;
  };
  assert.deepEqual([await count(HERE), await count('127.0.0.1')], [30, 40]);
});
