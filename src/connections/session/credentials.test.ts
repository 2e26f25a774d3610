import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../../../testing/clock.ts';
import { TestHub } from '../../../testing/hub.ts';
import { lineProtocol } from '../../../testing/line-protocol.ts';
import type { AppendItem, AppendResult } from '../../core/ports.ts';
import { MemoryStorage } from '../../storage/memory/storage.ts';

/** Memory storage whose appends wait for `gate` and can be refused, and that waits for `afterToken` after it has read a token. */
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

async function open() {
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

test('CONN-16 CONN-71 a person who is removed in the same batch as a new password is removed, and others are not affected', async () => {
  for (const actions of [
    ['ban', 'operator'],
    ['operator', 'ban'],
    ['ban', 'own'],
  ]) {
    const { app, storage, client, alice, id } = await open();
    const bob = client();
    await bob.ask('login bob');
    const gate = Promise.withResolvers<void>();
    storage.gate = gate.promise;
    bob.send('say in flight');
    await app.settle();
    for (const action of actions) {
      if (action === 'ban') app.world.moderation.ban({ type: 'operator' }, 'alice', 'go', null, () => {});
      else if (action === 'own') alice.send('password alice new');
      else void app.world.accounts.setPassword(id, { type: 'plain', value: 'new' }, () => {});
      await app.settle();
    }
    gate.resolve();
    await app.settle();
    assert.equal(alice.closeKind(), 'removed', actions.join());
    assert.ok((await bob.ask('say still here')).includes('ok'));
    assert.equal(app.hub.size, 1);
  }
});

test('CONN-73 CONN-66 a sign-out that fails half-way keeps the tokens that were not revoked, and the connection ends with the last', async () => {
  const { app, storage, client, alice, id } = await open();
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

test('CONN-73 a token that is revoked elsewhere while signing out fails ends the connection', async () => {
  const { app, storage, client, alice, id } = await open();
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

test('CONN-73 a token that was dropped because there were too many ends no connection, also if its person is reloaded', async () => {
  const { app, storage, client, alice } = await open();
  const [token = ''] = await alice.ask('token');
  const old = client();
  assert.deepEqual(await old.ask(`resume alice ${token}`), ['ok']);
  await app.advance(10);
  for (let tokens = 0; tokens < 100; tokens += 5) await alice.ask(...Array<string>(5).fill('token'));
  assert.deepEqual(await old.ask(`resume alice ${token}`), ['no wrong-credentials']);
  storage.refuses = (batch) => batch.includes('contact-added');
  assert.deepEqual(await alice.ask('contact bob'), ['no unavailable']);
  storage.refuses = () => false;
  assert.deepEqual(await alice.ask('contact bob'), ['ok']);
  await app.advance(5_000);
  assert.deepEqual([old.closeKind(), alice.closeKind()], [null, null]);
});

test('CONN-73 a token that is revoked while a connection accepts it does not keep that connection open', async () => {
  const { app, storage, client, alice, id } = await open();
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
  const { client } = await open();
  assert.deepEqual(await client().ask('enter eve', 'token'), ['ok', 'no guest']);
});
