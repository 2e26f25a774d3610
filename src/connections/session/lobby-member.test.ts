import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../../../testing/clock.ts';
import { TestHub } from '../../../testing/hub.ts';
import { lineProtocol } from '../../../testing/line-protocol.ts';
import type { AppendItem, AppendResult } from '../../core/ports.ts';
import { MemoryStorage } from '../../storage/memory/storage.ts';

/** Memory storage that keeps joins of rooms waiting, or refuses them. */
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

/** Alice, who is no member of the lobby, is on her way into it; her login is not answered yet. */
async function onTheWay() {
  const clock = new FakeClock();
  const storage = new SlowJoins(clock);
  const app = await TestHub.open({ clock, storage, rules: { joinLobby: false } });
  await app.accounts('alice');
  const client = app.client(lineProtocol({ history: 0 }));
  assert.deepEqual(await client.ask('login alice', 'say hello'), []);
  return { app, storage, client };
}

test('CONN-48 CONN-13 an account is a member of the lobby before its login is answered, and nothing passes it meanwhile', async () => {
  const { app, storage, client } = await onTheWay();
  storage.gate.resolve();
  await app.settle();
  assert.deepEqual(client.lines(), ['ok', 'ok', 'new 1 alice hello']);
});

test('CONN-16 CONN-71 whatever ends the visit of somebody on the way into the lobby ends the connection', async () => {
  for (const [deed, words, reason] of [
    ['kick', ['left alice removed'], 'banned: enough'],
    ['ban', ['left alice removed'], 'banned: enough'],
    ['password', [], 'the password was changed'],
  ] as const) {
    const { app, storage, client } = await onTheWay();
    const { moderation, accounts, people } = app.world;
    if (deed === 'kick') moderation.kick('alice', 'enough', () => {});
    else if (deed === 'ban') moderation.ban({ type: 'operator' }, 'alice', 'enough', null, () => {});
    else {
      const password = { type: 'plain', value: 'fresh' } as const;
      void accounts.setPassword(people.find('alice')?.id ?? 0, password, () => {});
    }
    await app.settle();
    storage.gate.resolve();
    await app.settle();
    assert.deepEqual(client.link.ended, { kind: 'removed', reason }, deed);
    assert.deepEqual(
      client.lines().filter((line) => line.startsWith('left')),
      words,
    );
    assert.deepEqual([app.world.people.visible, app.hub.size], [[], 0]);
  }
});

test('CONN-48 CONN-23 who cannot be made a member of the lobby is refused and gone, and the connection waits for a login again', async () => {
  const { app, storage, client } = await onTheWay();
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

test('CONN-15 a link that is lost on the way into the lobby takes its person along', async () => {
  const { app, storage, client } = await onTheWay();
  await client.drop();
  storage.gate.resolve();
  await app.settle();
  assert.deepEqual([app.world.people.visible, app.hub.size], [[], 0]);
});
