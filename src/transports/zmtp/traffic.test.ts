import assert from 'node:assert/strict';
import { Socket } from 'node:net';
import test, { type TestContext } from 'node:test';
import { openTestPort } from '../../../testing/transports/port.ts';
import { waitForIo } from '../../../testing/condition.ts';
import {
  DEALER_READY,
  joinByZmtp,
  longHeader,
  peerCommand,
  peerFrame,
  peerPing,
} from '../../../testing/transports/zmtp.ts';

const MORE = 1;
const MEBIBYTE = Buffer.alloc(1024 * 1024, 'x');

/** A peer whose frames the test makes by hand, and the server's end of its connection. */
async function connected(t: TestContext) {
  const port = await openTestPort(t);
  const { client, end } = await joinByZmtp(t, port);
  return { port, client, end, link: end.link };
}

test('ZMTP-16 a message of several frames is delivered as one, and so is an empty message', async (t) => {
  const { client, end } = await connected(t);
  const frames = [
    peerFrame(MORE),
    peerFrame(MORE, 'lo'),
    peerPing(),
    peerFrame(0, 'gin'),
    peerFrame(0),
    peerFrame(0, 'x'),
  ];
  await client.send(Buffer.concat(frames));
  await end.until(() => end.messages.length === 3);
  assert.deepEqual(
    end.messages.map((message) => Buffer.from(message).toString()),
    ['login', '', 'x'],
  );
});

test('ZMTP-13 ZMTP-15 ZMTP-18 ZMTP-20 T1 T7 invalid bytes close their connection at once, and no other', async (t) => {
  const port = await openTestPort(t);
  const honest = await joinByZmtp(t, port);
  const many = Array.from({ length: 64 }, () => peerFrame(MORE, 'x'));
  const attacks = [
    Buffer.from([0x08]),
    Buffer.from([0x05]),
    longHeader(2, 65_537n),
    longHeader(2, 2n ** 63n - 1n),
    longHeader(2, 2n ** 64n - 1n),
    longHeader(6, 2n ** 63n - 1n),
    longHeader(6, 2n ** 64n - 1n),
    longHeader(6, 513n),
    Buffer.concat([peerFrame(MORE, Buffer.alloc(65_536)), Buffer.from([0, 1])]),
    Buffer.concat([...many, Buffer.from([0])]),
    peerFrame(4),
    peerFrame(4, 'not a name'),
    peerCommand('PING'),
    peerCommand('PING', Buffer.alloc(2 + 17)),
  ];
  for (const attack of attacks) {
    const { client, end } = await joinByZmtp(t, port);
    await client.send(attack);
    await end.until(() => end.closings === 1);
    assert.equal(await client.closed(), '');
    assert.equal(end.messages.length, 0);
  }
  const largest = [longHeader(2, 65_536n), Buffer.alloc(65_536), ...many.slice(1), peerFrame(0, 'last')];
  await honest.client.send(Buffer.concat(largest));
  await honest.end.until(() => honest.end.messages.length === 2);
  assert.deepEqual([honest.end.closings, ...honest.end.messages.map(({ length }) => length)], [0, 65_536, 63 + 4]);
});

test('ZMTP-15 a message that is too big can be answered, and nothing after it is delivered; broken frames are not answered', async (t) => {
  const { client, end, link } = await connected(t);
  const unreadable = t.mock.method(end, 'unreadable', () => link.write(link.frame(Buffer.from('no'))));
  const behind = [Buffer.alloc(65_537), peerFrame(0, 'behind'), peerPing(), Buffer.from([0x08])];
  await client.send(Buffer.concat([peerFrame(0, 'before'), longHeader(2, 65_537n), ...behind]));
  await client.send(peerFrame(0, 'later'));
  assert.deepEqual(await client.untilBytes(4), peerFrame(0, 'no'));
  await waitForIo();
  assert.deepEqual([end.text, end.closings, unreadable.mock.callCount()], ['before', 0, 1]);
  assert.deepEqual(unreadable.mock.calls[0]?.arguments, ['a message is too long']);
  link.end('too-big', '');
  await end.until(() => end.closings === 1);

  const broken = await connected(t);
  await broken.client.send(Buffer.from([0x08]));
  await broken.end.until(() => broken.end.closings === 1);
  assert.deepEqual(broken.end.errors, []);
});

