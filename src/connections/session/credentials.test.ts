import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../../../testing/clock.ts';
import { TestHub } from '../../../testing/hub.ts';
import { lineProtocol } from '../../../testing/line-protocol.ts';
import type { AppendItem, AppendResult } from '../../core/ports.ts';
import { MemoryStorage } from '../../storage/memory/storage.ts';

/** Memory storage that waits before appends, or refuses those that a test picks; and waits before it tells what it read of a token. */
class PickyStorage extends MemoryStorage {
  gate: Promise<void> = Promise.resolve();
  refuses: (batch: string) => boolean = () => false;
  afterToken: () => Promise<void> = async () => {};

  override async append(batch: readonly AppendItem[]): Promise<readonly AppendResult[]> {
    await this.gate;
    if (this.refuses(JSON.stringify(batch)))
      return batch.map(() => ({ type: 'unavailable', reason: 'the test says so' }) as const);
    return super.append(batch);
  }

  override async token(digest: string) {
    const token = await super.token(digest);
    await this.afterToken();
    return token;
  }
}

async function opened() {
  const clock = new FakeClock();
  const storage = new PickyStorage(clock);
  const app = await TestHub.open({ clock, storage });
  await app.accounts('alice', 'bob');
  const client = () => app.client(lineProtocol({ history: 0 }));
  const alice = client();
  await alice.ask('login alice');
  const id = app.world.people.find('alice')?.id ?? 0;
  return { app, storage, client, alice, id };
}

test('CONN-16 CONN-71 whoever is sent away in one batch with a new password is sent away, and everybody else goes on', async () => {
  for (const deeds of [
    ['ban', 'operator'],
    ['operator', 'ban'],
    ['ban', 'own'],
  ]) {
    const { app, storage, client, alice, id } = await opened();
    const bob = client();
    await bob.ask('login bob');
    const gate = Promise.withResolvers<void>();
    storage.gate = gate.promise;
    bob.send('say in flight');
    await app.settle();
    for (const deed of deeds) {
      if (deed === 'ban') app.world.moderation.ban({ type: 'operator' }, 'alice', 'go', null, () => {});
      else if (deed === 'own') alice.send('password alice new');
      else void app.world.accounts.setPassword(id, { type: 'plain', value: 'new' }, () => {});
      await app.settle();
    }
    gate.resolve();
    await app.settle();
    assert.equal(alice.closeKind(), 'removed', deeds.join());
    assert.ok((await bob.ask('say still here')).includes('ok'));
    assert.equal(app.hub.size, 1);
  }
});

test('CONN-73 CONN-66 a sign-out that fails half-way leaves the tokens that have not ended, and the connection ends with the last', async () => {
  const { app, storage, client, alice, id } = await opened();
  const [first = '', second = ''] = [...(await alice.ask('token')), ...(await alice.ask('token'))];
  const both = client();
  assert.deepEqual(await both.ask(`resume alice ${first}`, `resume alice ${second}`), ['ok', 'ok']);
  let revoked = 0;
  storage.refuses = (batch) => batch.includes('token-revoked') && ++revoked === 2;
  assert.deepEqual(await both.ask('bye'), ['no unavailable']);
  storage.refuses = () => false;
  await app.advance(1_000);
  assert.deepEqual([both.closeKind(), alice.closeKind()], [null, null]);
  void app.world.tokens.revoke(id, second, () => {});
  await app.settle();
  assert.equal(both.closeKind(), 'removed');
});

test('CONN-73 a token that ends elsewhere while signing out by it fails leaves nothing to stay by', async () => {
  const { app, storage, client, alice, id } = await opened();
  const [token = ''] = await alice.ask('token');
  const copied = client();
  assert.deepEqual(await copied.ask(`resume alice ${token}`), ['ok']);
  const gate = Promise.withResolvers<void>();
  storage.afterToken = () => gate.promise;
  copied.send('bye', 'say by a dead token');
  await app.settle();
  storage.afterToken = async () => {};
  void app.world.tokens.revoke(id, token, () => {});
  await app.settle();
  gate.reject(new Error('the test says so'));
  await app.settle();
  assert.equal(copied.lines()[0], 'no unavailable');
  assert.equal(copied.closeKind(), 'removed');
  assert.deepEqual(alice.lines(), []);
});

test('CONN-73 a token that made room for others ends no connection, also where its person is read anew', async () => {
  const { app, storage, client, alice } = await opened();
  const [token = ''] = await alice.ask('token');
  const old = client();
  assert.deepEqual(await old.ask(`resume alice ${token}`), ['ok']);
  await app.advance(10);
  for (let tokens = 0; tokens < 100; tokens += 5) await alice.ask(...Array<string>(5).fill('token'));
  assert.deepEqual(await old.ask(`resume alice ${token}`), ['no wrong-credentials']);
  storage.refuses = (batch) => batch.includes('contact-added');
  assert.deepEqual(await alice.ask('friend bob'), ['no unavailable']);
  storage.refuses = () => false;
  assert.deepEqual(await alice.ask('friend bob'), ['ok']);
  await app.advance(5_000);
  assert.deepEqual([old.closeKind(), alice.closeKind()], [null, null]);
});

test('CONN-73 a token that ends while it is accepted on a connection that has another keeps that connection no longer', async () => {
  const { app, storage, client, alice, id } = await opened();
  const [first = '', second = ''] = [...(await alice.ask('token')), ...(await alice.ask('token'))];
  const copied = client();
  assert.deepEqual(await copied.ask(`resume alice ${first}`), ['ok']);
  const gate = Promise.withResolvers<void>();
  storage.afterToken = () => gate.promise;
  copied.send(`resume alice ${second}`);
  await app.settle();
  storage.afterToken = async () => {};
  void app.world.tokens.revoke(id, second, () => {});
  await app.settle();
  gate.resolve();
  await app.settle();
  assert.equal(copied.closeKind(), null);
  void app.world.tokens.revoke(id, first, () => {});
  await app.settle();
  assert.equal(copied.closeKind(), 'removed');
});

test('WORLD-90 a guest who asks for a token is refused', async () => {
  const { client } = await opened();
  assert.deepEqual(await client().ask('enter eve', 'token'), ['ok', 'no guest']);
});
