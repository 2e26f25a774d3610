import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { openTestPort, type TestPort, type TestPortOptions } from '../../../testing/transports/port.ts';
import { clientFrame, RawClient } from '../../../testing/transports/raw-client.ts';
import type { RecordingReceiver } from '../../../testing/transports/recording-receiver.ts';
import { waitForIo } from '../../../testing/condition.ts';

const TEXT = 0x1;
const PING_FRAME = '8900';
const PONG = clientFrame(0xa, '');

async function connected(t: TestContext, options: TestPortOptions = {}) {
  const port = await openTestPort(t, { limits: { endMs: 20, ...options.limits } });
  return { port, ...(await join(t, port)) };
}

async function join(t: TestContext, port: TestPort): Promise<{ client: RawClient; end: RecordingReceiver }> {
  const client = await RawClient.connect(port.port);
  t.after(() => client.destroy());
  await client.upgrade('/letters');
  return { client, end: await port.nth(port.receivers.length) };
}

async function advance(port: TestPort, ms: number): Promise<void> {
  port.clock.advance(ms);
  await waitForIo();
}

test('PORT-34 a WebSocket is pinged every 20 s', async (t) => {
  const { port, client } = await connected(t);
  await advance(port, 19_000);
  assert.equal(client.received.length, 0);
  await advance(port, 1_000);
  assert.equal(client.received.toString('hex'), PING_FRAME);
  await client.send(PONG);
  await waitForIo();
  await advance(port, 20_000);
  assert.equal(client.received.toString('hex'), PING_FRAME.repeat(2));
});

test('PORT-34 a WebSocket is closed after 60 s without a byte', async (t) => {
  const { port, client, end } = await connected(t);
  await advance(port, 30_000);
  await client.send(clientFrame(TEXT, 'x'));
  await end.until(() => end.messages.length === 1);
  await advance(port, 30_000);
  await client.send(PONG);
  await end.until(() => end.signs === 2);
  await advance(port, 59_000);
  assert.equal(end.closings, 0);
  await advance(port, 1_000);
  await end.until(() => end.closings === 1);
  assert.match(await client.closed(), /\x03\xf0no sign of life$/);
});

test('PORT-34 PORT-35 time in which this process stood still counts neither as silence nor for a message', async (t) => {
  const { port, client, end } = await connected(t);
  const frame = clientFrame(TEXT, 'message');
  await client.send(frame.subarray(0, 8));
  await waitForIo();
  port.clock.suspend(120_000);
  await advance(port, 0);
  await advance(port, 8_000);
  assert.equal(end.closings, 0);
  await client.send(frame.subarray(8));
  await end.until(() => end.messages.length === 1);
  port.clock.suspend(120_000);
  await advance(port, 58_000);
  assert.doesNotMatch(client.text, /no sign of life/);
  await advance(port, 1_000);
  assert.match(await client.closed(), /no sign of life/);
});

test('PORT-34 a WebSocket that we do not read is not closed when it is silent', async (t) => {
  const { port, client, end } = await connected(t);
  end.link.pause();
  for (let second = 0; second < 120; second++) port.clock.advance(1_000);
  end.link.resume();
  await client.send(clientFrame(TEXT, 'still here'));
  await end.until(() => end.messages.length === 1);
  assert.equal(end.closings, 0);
});

test('PORT-34 one timer serves all WebSockets; it stops when they are gone', async (t) => {
  const { port, client } = await connected(t);
  const others = [await join(t, port), await join(t, port)];
  assert.equal(port.clock.timers, 1);
  for (const other of [client, ...others.map((joined) => joined.client)]) other.destroy();
  await port.connections(0);
  port.clock.advance(1_000);
  assert.equal(port.clock.timers, 0);
});

