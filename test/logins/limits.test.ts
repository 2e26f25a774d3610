import assert from 'node:assert/strict';
import { test } from 'node:test';
import { untilSettled } from '../../testing/world.ts';
import type { Outcome } from './login-method.ts';
import { openedHouse, ways } from './login-methods.ts';
import { c2 } from './methods/c2.ts';
import { tagged } from './methods/tagged.ts';

const HERE = '192.0.2.1';
const THERE = '192.0.2.2';
const SECRET = 'correct horse';

/** A house with the account `alice`. */
async function opened() {
  const { clock, app, tryOnce } = await openedHouse();
  const password = { type: 'plain', value: SECRET } as const;
  const wanted = { name: 'alice', displayName: null, password, role: 'user' } as const;
  const made = new Promise<{ ok: boolean }>(
    (done) => void app.world.accounts.register({ type: 'operator' }, wanted, done),
  );
  assert.equal((await untilSettled(clock, made)).ok, true);
  return { clock, tryOnce };
}

test('CONN-30 CONN-31 CONN-33 T18 wrong passwords count over all protocols together, and keep nobody else out', async () => {
  const { clock, tryOnce } = await opened();
  const outcomes: Outcome[] = [];
  for (let index = 0; index < 8; index++) outcomes.push(await tryOnce(ways[index % ways.length] ?? c2, HERE, 'wrong'));
  assert.deepEqual(outcomes, ['wrong', 'wrong', 'wrong', 'wrong', 'wrong', 'wait', 'wait', 'wait']);
  for (const way of ways) {
    assert.equal(await tryOnce(way, HERE, SECRET), 'wait');
    assert.equal(await tryOnce(way, THERE, SECRET), 'in');
  }
  clock.advance(1_000);
  assert.equal(await tryOnce(c2, HERE, SECRET), 'in');
  assert.equal(await tryOnce(tagged, HERE, 'wrong'), 'wrong');
});

test('CONN-30 T17 T18 a name that nobody has is counted and answered like one that somebody has', async () => {
  for (const way of ways) {
    const { tryOnce } = await opened();
    for (const name of ['alice', 'nobody']) {
      const outcomes: Outcome[] = [];
      for (let index = 0; index < 6; index++) outcomes.push(await tryOnce(way, HERE, 'wrong', name));
      assert.deepEqual(outcomes, ['wrong', 'wrong', 'wrong', 'wrong', 'wrong', 'wait'], `${way.protocol} ${name}`);
    }
  }
});

test('CONN-20 CONN-32 T18 an address has 30 wrong ones whatever the names, this machine as many as it likes', async () => {
  const { tryOnce } = await opened();
  const count = async (address: string) => {
    let wrong = 0;
    while (wrong < 40 && (await tryOnce(ways[wrong % ways.length] ?? c2, address, 'wrong', `name${wrong}`)) === 'wrong')
      wrong++;
    return wrong;
  };
  assert.deepEqual([await count(HERE), await count('127.0.0.1')], [30, 40]);
});
