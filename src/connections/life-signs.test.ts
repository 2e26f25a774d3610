import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type LineClient, TestHub } from '../../testing/hub.ts';
import { lineProtocol, type ManualReplies } from '../../testing/line-protocol.ts';

/** An app with a guest, p0, and a client that has not entered yet. */
async function open(
  replies: ManualReplies = new Map(),
): Promise<{ app: TestHub; first: LineClient; rival: LineClient }> {
  const app = await TestHub.open();
  const adapter = lineProtocol({ replies });
  const [first, rival] = [app.client(adapter, '192.0.2.1'), app.client(adapter)];
  await first.ask('enter p0');
  return { app, first, rival };
}

test('CONN-17 asking for a name probes the guest who has it; 3 s of silence free it', async () => {
  const { app, first, rival } = await open();
  assert.deepEqual(await rival.ask('enter p0'), ['no name-taken']);
  assert.equal(first.link.probes, 1);
  first.peer.loseNetwork();
  rival.send('enter p0');
  await app.settle();
  app.clock.advance(3_000);
  await app.settle();
  assert.equal(rival.lines().at(0), 'ok');
  assert.equal(first.closeKind(), 'timeout');
});

test('CONN-17 a connection that is not read because its requests are slow cannot answer a probe, and keeps its name', async () => {
  const replies: ManualReplies = new Map();
  const { first, rival } = await open(replies);
  await first.ask(...Array.from({ length: 64 }, (_, index) => `later ${index}`));
  assert.equal(first.link.isPaused, true);
  first.peer.loseNetwork();
  assert.deepEqual(await rival.ask('enter p0'), ['no name-taken']);
  assert.equal(first.link.probes, 0);
  replies.get('0')?.('read again');
  assert.deepEqual(await rival.ask('enter p0'), []);
  assert.equal(first.link.probes, 1);
});

test('CONN-17 PORT-44 a guest whose system acknowledges nothing loses the name after 3 s, although the link cannot be asked', async () => {
  const { app, first, rival } = await open();
  first.peer.stopAcknowledging();
  rival.send('enter p0');
  await app.settle();
  assert.equal(first.link.probes, 0);
  await app.advance(3_000);
  assert.equal(rival.lines().at(0), 'ok');
});
