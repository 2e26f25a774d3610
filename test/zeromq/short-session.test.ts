import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encode } from '@msgpack/msgpack';
import { RawClient } from '../../testing/transports/raw-client.ts';
import { startServerProcess } from '../../testing/server.ts';
import { DEALER_READY, peerCommand, peerFrame, peerGreeting } from '../../testing/transports/zmtp.ts';
import { Member } from './dealer-client.ts';
import { connectionsOf, eventually } from './server-state.ts';

test('CONN-72 ZMTP-23 ZMTP-27 whoever fetches what waits, answers the PING behind it and goes, is not shown it again', async (t) => {
  const server = await startServerProcess(t);
  const bob = await Member.open(t, server.port).signUp('bob');
  await bob.request('register', 'zoe', 'secret of zoe');
  for (const text of ['one', 'two']) await bob.ask('whisper', 'zoe', text);
  const login = peerFrame(0, Buffer.concat(['login', 'zoe', 'secret of zoe'].map((value) => encode(value))));
  for (const answersPing of [false, true]) {
    const visit = await RawClient.connect(server.port);
    t.after(() => visit.destroy());
    await visit.send(Buffer.concat([peerGreeting(), DEALER_READY, login]));
    assert.match(await visit.until('PING'), /response[^]*one[^]*two[^]*PING/);
    if (answersPing) await visit.send(peerCommand('PONG'));
    visit.socket.end();
    await visit.closed();
    assert.equal(await eventually(() => connectionsOf(server), 1), 1);
  }
  const zoe = await Member.open(t, server.port).logIn('zoe');
  await bob.ask('whisper', 'zoe', 'three');
  assert.deepEqual(await zoe.update(), ['whisper', 'bob', 'three']);
});