test('ZMTP-19 unknown commands are ignored but are signs of life', async (t) => {
  const { client, end } = await connected(t);
  const commands = [
    peerCommand('SUBSCRIBE', 'topic'),
    peerCommand('CANCEL', 'topic'),
    peerCommand('PONG', 'context'),
    peerCommand('PONG', Buffer.alloc(100)),
    DEALER_READY,
    peerCommand('ping'),
    peerCommand('Unknown', Buffer.alloc(500)),
  ];
  for (const [index, command] of commands.entries()) {
    await client.send(command);
    await end.until(() => end.signs > index);
  }
  await client.send(peerFrame(0, 'and on'));
  await end.until(() => end.text === 'and on');
  assert.deepEqual([client.received.length, end.messages.length, end.closings], [0, 1, 0]);
});

test('ZMTP-19 an ERROR ends the connection', async (t) => {
  const { client, end } = await connected(t);
  await client.send(Buffer.concat([peerCommand('ERROR', '\x03why'), peerFrame(0, 'late')]));
  await end.until(() => end.closings === 1);
  assert.equal(end.messages.length, 0);
});

test('ZMTP-20 PINGs are answered with their contexts, all that were read at once by one write', async (t) => {
  const { port, client } = await connected(t);
  const write = t.mock.method(Socket.prototype, 'write');
  await client.send(Buffer.concat([peerPing(0, 'one'), peerPing(), peerFrame(0, 'x'), peerPing(0, 'z'.repeat(16))]));
  const pongs = Buffer.concat(['one', '', 'z'.repeat(16)].map((context) => peerCommand('PONG', context)));
  assert.deepEqual(await client.untilBytes(pongs.length), pongs);
  const ours = write.mock.calls.filter(({ this: socket }) => (socket as Socket).localPort === port.port);
  assert.equal(ours.length, 1);
});

test('ZMTP-21 T31 a peer that sends PINGs and does not read the PONGs is closed; one that reads them is not', async (t) => {
  const { port, client, end, link } = await connected(t);
  for (let count = 1; count <= 40; count++) {
    await client.send(peerPing(0, String(count)));
    await client.until(`PONG${count}`);
  }
  client.socket.pause();
  while (link.unsentBytes === 0) link.write(MEBIBYTE);
  for (let count = 1; count <= 16; count++) {
    await client.send(peerPing());
    await end.until(() => end.signs === 40 + count);
  }
  assert.equal(link.write(Buffer.alloc(0)), true);
  await client.send(peerPing());
  await end.until(() => end.signs === 57);
  assert.equal(link.write(Buffer.alloc(0)), false);
  port.clock.advance(2_000);
  await end.until(() => end.closings === 1);
});

test('ZMTP-23 a peer of 3.1 can be asked, one of 3.0 cannot', async (t) => {
  const port = await openTestPort(t);
  for (const [minor, canAsk] of [
    [1, true],
    [0, false],
  ] as const) {
    const { client, end } = await joinByZmtp(t, port, { minor });
    assert.deepEqual([end.link.ask(), end.link.isSilent], [canAsk, false]);
    end.link.write(end.link.frame(Buffer.from('next')));
    const expected = Buffer.concat([...(canAsk ? [peerPing(600)] : []), peerFrame(0, 'next')]);
    assert.deepEqual(await client.untilBytes(expected.length), expected);
    await client.send(peerCommand('PONG'));
    await end.until(() => end.signs === 1);
  }
});

test('ZMTP-28 a PONG with the context of a probe proves it if the link lives 2 s longer', async (t) => {
  const port = await openTestPort(t);
  const { client, end } = await joinByZmtp(t, port);
  assert.equal(end.link.probe(), 1);
  assert.deepEqual(await client.untilBytes(peerPing(600, '1').length), peerPing(600, '1'));
  await client.send(Buffer.concat(['', '2', 'x', '1'].map((context) => peerCommand('PONG', context))));
  await end.until(() => end.signs > 0);
  await client.send(peerFrame(0, 'a message'));
  await end.until(() => end.messages.length === 1);
  port.clock.advance(1_999);
  assert.deepEqual(end.proofs, []);
  port.clock.advance(1);
  assert.deepEqual(end.proofs, [1]);
  end.link.probe();
  await client.send(peerCommand('PONG', '2'));
  await end.until(() => end.signs > 2);
  client.destroy();
  await end.until(() => end.closings > 0);
  port.clock.advance(2_000);
  assert.deepEqual(end.proofs, [1], 'it did not live that long');
});

test('PORT-45 to a peer of 3.0 a probe is proved after 60 s', async (t) => {
  const port = await openTestPort(t);
  const { end } = await joinByZmtp(t, port, { minor: 0 });
  end.link.probe();
  port.clock.advance(59_999);
  assert.deepEqual(end.proofs, []);
  port.clock.advance(1);
  assert.deepEqual(end.proofs, [1]);
});
