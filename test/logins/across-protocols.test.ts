import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Password } from '../../src/core/ports.ts';
import { protocols } from '../../src/protocols/index.ts';
import { untilSettled } from '../../testing/world.ts';
import { firstObject, hashOf, type RegisterMethod, type LoginMethod } from './login-method.ts';
import { registerMethods, openLoginApp, loginMethods } from './login-methods.ts';
import { tagged } from './methods/tagged.ts';

const HERE = '192.0.2.1';
const COMPOSED = 'caf\u00e9 au lait';
const DECOMPOSED = 'cafe\u0301 au lait';

test('every protocol of the server has a login method', () => {
  assert.deepEqual(
    loginMethods.map(({ protocol }) => protocol),
    protocols.map(({ name }) => name),
  );
});

/** An app with the account `alice`, made by a client of a protocol or by the operator; returns `tryLogin`. */
async function openWithAlice(creator: RegisterMethod | 'operator', password: string) {
  const { clock, app, exchange, tryLogin } = await openLoginApp();
  if (creator === 'operator') {
    const plain: Password = { type: 'plain', value: password };
    const wanted = { name: 'alice', displayName: null, password: plain, role: 'user' } as const;
    const result = new Promise<{ ok: boolean }>((done) => void app.world.accounts.register(null, wanted, done));
    assert.equal((await untilSettled(clock, result)).ok, true);
  } else {
    const answer = await exchange(creator.protocol, HERE, creator.register('alice', password));
    assert.ok(creator.isRegistered(answer), Buffer.from(answer).toString());
  }
  return tryLogin;
}

test('SERVER-70 T15 an account that any protocol made can log in by all others with the same password, and with no other', async () => {
  const passwords = ['correct horse', 'semi; colons; c2/', COMPOSED, '🔑👩‍👩‍👧', 'x'.repeat(64), 'ü'.repeat(512)];
  // A password may look like a hash.
  passwords.push(hashOf('correct horse'));
  for (const creator of [...registerMethods, 'operator'] as const) {
    const by = creator === 'operator' ? creator : creator.protocol;
    for (const password of passwords) {
      const tryLogin = await openWithAlice(creator, password);
      for (const method of loginMethods) {
        assert.equal(await tryLogin(method, HERE, password), 'in', `${by}, ${method.protocol}: ${password}`);
        assert.equal(await tryLogin(method, HERE, `${password}.`), 'wrong');
        assert.equal(await tryLogin(method, HERE, hashOf(password)), 'wrong');
      }
    }
  }
});

test('CONN-71 T21 a change of the password by tagged ends the logins by every protocol, but not its own', async () => {
  const { app, exchange } = await openLoginApp();
  await exchange('tagged', HERE, tagged.register('alice', 'old'));
  const open = async (method: LoginMethod) => {
    const { link, peer } = app.connect(method.protocol);
    peer.send(method.login('alice', 'old'));
    await app.settle();
    assert.equal(method.outcome(peer.take()), 'in', method.protocol);
    return { link, peer };
  };
  const others = await Promise.all(loginMethods.map(open));
  const changer = await open(tagged);
  const change = { message: 'me.password', old: hashOf('old'), new: hashOf('new') };
  changer.peer.send(Buffer.from(JSON.stringify(change)));
  await app.settle();
  assert.equal(firstObject(changer.peer.take()).result, 200);
  assert.equal(changer.link.ended, null);
  for (const { link } of others) assert.deepEqual(link.ended, { kind: 'removed', reason: 'the password was changed' });
});

test('SERVER-71 T15 a password made or sent in any normal form fits by every protocol; the hash fits that was made, or that of NFC', async () => {
  for (const creator of [...registerMethods, 'operator'] as const)
    for (const made of [COMPOSED, DECOMPOSED])
      for (const method of loginMethods)
        for (const sent of [COMPOSED, DECOMPOSED]) {
          const tryLogin = await openWithAlice(creator, made);
          const kept = creator === tagged ? made : COMPOSED;
          const fits = method === tagged ? sent === kept : kept === COMPOSED || sent === kept;
          const by = creator === 'operator' ? creator : creator.protocol;
          const name = `${by} ${JSON.stringify(made)}, ${method.protocol} ${JSON.stringify(sent)}`;
          assert.equal(await tryLogin(method, HERE, sent), fits ? 'in' : 'wrong', name);
        }
});

test('SERVER-71 a new password too is kept in NFC, whoever sets it', async () => {
  const { app, clock, tryLogin } = await openLoginApp();
  const plain = (value: string): Password => ({ type: 'plain', value });
  const settled = async <T>(run: (done: (result: T) => void) => unknown) =>
    untilSettled(clock, new Promise<T>((done) => void run(done)));
  const { accounts } = app.world;
  const wanted = { name: 'alice', displayName: null, password: plain('first'), role: 'user' } as const;
  const account = await settled<{ ok: boolean; value?: { person: number } }>((done) =>
    accounts.register(null, wanted, done),
  );
  const person = account.value?.person ?? assert.fail();
  await settled((done) => accounts.setPassword(person, plain(DECOMPOSED), done));
  for (const method of loginMethods) assert.equal(await tryLogin(method, HERE, COMPOSED), 'in', method.protocol);
});
