import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TestHub } from '../../testing/hub.ts';
import { lineProtocol } from '../../testing/line-protocol.ts';
import { untilSettled } from '../../testing/world.ts';
import type { Actor } from '../core/engine/decide.ts';
import type { Result } from '../lib/result.ts';
import { countedAddress } from '../transports/address.ts';

const operator: Actor = { type: 'operator' };
const RANGE = '203.0.113.0/24';
const [INSIDE, OUTSIDE] = ['203.0.113.7', '203.0.114.7'];

async function open() {
  const app = await TestHub.open();
  await app.accounts('alice', 'bob');
  const change = async (run: (done: (result: Result<unknown, unknown>) => void) => void) => {
    const result = await untilSettled(app.clock, new Promise<Result<unknown, unknown>>(run));
    await app.settle();
    return result.ok;
  };
  const ban = (range = RANGE, until: number | null = null) =>
    change((done) => app.world.moderation.banAddress(operator, range, 'flooding', until, done));
  const unban = (range = RANGE) => change((done) => app.world.moderation.unbanAddress(operator, range, done));
  const from = (address: string) => app.client(lineProtocol({ history: 0 }), countedAddress(address));
  return { app, ban, unban, from };
}

test('CONN-102 from a banned address every login is refused with the reason, and then the link ends', async () => {
  const { ban, unban, from } = await open();
  assert.equal(await ban(), true);
  for (const request of ['login alice', 'enter carol', 'register carol', 'resume alice token', 'ping', 'nonsense']) {
    const client = from(INSIDE);
    assert.deepEqual(await client.ask(request, 'login alice'), ['no banned'], request);
    assert.deepEqual(client.link.ended, { kind: 'removed', reason: 'banned: flooding' });
  }
  assert.deepEqual(await from(OUTSIDE).ask('login alice'), ['ok']);
  assert.equal(await unban(), true);
  assert.deepEqual(await from(INSIDE).ask('login bob'), ['ok']);
  assert.equal(await unban(), false);
});

test('CONN-103 open connections from a banned range end, with or without a login; a person stays on others', async () => {
  const { ban, from } = await open();
  const [inside, stranger, outside, watcher, guest] = [
    from(INSIDE),
    from(INSIDE),
    from(OUTSIDE),
    from(OUTSIDE),
    from(INSIDE),
  ];
  await inside.ask('login alice');
  await outside.ask('login alice');
  await watcher.ask('login bob');
  await guest.ask('enter carol');
  for (const client of [inside, outside, watcher, guest]) client.lines();
  await ban();
  const removed = { kind: 'removed', reason: 'banned: flooding' };
  for (const client of [inside, stranger, guest]) assert.deepEqual(client.link.ended, removed);
  assert.deepEqual(inside.lines().at(-1), 'left alice removed');
  assert.deepEqual(stranger.lines(), ['no banned']);
  assert.equal(outside.closeKind(), null);
  for (const other of [watcher, outside]) assert.deepEqual(other.lines(), ['left carol removed']);
  assert.deepEqual(await outside.ask('say still here'), ['ok', 'new 1 alice still here']);
});

test('CONN-102 CONN-103 a ban of addresses ends at its time, and a range of another family bans nobody', async () => {
  const { app, ban, from } = await open();
  await ban(RANGE, app.clock.now() + 60_000);
  assert.deepEqual(await from(INSIDE).ask('login alice'), ['no banned']);
  app.clock.suspend(60_000);
  assert.deepEqual(await from(INSIDE).ask('login alice'), ['ok']);
  const six = from('2001:db8::1');
  await six.ask('enter dora');
  const other = from('2001:db8:0:1::1');
  await other.ask('enter emil');
  await ban('0.0.0.0/0');
  assert.equal(six.closeKind(), null);
  await ban('2001:db8::/64');
  assert.deepEqual([six.closeKind(), other.closeKind()], ['removed', null]);
  assert.deepEqual(await from('2001:db8::ffff:1').ask('enter dora'), ['no banned']);
  assert.deepEqual(await from('::ffff:203.0.113.9').ask('enter fay'), ['no banned']);
});

test('CONN-103 a login that is under way when its address is banned gets in nowhere', async () => {
  const { app, ban, from } = await open();
  const client = from(INSIDE);
  client.send('login alice');
  await ban();
  await app.settle();
  assert.equal(client.closeKind(), 'removed');
  assert.deepEqual([...app.world.people.visible], []);
});
