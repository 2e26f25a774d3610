import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { openTestPort, type TestPort, type TestPortOptions } from '../../../testing/transports/port.ts';
import { clientFrame, RawClient } from '../../../testing/transports/raw-client.ts';
import type { RecordingReceiver } from '../../../testing/transports/recording-receiver.ts';
import { waitForIo } from '../../../testing/condition.ts';
import { joinByZmtp, longHeader, peerCommand, peerFrame, peerPing } from '../../../testing/transports/zmtp.ts';

const MORE = 1;
const PING = peerPing(600);
const PONG = peerCommand('PONG');

async function connected(t: TestContext, options: TestPortOptions = {}, minor = 1) {
  const port = await openTestPort(t, options);
  return { port, ...(await joinByZmtp(t, port, { minor })) };
}

async function advance(port: TestPort, ms: number): Promise<void> {
  port.clock.advance(ms);
  await waitForIo();
}

/** Sends bytes and waits until the server has received them. */
async function say(client: RawClient, end: RecordingReceiver, bytes: Uint8Array): Promise<void> {
  const { signs } = end;
  await client.send(bytes);
  await end.until(() => end.signs > signs);
}

test('ZMTP-23 a peer of 3.1 is pinged every 20 s and closed after 60 s without a byte', async (t) => {
  const { port, client, end } = await connected(t);
  await advance(port, 19_000);
  assert.equal(client.received.length, 0);
  await advance(port, 1_000);
  assert.deepEqual(client.received, PING);
  await say(client, end, PONG);
  await advance(port, 20_000);
  assert.deepEqual(client.received, Buffer.concat([PING, PING]));
  await advance(port, 39_000);
  assert.equal(end.closings, 0);
  await advance(port, 1_000);
  await end.until(() => end.closings === 1);
  assert.deepEqual(await client.closed(), Buffer.concat([PING, PING, PING]).toString('latin1'));
});

test('ZMTP-23 any bytes of a peer are a sign of life, also half a frame', async (t) => {
  const { port, client, end } = await connected(t);
  for (const bytes of [peerFrame(0, 'x'), PONG, peerPing(), peerCommand('Unknown'), peerFrame(0, 'x').subarray(0, 1)]) {
    await advance(port, 50_000);
    await say(client, end, bytes);
  }
  await advance(port, 5_000);
  assert.equal(end.closings, 0);
});

test('ZMTP-23 a peer of 3.0 is neither pinged nor closed when it is silent', async (t) => {
  const { port, client, end } = await connected(t, {}, 0);
  for (let minute = 0; minute < 10; minute++) await advance(port, 60_000);
  await say(client, end, peerFrame(0, 'still here'));
  assert.deepEqual([end.closings, client.received.length], [0, 0]);
});

test('ZMTP-23 a peer that we do not read is pinged but not closed when it is silent', async (t) => {
  const { port, client, end } = await connected(t);
  end.link.pause();
  for (let second = 0; second < 120; second++) port.clock.advance(1_000);
  assert.deepEqual(await client.untilBytes(6 * PING.length), Buffer.concat(Array(6).fill(PING)));
  end.link.resume();
  await client.send(peerFrame(0, 'still here'));
  await end.until(() => end.messages.length === 1);
  assert.equal(end.closings, 0);
});

test('ZMTP-23 our PING has no TTL if our silence may be longer than libzmq can count', async (t) => {
  const { client, end } = await connected(t, { limits: { silenceMs: 86_400_000 } });
  end.link.ask();
  assert.deepEqual(await client.untilBytes(PING.length), peerPing(0));
});

test('ZMTP-22 a TTL closes after that silence, for both versions, unless something follows the PING', async (t) => {
  for (const minor of [0, 1]) {
    const { port, client, end } = await connected(t, {}, minor);
    await say(client, end, peerPing(30));
    await advance(port, 2_000);
    await say(client, end, peerPing(30));
    await advance(port, 2_000);
    await say(client, end, Buffer.concat([peerPing(30), peerFrame(0, 'after it')]));
    await advance(port, 10_000);
    await say(client, end, peerPing(30));
    await say(client, end, peerFrame(0, 'x').subarray(0, 1));
    await say(client, end, peerFrame(0, 'x').subarray(1));
    await advance(port, 10_000);
    await say(client, end, peerPing(0));
    await advance(port, 10_000);
    assert.equal(end.closings, 0);
    await say(client, end, Buffer.concat([peerFrame(0, 'before it'), peerPing(30)]));
    await advance(port, 2_000);
    assert.equal(end.closings, 0);
    await advance(port, 1_000);
    await end.until(() => end.closings === 1);
  }
});

test('ZMTP-22 ZMTP-23 time in which this process stood still does not count as silence, however short the TTL', async (t) => {
  const { port, client, end } = await connected(t);
  await say(client, end, peerPing(30));
  port.clock.suspend(120_000);
  await advance(port, 1_000);
  assert.equal(end.closings, 0);
  await advance(port, 1_000);
  await end.until(() => end.closings === 1);
});

