import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../../../testing/clock.ts';
import { TestHub } from '../../../testing/hub.ts';
import { lineProtocol } from '../../../testing/line-protocol.ts';
import { MemoryStorage } from '../../storage/memory/storage.ts';

test('CONN-160 T32 searches of a person have a budget of their own, over all connections', async () => {
  const rates = { searches: { perSecond: 2, burst: 2 }, messages: { perSecond: 1, burst: 1 } };
  const app = await TestHub.open({ rates });
  await app.accounts('alice');
  const adapter = lineProtocol({ history: 0 });
  const far = ['203.0.113.9', '203.0.113.10', '203.0.113.11'].map((address) => app.client(adapter, address));
  const [first, second, other] = far;
  assert.ok(first !== undefined && second !== undefined && other !== undefined);
  for (const client of [first, second]) await client.ask('login alice');
  await other.ask('enter eve');
  assert.deepEqual(await first.ask('search alice'), ['alice:online']);
  assert.deepEqual(await second.ask('search alice', 'search alice'), ['alice:online', 'no too-fast']);
  assert.deepEqual(await other.ask('search alice'), ['alice:online']);
  assert.ok((await first.ask('say still-allowed')).includes('ok'));
  app.clock.advance(500);
  assert.deepEqual(await first.ask('search alice', 'search alice'), ['alice:online', 'no too-fast']);
  const near = app.client(adapter, '127.0.0.1');
  await near.ask('login alice');
  assert.deepEqual(
    await near.ask(...Array.from({ length: 5 }, () => 'search alice')),
    Array.from({ length: 5 }, () => 'alice:online'),
  );
});

test('CONN-161 CONN-37 a search sees what earlier requests of its connection did, and later ones wait for it', async () => {
  /** Appends take a while. */
  class Slow extends MemoryStorage {
    override async append(...[batch]: Parameters<MemoryStorage['append']>) {
      for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate);
      return super.append(batch);
    }
  }
  const clock = new FakeClock();
  const app = await TestHub.open({ clock, storage: new Slow(clock) });
  const client = app.client(lineProtocol({ history: 0, ownMessages: 'others' }));
  assert.deepEqual(await client.ask('search hello'), ['no not-allowed']);
  await client.ask('enter eve');
  const lines = await client.ask('say hello', 'search hello', 'say hello-again', 'search hello', 'who');
  assert.deepEqual(
    lines.filter((line) => !line.startsWith('eve:')),
    ['ok', 'hello', 'ok', 'hello-again hello', 'eve'],
  );
});
