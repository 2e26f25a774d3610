import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encode } from '@msgpack/msgpack';
import { RawClient } from '../../testing/raw-client.ts';
import { startServerProcess } from '../../testing/server.ts';
import { DEALER_READY, peerFrame, peerGreeting } from '../../testing/zmtp.ts';
import { Member } from './member.ts';
import { connectionsOf } from './server.ts';

const TEXT = 16_000;
const MOST = 4_000;
const BETWEEN_LOOKS = 20;
/** Before anybody is deaf, to know how busy the machine is. */
const CALM = 100;
/** On a quiet machine it is some 15 ms; who would wait for the deaf one would wait for seconds. */
const P99_MS = 1_000;
const TIMES_CALM = 20;

test('CONN-07 T31 who stops reading is closed as a slow reader, and the others of the group are served meanwhile', async (t) => {
  const server = await startServerProcess(t);
  const [alice, bob, carol] = [
    await Member.open(t, server.port).signUp('alice'),
    await Member.open(t, server.port).signUp('bob'),
    await Member.open(t, server.port).signUp('carol'),
  ];
  const deaf = await RawClient.connect(server.port);
  t.after(() => deaf.destroy());
  const request = ['join_group', 'carol', carol.token, 'lobby'].map((value) => encode(value));
  await deaf.send(Buffer.concat([peerGreeting(), DEALER_READY, peerFrame(0, Buffer.concat(request))]));
  await deaf.until('response');
  const timeOf = async (text: string) => {
    const began = performance.now();
    await alice.ask('msg_group', 'lobby', text);
    assert.equal((await bob.update()).at(-1), text);
    return performance.now() - began;
  };
  const calm: number[] = [];
  while (calm.length < CALM) calm.push(await timeOf(`calm ${calm.length}`.padEnd(TEXT, 'x')));
  deaf.socket.pause();
  assert.equal(await connectionsOf(server), 4);

  const times: number[] = [];
  while (times.length < MOST) {
    times.push(await timeOf(`${times.length} `.padEnd(TEXT, 'x')));
    if (times.length % BETWEEN_LOOKS === 0 && (await connectionsOf(server)) === 3) break;
  }
  assert.ok(times.length < MOST, 'it was closed');
  const p99 = p99Of(times);
  t.diagnostic(`closed after ${times.length} messages; the others heard them with a p99 of ${p99.toFixed(1)} ms`);
  assert.ok(p99 < Math.max(P99_MS, TIMES_CALM * p99Of(calm)), `p99 ${p99} ms, ${p99Of(calm)} ms before`);
  assert.equal((await carol.updateOf(`${times.length - 1} `.padEnd(TEXT, 'x')))[2], 'alice');
});

function p99Of(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.99)] ?? Number.NaN;
}
