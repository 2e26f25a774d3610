import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RawClient } from '../../testing/transports/raw-client.ts';
import { startServerProcess } from '../../testing/server.ts';
import { DEALER_READY, peerGreeting } from '../../testing/transports/zmtp.ts';
import { DealerClient } from './dealer-client.ts';
import { connectionsOf, eventually } from './server-state.ts';

const EACH_SECOND = ['--deadlines-ping-seconds', '1', '--deadlines-silence-seconds', '4'];

test('ZMTP-23 libzmq stays connected, with its own heartbeats and without; a client that answers none of ours is dropped', async (t) => {
  const server = await startServerProcess(t, { args: EACH_SECOND });
  // Long enough for a busy machine.
  const heartbeats = { heartbeatInterval: 100, heartbeatTimeout: 10_000, heartbeatTimeToLive: 10_000 };
  const lively = await DealerClient.open(t, server.port, { dealer: heartbeats }).signUp('lively');
  const quiet = await DealerClient.open(t, server.port).signUp('quiet');
  const began = performance.now();
  const unresponsive = await RawClient.connect(server.port);
  t.after(() => unresponsive.destroy());
  await unresponsive.send(Buffer.concat([peerGreeting(), DEALER_READY]));
  assert.match(await unresponsive.closed(), /READY(?:[^]*PING){2}/);
  assert.ok(performance.now() - began > 3_500, 'a silence of 4 s');
  assert.equal(await eventually(() => connectionsOf(server), 2), 2);
  await quiet.ask('whisper', 'lively', 'still there?');
  assert.deepEqual(await lively.update(), ['whisper', 'quiet', 'still there?']);
  await lively.ask('whisper', 'quiet', 'you too');
  assert.deepEqual(await quiet.update(), ['whisper', 'lively', 'you too']);
  for (const { events } of [lively, quiet]) assert.ok(!events.includes('disconnect'), events.join(' '));
});
