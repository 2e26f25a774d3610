import assert from 'node:assert/strict';
import { Socket } from 'node:net';
import test, { type TestContext } from 'node:test';
import { selfSignedCertificate } from '../../../testing/transports/certificate.ts';
import { openTestPort, type TestPortOptions } from '../../../testing/transports/port.ts';
import { RawClient } from '../../../testing/transports/raw-client.ts';
import type { RecordingReceiver } from '../../../testing/transports/recording-receiver.ts';
import { waitForIo } from '../../../testing/condition.ts';
import { DEALER_READY, joinByZmtp, peerFrame, peerGreeting, peerPing } from '../../../testing/transports/zmtp.ts';

const MORE = 1;
const MEBIBYTE = Buffer.alloc(1024 * 1024, 'x');

/** A peer whose frames the test makes by hand, and the server's end of its connection. */
async function connected(t: TestContext, options: TestPortOptions = {}) {
  const port = await openTestPort(t, options);
  const { client, end } = await joinByZmtp(t, port);
  return { port, client, end, link: end.link };
}

/** Calls `act` after each message that the server receives. */
function afterEach(t: TestContext, end: RecordingReceiver, act: () => void): void {
  const deliver = end.data.bind(end);
  t.mock.method(end, 'data', (bytes: Uint8Array) => {
    deliver(bytes);
    act();
  });
}

test('PORT-26 ZMTP-17 one write of a ZeroMQ link is one write of its socket, with the same bytes', async (t) => {
  const { port, client, link } = await connected(t);
  const write = t.mock.method(Socket.prototype, 'write');
  const framed = Buffer.concat([link.frame(Buffer.from('one')), link.frame(Buffer.alloc(256, 'x'))]);
  assert.deepEqual(framed, Buffer.concat([peerFrame(0, 'one'), peerFrame(0, Buffer.alloc(256, 'x'))]));
  assert.equal(link.write(framed), true);
  assert.deepEqual(await client.untilBytes(framed.length), framed);
  const calls = write.mock.calls.filter(({ this: socket }) => (socket as Socket).localPort === port.port);
  assert.equal(calls.length, 1);
  assert.equal(calls[0]?.arguments[0], framed);
});

for (const [carrier, options] of [
  ['TCP', {}],
  ['TLS', { certificate: await selfSignedCertificate() }],
] as const) {
  test(`PORT-27 T31 over ${carrier} the unsent bytes of a ZeroMQ link grow while the peer does not read, and drain when it reads again`, async (t) => {
    const port = await openTestPort(t, options);
    const client = await (carrier === 'TLS' ? RawClient.connectTls(port.port) : RawClient.connect(port.port));
    t.after(() => client.destroy());
    await client.send(Buffer.concat([peerGreeting(), DEALER_READY]));
    const end = await port.nth(1);
    const { link } = end;
    client.socket.pause();
    while (link.unsentBytes < 4 * MEBIBYTE.length) {
      link.write(MEBIBYTE);
      await waitForIo();
    }
    const { drains } = end;
    client.socket.resume();
    await end.until(() => end.drains > drains);
    assert.equal(link.unsentBytes, 0);
  });
}

test('PORT-28 after the end of a ZeroMQ link, writes are ignored and only `closed` comes', async (t) => {
  const { client, end, link } = await connected(t);
  await client.send(peerFrame(0, 'before'));
  await end.until(() => end.text === 'before');
  const { signs } = end;
  link.write(link.frame(Buffer.from('last words')));
  link.end('done', 'bye');
  link.end('broken', 'again');
  assert.equal(link.write(link.frame(Buffer.from('late'))), false);
  link.probe();
  client.socket.write(Buffer.concat([peerFrame(0, 'late'), peerPing()]));
  await client.closed();
  await end.until(() => end.closings > 0);
  assert.deepEqual(client.received, peerFrame(0, 'last words'));
  assert.deepEqual([end.text, end.signs, end.closings], ['before', signs, 1]);
});

test('PORT-28 messages behind the one at which the link is ended are not delivered', async (t) => {
  const { client, end, link } = await connected(t);
  afterEach(t, end, () => link.end('done', ''));
  await client.send(Buffer.concat([peerFrame(0, 'one'), peerFrame(0, 'two'), peerPing()]));
  await end.until(() => end.closings > 0);
  assert.equal(end.text, 'one');
  assert.equal((await client.closed()).length, 0);
});

