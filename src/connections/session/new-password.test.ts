import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TestHub } from '../../../testing/hub.ts';
import { lineProtocol } from '../../../testing/line-protocol.ts';

test('CONN-71 T21 a new password ends all connections of its person except the one that changed it', async () => {
  const app = await TestHub.open();
  await app.accounts('alice', 'bob');
  const [mine, other, third] = [0, 1, 2].map(() => app.client(lineProtocol({ history: 0 })));
  const bob = app.client(lineProtocol({ history: 0 }));
  assert.ok(mine && other && third);
  for (const client of [mine, other, third]) assert.deepEqual(await client.ask('login alice'), ['ok']);
  await bob.ask('login bob');
  assert.deepEqual(await mine.ask('password guess new'), ['no wrong-credentials']);
  assert.deepEqual(await mine.ask('password alice new', 'say still here'), ['ok', 'ok', 'new 1 alice still here']);
  assert.deepEqual(other.link.ended, { kind: 'removed', reason: 'the password was changed' });
  assert.deepEqual([other.closeKind(), third.closeKind()], ['removed', 'removed']);
  assert.deepEqual([mine.closeKind(), bob.closeKind()], [null, null]);
  assert.deepEqual(await bob.ask('who'), ['new 1 alice still here', 'alice bob']);
  const back = app.client(lineProtocol({ history: 0 }));
  const answers = await back.ask('login alice', 'login alice new');
  assert.deepEqual(answers.slice(0, 2), ['no wrong-credentials', 'ok']);
});

test('CONN-71 a connection that changed the password is ended by later changes from elsewhere', async () => {
  const app = await TestHub.open();
  await app.accounts('alice');
  const [one, two] = [0, 1].map(() => app.client(lineProtocol({ history: 0 })));
  assert.ok(one && two);
  await one.ask('login alice');
  assert.deepEqual(await one.ask('password alice b', 'password b c'), ['ok', 'ok']);
  assert.deepEqual(await two.ask('login alice c', 'password c d'), ['ok', 'ok']);
  assert.deepEqual([one.closeKind(), two.closeKind()], ['removed', null]);
  const alice = app.world.people.find('alice');
  void app.world.accounts.setPassword(alice?.id ?? 0, { type: 'plain', value: 'set by the operator' }, () => {});
  await app.settle();
  assert.equal(two.closeKind(), 'removed');
  assert.deepEqual(app.world.people.visible, []);
});

test('CONN-71 CONN-43 messages that had not left when a new password ended the connection wait for the next one', async () => {
  const app = await TestHub.open();
  await app.accounts('alice', 'bob');
  const other = app.client(lineProtocol({ history: 0 }));
  await other.ask('login alice');
  other.peer.stopReading();
  const bob = app.client(lineProtocol({ history: 0 }));
  await bob.ask('login bob', 'direct alice waits');
  void app.world.accounts.setPassword(app.world.people.find('alice')?.id ?? 0, { type: 'plain', value: 'x' }, () => {});
  await app.settle();
  await app.advance(2_000);
  const back = app.client(lineProtocol({ history: 0 }));
  assert.deepEqual(await back.ask('login alice x'), ['ok', 'old @bob 1 bob waits']);
});
