import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TestWorld } from '../../../testing/world.ts';
import { parsePassword } from './password.ts';

const bad = { type: 'bad-password' };

function plain(value: string) {
  return parsePassword({ type: 'plain', value });
}

test('TEXT-08 T15 a password has 1 to 1,024 bytes of UTF-8', () => {
  for (const fit of ['x', ' ', '\0', 'x'.repeat(1_023), 'x'.repeat(1_024), 'é'.repeat(512), '😀'.repeat(256)])
    assert.equal(plain(fit), null);
  for (const unfit of ['', 'x'.repeat(1_025), 'é'.repeat(513), '😀'.repeat(257), 'x'.repeat(1_000_000), '\ud800'])
    assert.deepEqual(plain(unfit), bad);
});

test('TEXT-08 T15 a hash is 64 hex digits in any case', () => {
  const hashed = (value: string) => parsePassword({ type: 'sha256', value });
  for (const fit of ['a1'.repeat(32), 'A1'.repeat(32)]) assert.equal(hashed(fit), null);
  for (const unfit of ['', 'a'.repeat(63), 'a'.repeat(65), 'g'.repeat(64), `${'a'.repeat(64)}\n`, ` ${'a'.repeat(63)}`])
    assert.deepEqual(hashed(unfit), bad, JSON.stringify(unfit));
});

test('TEXT-08 a registration without a fit password makes nothing and claims nothing', async () => {
  const app = await TestWorld.open();
  const wanted = { name: 'alice', displayName: null, password: { type: 'plain', value: '' }, role: 'user' } as const;
  assert.deepEqual(await app.ask((world, done) => void world.accounts.register(null, wanted, done)), {
    ok: false,
    error: bad,
  });
  await app.enter('alice');
});
