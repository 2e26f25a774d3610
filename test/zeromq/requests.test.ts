import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startServerProcess } from '../../testing/server.ts';
import { DealerClient, Refused } from './dealer-client.ts';

const encodings = [
  ['values one after the other', false],
  ['arrays', true],
] as const;

for (const [encoding, arrays] of encodings) {
  test(`MSGP-01 MSGP-02 a client written from the document, in ${encoding}, on the shared port and on the port for ZeroMQ alone`, async (t) => {
    const server = await startServerProcess(t, { args: ['--zeromq-port', '0'] });
    const own = Number((await server.line('listening', ({ only }) => only === 'zeromq')).port);
    const alice = DealerClient.open(t, server.port, { arrays });
    const bob = DealerClient.open(t, own, { arrays });
    await assert.rejects(alice.request('login', 'alice', 'secret of alice'), Refused);
    await alice.signUp('alice');
    await bob.signUp('bob');
    assert.match(alice.token, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    assert.notEqual(alice.token, bob.token);

    assert.deepEqual(await alice.ask('create_group', 'chess'), []);
    assert.deepEqual(await bob.ask('join_group', 'chess'), []);
    assert.deepEqual(await bob.ask('add_contact', 'alice'), []);
    assert.deepEqual(await bob.ask('msg_group', 'chess', 'e4'), []);
    const move = ['msg_group', 'chess', 'bob', 'e4'];
    assert.deepEqual([await alice.update(), await bob.update()], [move, move]);
    const long = 'é'.repeat(8_192);
    await alice.ask('whisper', 'bob', long);
    assert.deepEqual(await bob.update(), ['whisper', 'alice', long]);

    await assert.rejects(bob.request('whisper', 'bob', alice.token, 'alice', 'hello'), Refused);
    await assert.rejects(bob.request('shout', 'hello'), /unknown action/);
    await assert.rejects(bob.ask('create_group', 'Chess'), /taken/);
    assert.deepEqual(await alice.request('logout', 'alice'), []);
    await assert.rejects(alice.ask('join_group', 'chess'), Refused);
    await alice.logIn('alice');
    await bob.ask('msg_group', 'chess', 'your turn');
    assert.deepEqual(await alice.updateOf('your turn'), ['msg_group', 'chess', 'bob', 'your turn']);
  });
}

test('ZMTP-15 MSGP-11 T1 a message that is too long is answered in its turn, then libzmq reconnects and goes on', async (t) => {
  const server = await startServerProcess(t);
  const alice = await DealerClient.open(t, server.port).signUp('alice');
  await alice.ask('create_group', 'chess');
  for (const [index, length] of [65_537, 5_000_000].entries()) {
    const before = alice.ask('msg_group', 'chess', `before ${length}`);
    await assert.rejects(alice.ask('msg_group', 'chess', 'x'.repeat(length)), /a message is too long/);
    assert.deepEqual(await before, []);
    // Messages that are sent before libzmq notices the end are lost with the connection.
    await alice.happened('disconnect', index + 1);
    assert.deepEqual(await alice.ask('msg_group', 'chess', `after ${length}`), []);
    await alice.updateOf(`after ${length}`);
  }
  assert.equal(alice.events.filter((event) => event === 'disconnect').length, 2);
});

test('MSGP-39 requests in one packet are answered in order', async (t) => {
  const server = await startServerProcess(t);
  const alice = DealerClient.open(t, server.port);
  const requests = [
    alice.request('register', 'alice', 'secret of alice'),
    alice.request('login', 'alice', 'wrong'),
    alice.request('login', 'alice', 'secret of alice'),
    alice.request('login', 'alice', 'secret of alice'),
    alice.request('logout', 'bob'),
    alice.request('logout', 'alice'),
    alice.request('login', 'alice', 'secret of alice'),
  ];
  const settled = await Promise.allSettled(requests);
  assert.deepEqual(
    settled.map(({ status }) => status === 'fulfilled'),
    [true, false, true, false, false, true, true],
  );
});