test('PORT-28 T31 `drained` does not come after the end of a stalled ZeroMQ link', async (t) => {
  const { client, end, link } = await connected(t);
  client.socket.pause();
  while (link.unsentBytes === 0) link.write(MEBIBYTE);
  const { drains } = end;
  link.end('too-slow', '');
  client.socket.resume();
  await end.until(() => end.closings > 0);
  assert.equal(end.drains, drains);
});

test('PORT-29 T31 a stalled ZeroMQ link is destroyed 2 s after its end', async (t) => {
  const { port, client, end, link } = await connected(t);
  client.socket.pause();
  while (link.unsentBytes === 0) link.write(MEBIBYTE);
  link.end('too-slow', '');
  port.clock.advance(1_999);
  await waitForIo();
  assert.equal(end.closings, 0);
  port.clock.advance(1);
  await end.until(() => end.closings > 0);
  await port.connections(0);
});

test('PORT-33 a paused ZeroMQ link delivers nothing, not even messages that were already read', async (t) => {
  const { client, end, link } = await connected(t);
  afterEach(t, end, () => {
    if (end.messages.length === 1 || end.messages.length === 3) link.pause();
  });
  const frames = ['1', '2', '3', '4', '5'].map((text) => peerFrame(0, text));
  await client.send(Buffer.concat([...frames, peerPing(0, 'behind'), peerFrame(MORE, '6')]));
  await waitForIo();
  assert.equal(end.text, '1');
  link.resume();
  assert.equal(end.text, '1');
  await waitForIo();
  assert.equal(end.text, '123');
  link.resume();
  link.pause();
  await waitForIo();
  assert.equal(end.text, '123');
  assert.equal(client.received.length, 0);
  await client.send(peerFrame(0, '7'));
  await waitForIo();
  link.resume();
  await end.until(() => end.text === '1234567');
  await client.until('behind');
});

test('PORT-33 all messages of a peer that closes while its link is paused are delivered', async (t) => {
  const { client, end, link } = await connected(t);
  afterEach(t, end, () => link.pause());
  await client.send(Buffer.concat([peerFrame(0, '1'), peerFrame(0, '2')]));
  client.socket.end();
  await end.until(() => end.text === '1');
  await waitForIo();
  assert.equal(end.closings, 0);
  link.resume();
  await end.until(() => end.text === '12');
  link.resume();
  await end.until(() => end.closings === 1);
});

test('PORT-39 `closed` comes once for a ZeroMQ link, whether the peer ends, resets, or breaks the rules', async (t) => {
  const leaving: ((client: RawClient) => unknown)[] = [
    (client) => client.socket.end(),
    (client) => client.socket.resetAndDestroy(),
    (client) => client.socket.destroy(),
    (client) => client.send(Buffer.from([0xff, 0xff])),
  ];
  for (const leave of leaving) {
    const { port, client, end, link } = await connected(t);
    await leave(client);
    await end.until(() => end.closings > 0);
    link.write(link.frame(Buffer.from('into the void')));
    link.probe();
    link.end('done', '');
    await waitForIo();
    port.clock.advance(2_000);
    assert.equal(end.closings, 1);
    assert.equal(port.clock.timers, 0);
  }
});

test('PORT-41 logging in counts on a ZeroMQ link', async (t) => {
  const limits = { exemptLoopback: false, unauthenticatedPerAddress: 1 };
  const { port, link } = await connected(t, { admissionLimits: limits });
  assert.equal(port.admission.admit(link.address), null);
  link.loggedIn();
  assert.notEqual(port.admission.admit(link.address), null);
});

test('ZMTP-27 a message of a ZeroMQ peer is a sign of life; its FIN or reset is none', async (t) => {
  for (const leave of ['end', 'resetAndDestroy'] as const) {
    const { client, end } = await connected(t);
    await client.send(peerFrame(0, 'hello'));
    await end.until(() => end.text === 'hello');
    assert.equal(end.signs, 1);
    client.socket[leave]();
    await end.until(() => end.closings > 0);
    assert.equal(end.signs, 1, leave);
  }
});

test('ZMTP-25 every kind of end sends the written bytes and nothing else', async (t) => {
  const port = await openTestPort(t);
  for (const kind of ['done', 'stopping', 'removed', 'broken', 'too-big', 'too-slow', 'timeout'] as const) {
    const { client, end } = await joinByZmtp(t, port);
    end.link.write(end.link.frame(Buffer.from('last words')));
    end.link.end(kind, 'because');
    await client.closed();
    assert.deepEqual(client.received, peerFrame(0, 'last words'));
    await end.until(() => end.closings === 1);
  }
});