test('ZMTP-22 a long TTL does not extend the usual time', async (t) => {
  for (const [minor, closings] of [
    [1, 1],
    [0, 0],
  ] as const) {
    const { port, client, end } = await connected(t, {}, minor);
    await say(client, end, peerPing(10_000));
    await advance(port, 60_000);
    if (closings === 1) await end.until(() => end.closings === 1);
    assert.equal(end.closings, closings);
  }
});

test('ZMTP-24 PORT-35 T7 a message that is incomplete after 10 s closes the connection, whatever commands come meanwhile', async (t) => {
  const starts = [
    peerFrame(0, 'never finished').subarray(0, 1),
    peerFrame(0, 'never finished').subarray(0, 8),
    peerFrame(MORE, 'never finished'),
    peerFrame(MORE),
    Buffer.concat([peerFrame(0, 'finished'), peerFrame(MORE, 'never')]),
    peerCommand('PING', Buffer.alloc(18)).subarray(0, 10),
  ];
  for (const [index, start] of starts.entries()) {
    for (const minor of [0, 1]) {
      const { port, client, end } = await connected(t, {}, minor);
      await say(client, end, start);
      await advance(port, 9_000);
      if (index > 1 && index < 5) await say(client, end, peerPing());
      assert.equal(end.closings, 0);
      await advance(port, 1_000);
      await end.until(() => end.closings === 1);
    }
  }
});

test('ZMTP-24 PORT-35 each message has its own 10 s, without time in which we do not read', async (t) => {
  const { port, client, end } = await connected(t);
  const frame = peerFrame(0, 'message');
  await say(client, end, frame.subarray(0, 3));
  for (let round = 1; round <= 4; round++) {
    await advance(port, 9_000);
    await say(client, end, Buffer.concat([frame.subarray(3), frame.subarray(0, 3)]));
  }
  end.link.pause();
  for (let second = 0; second < 30; second++) port.clock.advance(1_000);
  end.link.resume();
  await say(client, end, frame.subarray(3));
  await end.until(() => end.messages.length === 5);
  await advance(port, 30_000);
  assert.equal(end.closings, 0);
});

test('ZMTP-24 PORT-36 T7 incomplete messages of ZeroMQ and WebSockets share one budget', async (t) => {
  const { port, client, end } = await connected(t, { limits: { incompleteBytes: 3 * (1_000 + 256) } });
  const held = peerFrame(0, Buffer.alloc(2_000)).subarray(0, 1_000);
  await say(client, end, held);
  const second = await joinByZmtp(t, port);
  await say(second.client, second.end, held);
  const web = await RawClient.connect(port.port);
  t.after(() => web.destroy());
  await web.upgrade('/letters');
  await web.send(clientFrame(1, Buffer.alloc(2_000)).subarray(0, 1_000));
  await waitForIo();
  assert.deepEqual([end.closings, second.end.closings], [0, 0]);
  const third = await joinByZmtp(t, port);
  await third.client.send(longHeader(2, 10n));
  await end.until(() => end.closings === 1);
  await third.client.send(Buffer.alloc(9));
  await web.send(Buffer.alloc(700));
  await second.end.until(() => second.end.closings === 1);
  await third.client.send(Buffer.alloc(1));
  await third.end.until(() => third.end.messages.length === 1);
  assert.equal(third.end.closings, 0);
});

test('ZMTP-23 PORT-44 one timer serves all peers of 3.1, and one more those of 3.0; they stop when these are gone', async (t) => {
  const { port, client } = await connected(t);
  const others = [await joinByZmtp(t, port), await joinByZmtp(t, port, { minor: 0 })];
  assert.equal(port.clock.timers, 2);
  for (const other of [client, ...others.map((joined) => joined.client)]) other.destroy();
  await port.connections(0);
  port.clock.advance(1_000);
  assert.equal(port.clock.timers, 0);
});

/** Peers in the flood; the full test has 1,000. */
const HALF_MESSAGES = Number(process.env.HALF_MESSAGES ?? 50);
test('ZMTP-24 T7 a flood of half messages is closed after 10 s, and an honest peer is not affected', async (t) => {
  const { port, client, end } = await connected(t);
  const half = peerFrame(0, Buffer.alloc(60_000)).subarray(0, 30_000);
  const flood: RecordingReceiver[] = [];
  for (let count = 0; count < HALF_MESSAGES; count++) {
    const joined = await joinByZmtp(t, port);
    await say(joined.client, joined.end, half);
    flood.push(joined.end);
  }
  await client.send(peerFrame(0, 'honest'));
  await end.until(() => end.text === 'honest');
  await advance(port, 10_000);
  await Promise.all(flood.map((one) => one.until(() => one.closings === 1)));
  await port.connections(1);
  assert.equal(end.closings, 0);
});
