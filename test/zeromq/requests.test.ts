import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startServerProcess } from '../../testing/server.ts';
import { Member, Refused } from './dealer-client.ts';

const forms = [
  ['values one after the other', false],
  ['arrays', true],
] as const;

for (const [what, arrays] of forms) {
  test(`MSGP-01 MSGP-02 a client written from the document, in ${what}, by the one port and by that of ZeroMQ alone`, async (t) => {
    const server = await startServerProcess(t, { args: ['--zeromq-port', '0'] });
    const own = Number((await server.line('listening', ({ only }) => only === 'zeromq')).port);
    const alice = Member.open(t, server.port, { arrays });
    const bob = Member.open(t, own, { arrays });
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

test('ZMTP-15 MSGP-11 T1 what is too long is answered in its turn, then libzmq comes again and goes on', async (t) => {
  const server = await startServerProcess(t);
  const alice = await Member.open(t, server.port).signUp('alice');
  await alice.ask('create_group', 'chess');
  for (const [index, length] of [65_537, 5_000_000].entries()) {
    const before = alice.ask('msg_group', 'chess', `before ${length}`);
    await assert.rejects(alice.ask('msg_group', 'chess', 'x'.repeat(length)), /a message is too long/);
    assert.deepEqual(await before, []);
    // What is sent before libzmq has noticed the end is lost with the connection.
    await alice.happened('disconnect', index + 1);
    assert.deepEqual(await alice.ask('msg_group', 'chess', `after ${length}`), []);
    await alice.updateOf(`after ${length}`);
  }
  assert.equal(alice.events.filter((event) => event === 'disconnect').length, 2);
});

test('MSGP-39 requests of one packet are answered in their order', async (t) => {
  const server = await startServerProcess(t);
  const alice = Member.open(t, server.port);
  const asked = [
    alice.request('register', 'alice', 'secret of alice'),
    alice.request('login', 'alice', 'wrong'),
    alice.request('login', 'alice', 'secret of alice'),
    alice.request('login', 'alice', 'secret of alice'),
    alice.request('logout', 'bob'),
    alice.request('logout', 'alice'),
    alice.request('login', 'alice', 'secret of alice'),
  ];
  const settled = await Promise.allSettled(asked);
  assert.deepEqual(
    settled.map(({ status }) => status === 'fulfilled'),
    [true, false, true, false, false, true, true],
  );
});