test('PORT-35 T7 a message that is incomplete after 10 s closes the WebSocket, in one frame or in fragments, with or without pongs', async (t) => {
  const starts = [
    clientFrame(TEXT, 'never finished').subarray(0, 10),
    clientFrame(TEXT, 'never finished', false),
    Buffer.concat([clientFrame(TEXT, 'finished'), clientFrame(TEXT, 'never finished', false)]),
  ];
  for (const start of starts) {
    const { port, client, end } = await connected(t);
    await client.send(start);
    await waitForIo();
    await advance(port, 9_000);
    if (start !== starts[0]) await client.send(PONG);
    await waitForIo();
    assert.equal(end.closings, 0);
    await advance(port, 1_000);
    await end.until(() => end.closings === 1);
    assert.match(await client.closed(), /\x03\xf0unfinished message$/);
  }
});

test('PORT-35 each message has its own 10 s, and a complete one has no deadline', async (t) => {
  const { port, client, end } = await connected(t);
  const frame = clientFrame(TEXT, 'message');
  await client.send(frame.subarray(0, 3));
  for (let round = 1; round <= 4; round++) {
    await waitForIo();
    await advance(port, 9_000);
    await client.send(Buffer.concat([frame.subarray(3), frame.subarray(0, 3)]));
    await end.until(() => end.messages.length === round);
  }
  await client.send(frame.subarray(3));
  await end.until(() => end.messages.length === 5);
  await advance(port, 30_000);
  assert.equal(end.closings, 0);
});

test('PORT-35 time in which we do not read does not count for an incomplete message', async (t) => {
  const { port, client, end } = await connected(t);
  const frame = clientFrame(TEXT, 'message');
  await client.send(frame.subarray(0, 3));
  await waitForIo();
  end.link.pause();
  for (let second = 0; second < 30; second++) port.clock.advance(1_000);
  end.link.resume();
  await client.send(frame.subarray(3));
  await end.until(() => end.messages.length === 1);
  assert.equal(end.closings, 0);
});

test('PORT-36 T7 over the budget for incomplete messages the oldest are closed', async (t) => {
  const { port, client, end } = await connected(t, { limits: { incompleteBytes: 4 * (1_000 + 256) } });
  const held = clientFrame(TEXT, Buffer.alloc(2_000)).subarray(0, 1_000);
  await client.send(held);
  await waitForIo();
  const others: { client: RawClient; end: RecordingReceiver }[] = [];
  for (let count = 0; count < 3; count++) {
    const other = await join(t, port);
    await other.client.send(held);
    await waitForIo();
    others.push(other);
  }
  const complete = await join(t, port);
  await complete.client.send(clientFrame(TEXT, Buffer.alloc(60_000)));
  await complete.end.until(() => complete.end.messages.length === 1);
  assert.equal(end.closings, 0);
  await complete.client.send(held.subarray(0, 10));
  await end.until(() => end.closings === 1);
  assert.match(await client.closed(), /\x03\xf1too many unfinished messages$/);
  await others[0]?.client.send(held);
  await others[0]?.end.until(() => others[0]?.end.closings === 1);
  assert.deepEqual([others[1]?.end.closings, others[2]?.end.closings], [0, 0]);
  others[1]?.client.destroy();
  await others[1]?.end.until(() => others[1]?.end.closings === 1);
  await complete.client.send(held.subarray(10));
  await waitForIo();
  assert.deepEqual([others[2]?.end.closings, complete.end.closings], [0, 0]);
});

/** Clients in the flood; the full test has 1,000. */
const HALF_MESSAGES = Number(process.env.HALF_MESSAGES ?? 50);
test('PORT-35 T7 a flood of half messages is closed after 10 s, and an honest client is not affected', async (t) => {
  const { port, client, end } = await connected(t);
  const flood: { client: RawClient; end: RecordingReceiver }[] = [];
  const half = clientFrame(TEXT, Buffer.alloc(60_000)).subarray(0, 30_000);
  for (let count = 0; count < HALF_MESSAGES; count++) {
    const joined = await join(t, port);
    await joined.client.send(half);
    flood.push(joined);
  }
  await client.send(clientFrame(TEXT, 'honest'));
  await end.until(() => end.text === 'honest');
  await advance(port, 10_000);
  await Promise.all(flood.map((joined) => joined.end.until(() => joined.end.closings === 1)));
  await port.connections(1);
  assert.equal(end.closings, 0);
});
