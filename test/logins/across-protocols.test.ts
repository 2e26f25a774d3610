import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Password } from '../../src/core/ports.ts';
import { protocols } from '../../src/protocols/index.ts';
import { untilSettled } from '../../testing/world.ts';
import { firstObject, hashOf, type Maker, type Way } from './login-method.ts';
import { makers, openedHouse, ways } from './login-methods.ts';
import { tagged } from './methods/tagged.ts';

const HERE = '192.0.2.1';
const COMPOSED = 'caf\u00e9 au lait';
const DECOMPOSED = 'cafe\u0301 au lait';

test('every protocol of the server has a way to log in', () => {
  assert.deepEqual(
    ways.map(({ protocol }) => protocol),
    protocols.map(({ name }) => name),
  );
});

/** A house with the account `alice`, made by a client of a protocol, or by the operator with the password itself. */
async function opened(maker: Maker | 'operator', password: string) {
  const { clock, app, say, tryOnce } = await openedHouse();
  if (maker === 'operator') {
    const form: Password = { type: 'plain', value: password };
    const wanted = { name: 'alice', displayName: null, password: form, role: 'user' } as const;
    const made = new Promise<{ ok: boolean }>((done) => void app.world.accounts.register(null, wanted, done));
    assert.equal((await untilSettled(clock, made)).ok, true);
  } else {
    const answer = await say(maker.protocol, HERE, maker.register('alice', password));
    assert.ok(maker.made(answer), Buffer.from(answer).toString());
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
  for (const maker of [...makers, 'operator'] as const) {
    const by = maker === 'operator' ? maker : maker.protocol;
    for (const password of passwords) {
      const tryOnce = await opened(maker, password);
      for (const way of ways) {
        assert.equal(await tryOnce(way, HERE, password), 'in', `${by}, ${way.protocol}: ${password}`);
        assert.equal(await tryOnce(way, HERE, `${password}.`), 'wrong');
        assert.equal(await tryOnce(way, HERE, hashOf(password)), 'wrong');
      }
    }
  }
});

test('CONN-71 T21 whoever changes the password by tagged ends what others logged in by, whichever protocol that was', async () => {
  const { app, say } = await openedHouse();
  await say('tagged', HERE, tagged.register('alice', 'old'));
  const open = async (way: Way) => {
    const { link, peer } = app.connect(way.protocol);
    peer.send(way.login('alice', 'old'));
    await app.settle();
    assert.equal(way.outcome(peer.take()), 'in', way.protocol);
    return { link, peer };
  };
  const others = await Promise.all(ways.map(open));
  const own = await open(tagged);
  const change = { message: 'me.password', old: hashOf('old'), new: hashOf('new') };
  own.peer.send(Buffer.from(JSON.stringify(change)));
  await app.settle();
  assert.equal(firstObject(own.peer.take()).result, 200);
  assert.equal(own.link.ended, null);
  for (const { link } of others) assert.deepEqual(link.ended, { kind: 'removed', reason: 'the password was changed' });
});

test('SERVER-71 T15 a password that was made in NFC fits in any normal form where it is sent itself, another only as it is', async () => {
  for (const way of ways) {
    const composed = await opened('operator', COMPOSED);
    const decomposed = await opened(tagged, DECOMPOSED);
    const isHash = way === tagged;
    assert.equal(await composed(way, HERE, DECOMPOSED), isHash ? 'wrong' : 'in', way.protocol);
    assert.equal(await decomposed(way, HERE, COMPOSED), 'wrong', way.protocol);
  }
});
