import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../../../testing/clock.ts';
import { TestHub } from '../../../testing/hub.ts';
import { lineProtocol } from '../../../testing/line-protocol.ts';
import type { AppendItem, AppendResult } from '../../core/ports.ts';
import { MemoryStorage } from '../../storage/memory/storage.ts';

/** Memory storage whose joins of rooms wait for `gate`, and can be refused then. */
class SlowJoins extends MemoryStorage {
  gate = Promise.withResolvers<void>();
  refuses = false;

  override async append(batch: readonly AppendItem[]): Promise<readonly AppendResult[]> {
    if (!batch.some(({ writes }) => writes.some(({ entries }) => entries.some(({ type }) => type === 'member-joined'))))
      return super.append(batch);
    await this.gate.promise;
    return this.refuses ? batch.map(() => ({ type: 'unavailable', reason: 'the test says so' })) : super.append(batch);
  }
}

/** Alice has logged in and is being made a member of the lobby; her login is not answered yet. */
async function joinLobby() {
  const clock = new FakeClock();
  const storage = new SlowJoins(clock);
  const app = await TestHub.open({ clock, storage, rules: { joinLobby: false } });
  await app.accounts('alice');
  const client = app.client(lineProtocol({ history: 0 }));
  assert.deepEqual(await client.ask('login alice', 'say hello'), []);
  return { app, storage, client };
}

test('CONN-48 CONN-13 an account is a member of the lobby before its login is answered, and later requests wait', async () => {
  const { app, storage, client } = await joinLobby();
  storage.gate.resolve();
  await app.settle();
  assert.deepEqual(client.lines(), ['ok', 'ok', 'new 1 alice hello']);
});

test('CONN-16 CONN-71 a kick, a ban or a new password while the lobby is being joined ends the connection', async () => {
  for (const [action, farewell, reason] of [
    ['kick', ['left alice removed'], 'banned: enough'],
    ['ban', ['left alice removed'], 'banned: enough'],
    ['password', [], 'the password was changed'],
  ] as const) {
    const { app, storage, client } = await joinLobby();
    const { moderation, accounts, people } = app.world;
    if (action === 'kick') moderation.kick('alice', 'enough', () => {});
    else if (action === 'ban') moderation.ban({ type: 'operator' }, 'alice', 'enough', null, () => {});
    else {
      const password = { type: 'plain', value: 'fresh' } as const;
      void accounts.setPassword(people.find('alice')?.id ?? 0, password, () => {});
    }
    await app.settle();
    storage.gate.resolve();
    await app.settle();
    assert.deepEqual(client.link.ended, { kind: 'removed', reason }, action);
    assert.deepEqual(
      client.lines().filter((line) => line.startsWith('left')),
      farewell,
    );
    assert.deepEqual([app.world.people.visible, app.hub.size], [[], 0]);
  }
});

test('CONN-48 CONN-23 a person who cannot become a member of the lobby is refused and gone, and the connection waits for a login again', async () => {
  const { app, storage, client } = await joinLobby();
  storage.refuses = true;
  storage.gate.resolve();
  await app.settle();
  assert.deepEqual(client.lines(), ['no unavailable', 'no not-allowed']);
  assert.deepEqual(app.world.people.visible, []);
  storage.refuses = false;
  assert.deepEqual(await client.ask('login alice', 'say now'), ['ok', 'ok', 'new 1 alice now']);
  await client.ask('bye');
  await app.advance(60_000);
  assert.equal(client.closeKind(), 'timeout');
});

test('CONN-15 when a link is lost while the lobby is being joined, its person leaves', async () => {
  const { app, storage, client } = await joinLobby();
  await client.drop();
  storage.gate.resolve();
  await app.settle();
  assert.deepEqual([app.world.people.visible, app.hub.size], [[], 0]);
});
