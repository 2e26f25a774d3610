import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TestWorld } from '../../../../testing/world.ts';
import { parsePassword } from './password.ts';

const bad = { type: 'bad-password' };

function plain(value: string) {
  return parsePassword({ type: 'plain', value });
}

test('TEXT-08 T15 a password has 1 to 1,024 bytes of UTF-8', () => {
  for (const valid of ['x', ' ', '\0', 'x'.repeat(1_023), 'x'.repeat(1_024), 'é'.repeat(512), '😀'.repeat(256)])
    assert.equal(plain(valid), null);
  for (const invalid of ['', 'x'.repeat(1_025), 'é'.repeat(513), '😀'.repeat(257), 'x'.repeat(1_000_000), '\ud800'])
    assert.deepEqual(plain(invalid), bad);
});

test('TEXT-08 T15 a hash is 64 hex digits in upper or lower case', () => {
  const hashed = (value: string) => parsePassword({ type: 'sha256', value });
  for (const valid of ['a1'.repeat(32), 'A1'.repeat(32)]) assert.equal(hashed(valid), null);
  for (const invalid of [
    '',
    'a'.repeat(63),
    'a'.repeat(65),
    'g'.repeat(64),
    `${'a'.repeat(64)}\n`,
    ` ${'a'.repeat(63)}`,
  ])
    assert.deepEqual(hashed(invalid), bad, JSON.stringify(invalid));
});

test('TEXT-08 a registration with an invalid password makes no account and claims no name', async () => {
  const app = await TestWorld.open();
  const wanted = { name: 'alice', displayName: null, password: { type: 'plain', value: '' }, role: 'user' } as const;
  assert.deepEqual(await app.ask((world, done) => void world.accounts.register(null, wanted, done)), {
    ok: false,
    error: bad,
  });
  await app.enter('alice');
});
