import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encode } from '@msgpack/msgpack';
import { RawClient } from '../../testing/transports/raw-client.ts';
import { startServerProcess } from '../../testing/server.ts';
import { DEALER_READY, peerFrame, peerGreeting } from '../../testing/transports/zmtp.ts';
import { DealerClient } from './dealer-client.ts';
import { connectionsOf } from './server-state.ts';

const TEXT_BYTES = 16_000;
const MAX_MESSAGES = 4_000;
const CHECK_EVERY = 20;
/** Before the client stops reading, to know how busy the machine is. */
const CALM_MESSAGES = 100;
/** About 15 ms on an idle machine, and seconds if the server waited for the slow reader. */
const P99_MS = 1_000;
const TIMES_CALM = 20;

test('CONN-07 T31 a client that stops reading is closed as a slow reader, and the other members are served meanwhile', async (t) => {
  const server = await startServerProcess(t);
  const [alice, bob, carol] = [
    await DealerClient.open(t, server.port).signUp('alice'),
    await DealerClient.open(t, server.port).signUp('bob'),
    await DealerClient.open(t, server.port).signUp('carol'),
  ];
  const slow = await RawClient.connect(server.port);
  t.after(() => slow.destroy());
  const request = ['join_group', 'carol', carol.token, 'lobby'].map((value) => encode(value));
  await slow.send(Buffer.concat([peerGreeting(), DEALER_READY, peerFrame(0, Buffer.concat(request))]));
  await slow.until('response');
  const timeOf = async (text: string) => {
    const began = performance.now();
    await alice.ask('msg_group', 'lobby', text);
    assert.equal((await bob.update()).at(-1), text);
    return performance.now() - began;
  };
  const calm: number[] = [];
  while (calm.length < CALM_MESSAGES) calm.push(await timeOf(`calm ${calm.length}`.padEnd(TEXT_BYTES, 'x')));
  slow.socket.pause();
  assert.equal(await connectionsOf(server), 4);

  const times: number[] = [];
  while (times.length < MAX_MESSAGES) {
    times.push(await timeOf(`${times.length} `.padEnd(TEXT_BYTES, 'x')));
    if (times.length % CHECK_EVERY === 0 && (await connectionsOf(server)) === 3) break;
  }
  assert.ok(times.length < MAX_MESSAGES, 'it was closed');
  const p99 = p99Of(times);
  t.diagnostic(`closed after ${times.length} messages; the others received them with a p99 of ${p99.toFixed(1)} ms`);
  assert.ok(p99 < Math.max(P99_MS, TIMES_CALM * p99Of(calm)), `p99 ${p99} ms, ${p99Of(calm)} ms before`);
  assert.equal((await carol.updateOf(`${times.length - 1} `.padEnd(TEXT_BYTES, 'x')))[2], 'alice');
});

function p99Of(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.99)] ?? Number.NaN;
}
