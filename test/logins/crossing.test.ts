import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Password } from '../../src/core/ports.ts';
import { pumped } from '../../testing/world.ts';
import { c2, hashOf, openedHouse, tagged } from './ways.ts';

const HERE = '192.0.2.1';
const COMPOSED = 'caf\u00e9 au lait';
const DECOMPOSED = 'cafe\u0301 au lait';

/** A house with the account `alice`, made by a tagged client or with the password itself. */
async function opened(form: Password['form'], password: string) {
  const { clock, house, say, tryOnce } = await openedHouse();
  if (form === 'sha256') {
    const register = { message: 'register', username: 'alice', password: hashOf(password).toUpperCase(), tag: '1' };
    const answer = await say('tagged', HERE, JSON.stringify(register));
    assert.equal((JSON.parse(answer) as { readonly result: number }).result, 201, answer);
  } else {
    const wanted = { name: 'alice', displayName: null, password: { form, value: password }, role: 'user' } as const;
    const made = new Promise<{ ok: boolean }>((done) => void house.world.accounts.register(null, wanted, done));
    assert.equal((await pumped(clock, made)).ok, true);
  }
  return tryOnce;
}

test('SERVER-70 T15 whichever protocol made an account, all others log in with the same password, and with no other', async () => {
  const passwords = [
    'correct horse',
    'semi; colons; c2/',
    COMPOSED,
    DECOMPOSED,
    '🔑👩‍👩‍👧',
    'x'.repeat(64),
    'ü'.repeat(512),
  ];
  // A password that looks like a hash is a password all the same.
  passwords.push(hashOf('correct horse'));
  for (const form of ['plain', 'sha256'] as const) {
    for (const password of passwords) {
      const tryOnce = await opened(form, password);
      for (const way of [tagged, c2]) {
        assert.equal(await tryOnce(way, HERE, password), 'in', `${form}, ${way.protocol}: ${password}`);
        assert.equal(await tryOnce(way, HERE, `${password}.`), 'wrong');
        assert.equal(await tryOnce(way, HERE, hashOf(password)), 'wrong');
      }
    }
  }
});

test('SERVER-71 T15 a password that was made in NFC fits in any normal form where it is sent itself, another only as it is', async () => {
  const composed = await opened('plain', COMPOSED);
  const decomposed = await opened('sha256', DECOMPOSED);
  assert.deepEqual([await composed(c2, HERE, DECOMPOSED), await composed(tagged, HERE, DECOMPOSED)], ['in', 'wrong']);
  assert.deepEqual(
    [await decomposed(c2, HERE, COMPOSED), await decomposed(tagged, HERE, COMPOSED)],
    ['wrong', 'wrong'],
  );
});
