import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TestHub } from '../../../testing/hub.ts';
import { lineProtocol, type ManualReplies } from '../../../testing/line-protocol.ts';
import { memoryPair } from '../../../testing/transports/memory-link.ts';
import { ClientConnection } from '../client-connection.ts';

async function open() {
  const replies: ManualReplies = new Map();
  const app = await TestHub.open();
  const client = app.client(lineProtocol({ replies }), '192.0.2.1');
  await client.ask('enter alice');
  return { replies, app, client };
}

test('CONN-18 CONN-01 when a stream cannot be decoded, earlier requests are answered, then the error is sent, then the link ends', async () => {
  const { replies, app, client } = await open();
  assert.deepEqual(await client.ask('say one', 'later a', 'say two', '!fatal', 'say three'), ['ok']);
  assert.deepEqual(await client.ask('say four', 'who'), []);
  assert.equal(client.closeKind(), null);
  replies.get('a')?.('first');
  await app.settle();
  const lines = client.lines();
  assert.deepEqual(
    lines.filter((line) => !line.startsWith('new')),
    ['first', 'ok', 'bad fatal'],
  );
  assert.equal(client.closeKind(), 'broken');
});

test('CONN-18 T31 bytes after an undecodable one are discarded, and the link is not paused', async () => {
  const { client } = await open();
  await client.ask('later a', '!fatal');
  for (let count = 0; count < 100; count++) client.send('x'.repeat(1_000));
  await client.ask('who');
  assert.deepEqual([client.link.isPaused, client.closeKind()], [false, null]);
});

test('CONN-18 CONN-25 a stop waits for the answers on an undecodable stream', async () => {
  const { replies, app, client } = await open();
  await client.ask('later a', '!fatal');
  const stopped = app.hub.stop();
  await app.settle();
  assert.equal(client.closeKind(), null);
  replies.get('a')?.('first');
  await app.settle();
  assert.deepEqual(client.lines(), ['first', 'bad fatal']);
  assert.equal(client.closeKind(), 'broken');
  await client.drop();
  await stopped;
});

test('CONN-18 CONN-24 an undecodable stream ends also if its last request was over the rate', async () => {
  const app = await TestHub.open({ rates: { requests: { perSecond: 10, burst: 1 } } });
  const client = app.client(lineProtocol(), '192.0.2.1');
  assert.deepEqual(await client.ask('x', 'x', '!fatal'), ['what is x', 'no too-fast', 'bad fatal']);
  assert.equal(client.closeKind(), 'broken');
});

test('CONN-18 T1 a message that the link refuses is answered in its turn, once, and not at all after the end', async () => {
  const app = await TestHub.open();
  const replies: ManualReplies = new Map();
  const { link, peer } = memoryPair(app.clock);
  const connection = new ClientConnection(app.hub, lineProtocol({ replies }), link);
  peer.send(new TextEncoder().encode('later a\n'));
  await app.settle();
  connection.unreadable('big');
  connection.unreadable('again');
  replies.get('a')?.('first');
  await app.settle();
  connection.unreadable('late');
  await app.settle();
  assert.equal(new TextDecoder().decode(peer.take()), 'first\nbad big\n');
  assert.equal(link.ended?.kind, 'broken');
});
