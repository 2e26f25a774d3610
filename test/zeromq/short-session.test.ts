import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encode } from '@msgpack/msgpack';
import { RawClient } from '../../testing/transports/raw-client.ts';
import { startServerProcess } from '../../testing/server.ts';
import { DEALER_READY, peerCommand, peerFrame, peerGreeting } from '../../testing/transports/zmtp.ts';
import { DealerClient } from './dealer-client.ts';
import { connectionsOf, eventually } from './server-state.ts';

test('CONN-72 ZMTP-27 ZMTP-28 a client that answers the PING behind its backlog and closes within 2 s is shown the backlog again', async (t) => {
  const server = await startServerProcess(t);
  const bob = await DealerClient.open(t, server.port).signUp('bob');
  await bob.request('register', 'zoe', 'secret of zoe');
  for (const text of ['one', 'two']) await bob.ask('whisper', 'zoe', text);
  const login = peerFrame(0, Buffer.concat(['login', 'zoe', 'secret of zoe'].map((value) => encode(value))));
  for (const answersPing of [false, true]) {
    const client = await RawClient.connect(server.port);
    t.after(() => client.destroy());
    await client.send(Buffer.concat([peerGreeting(), DEALER_READY, login]));
    assert.match(await client.until('PING'), /response[^]*one[^]*two[^]*PING/);
    if (answersPing) await client.send(peerCommand('PONG', '1'));
    client.socket.end();
    await client.closed();
    assert.equal(await eventually(() => connectionsOf(server), 1), 1);
  }
  const zoe = await DealerClient.open(t, server.port).logIn('zoe');
  await bob.ask('whisper', 'zoe', 'three');
  for (const text of ['one', 'two', 'three']) assert.deepEqual(await zoe.update(), ['whisper', 'bob', text]);
});
