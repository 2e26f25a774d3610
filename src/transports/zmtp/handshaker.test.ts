import assert from 'node:assert/strict';
import { Socket } from 'node:net';
import test, { type TestContext } from 'node:test';
import { selfSignedCertificate } from '../../../testing/transports/certificate.ts';
import { USAGE, openTestPort, type TestPort } from '../../../testing/transports/port.ts';
import { RawClient } from '../../../testing/transports/raw-client.ts';
import { waitForIo } from '../../../testing/condition.ts';
import {
  DEALER_READY,
  longHeader,
  peerCommand,
  peerFrame,
  peerGreeting,
  property,
  SERVER_GREETING,
  SERVER_READY,
} from '../../../testing/transports/zmtp.ts';

const FIRST = Buffer.from([0xff]);
const TOY = { sniff: () => 'no' as const, frames: 'binary' as const };

async function connect(t: TestContext, port: TestPort): Promise<RawClient> {
  const client = await RawClient.connect(port.port);
  t.after(() => client.destroy());
  return client;
}

const errorOf = (reason: string) => peerCommand('ERROR', `${String.fromCharCode(reason.length)}${reason}`);

test('ZMTP-01 a connection that begins with 0xff is ZMTP and goes to the first protocol with ZeroMQ', async (t) => {
  const toy = (name: string, zeromq: boolean) => ({ ...TOY, name, zeromq });
  const port = await openTestPort(t, { protocols: [toy('no', false), toy('yes', true), toy('also', true)] });
  const client = await connect(t, port);
  await client.send(Buffer.concat([peerGreeting(), DEALER_READY, peerFrame(0, 'hello')]));
  const end = await port.nth(1);
  await end.until(() => end.text === 'hello');
  const { kind, framing, secure, address } = end.link;
  assert.deepEqual([end.protocol, kind, framing, secure, address], ['yes', 'zmtp', 'message', false, '127.0.0.1']);
});

test('ZMTP-01 0xff means nothing if no protocol has ZeroMQ', async (t) => {
  const letters = { ...TOY, name: 'letters', zeromq: false };
  const everything = await openTestPort(t, { protocols: [letters] });
  const unknown = await connect(t, everything);
  await unknown.send(peerGreeting());
  assert.equal(await unknown.closed(), `${USAGE}\n`);
  const own = await openTestPort(t, { only: 'letters' });
  const client = await connect(t, own);
  await client.send(FIRST);
  const end = await own.nth(1);
  await end.until(() => end.messages.length === 1);
  assert.deepEqual([end.link.kind, ...end.messages.map(Buffer.from)], ['tcp', FIRST]);
});

test('ZMTP-01 PORT-06 PORT-10 ZeroMQ is also understood on a port for its protocol, and inside TLS', async (t) => {
  const port = await openTestPort(t, { only: 'numbers', certificate: await selfSignedCertificate() });
  const plain = await connect(t, port);
  const encrypted = await RawClient.connectTls(port.port);
  t.after(() => encrypted.destroy());
  for (const [index, client] of [plain, encrypted].entries()) {
    await client.send(Buffer.concat([peerGreeting(), DEALER_READY]));
    const end = await port.nth(index + 1);
    await client.untilBytes(SERVER_GREETING.length + SERVER_READY.length);
    end.link.write(end.link.frame(Buffer.from('answer')));
    await client.until('answer');
    assert.deepEqual([end.link.kind, end.link.secure], ['zmtp', client === encrypted]);
  }
});

test("ZMTP-02 ZMTP-08 our greeting follows the first byte and our READY the peer's READY, cut anywhere", async (t) => {
  const port = await openTestPort(t);
  const client = await connect(t, port);
  const write = t.mock.method(Socket.prototype, 'write');
  await client.send(FIRST);
  assert.deepEqual(await client.untilBytes(64), SERVER_GREETING);
  for (const byte of Buffer.concat([peerGreeting().subarray(1), DEALER_READY.subarray(0, -1)])) {
    await client.send(Buffer.from([byte]));
    await new Promise((turn) => setImmediate(turn));
  }
  await waitForIo();
  assert.equal(client.received.length, 64);
  assert.equal(port.receivers.length, 0);
  await client.send(Buffer.concat([DEALER_READY.subarray(-1), peerFrame(0, 'first').subarray(0, 4)]));
  assert.deepEqual(await client.untilBytes(65), Buffer.concat([SERVER_GREETING, SERVER_READY]));
  const end = await port.nth(1);
  await client.send(peerFrame(0, 'first').subarray(4));
  await end.until(() => end.text === 'first');
  const ours = write.mock.calls.filter(({ this: socket }) => (socket as Socket).localPort === port.port);
  assert.equal(ours.length, 2);
});

test('ZMTP-03 ZMTP-04 a wrong signature and an old version are closed with nothing after our greeting', async (t) => {
  const port = await openTestPort(t);
  const wrong = Buffer.from(peerGreeting());
  wrong[9] = 0;
  const old = [peerGreeting({ major: 0 }), peerGreeting({ major: 1 }), peerGreeting({ major: 2 })];
  for (const greeting of [wrong, ...old, ...old.map((all) => all.subarray(0, 11))]) {
    const client = await connect(t, port);
    await client.send(greeting);
    await client.closed();
    assert.deepEqual(client.received, SERVER_GREETING);
  }
  assert.equal(port.receivers.length, 0);
  await port.connections(0);
  assert.equal(port.clock.timers, 0);
});

test('ZMTP-05 ZMTP-06 ZMTP-07 ZMTP-08 ZMTP-09 ZMTP-10 ZMTP-11 a refused peer gets an ERROR instead of READY, then the end', async (t) => {
  const port = await openTestPort(t);
  const ready = (...properties: readonly Buffer[]) =>
    Buffer.concat([peerGreeting(), peerCommand('READY', Buffer.concat(properties))]);
  const dealer = property('Socket-Type', 'DEALER');
  const refusals: [Buffer, string][] = [
    [peerGreeting({ mechanism: 'CURVE' }), 'mechanism-is-not-NULL'],
    [peerGreeting({ asServer: 1 }), 'as-server-in-NULL'],
    [Buffer.concat([peerGreeting(), Buffer.from([0, 1])]), 'READY-expected'],
    [Buffer.concat([peerGreeting(), longHeader(6, 2n ** 63n - 1n)]), 'READY-expected'],
    [ready(dealer, Buffer.from('\x01')), 'broken-metadata'],
    [ready(property('Socket-Type', 'SUB')), 'Socket-Type-is-not-DEALER'],
    [ready(dealer, property('Identity', Buffer.alloc(256))), 'Identity-too-long'],
  ];
  for (const [bytes, reason] of refusals) {
    const client = await connect(t, port);
    await client.send(bytes);
    await client.closed();
    assert.deepEqual(client.received, Buffer.concat([SERVER_GREETING, errorOf(reason)]));
  }
  const failing = await connect(t, port);
  await failing.send(Buffer.concat([peerGreeting(), errorOf('why')]));
  await failing.closed();
  assert.deepEqual(failing.received, SERVER_GREETING);
  assert.equal(port.receivers.length, 0);
});

test('ZMTP-05 PORT-29 a refused peer that stays is destroyed after 2 s, whatever it still sends', async (t) => {
  const port = await openTestPort(t);
  const client = await connect(t, port);
  client.socket.allowHalfOpen = true;
  await client.send(peerGreeting({ mechanism: 'PLAIN' }));
  await client.until('mechanism-is-not-NULL');
  await client.send(Buffer.alloc(1_000_000));
  port.clock.advance(1_999);
  await waitForIo();
  assert.equal(port.admission.connections, 1);
  port.clock.advance(1);
  await port.connections(0);
  assert.equal(port.clock.timers, 0);
});

test('ZMTP-12 T29 a handshake has 30 s from connecting, wherever it stops', async (t) => {
  const port = await openTestPort(t);
  const handshake = Buffer.concat([peerGreeting(), DEALER_READY]);
  const stops = [1, 10, 11, 63, 64, 65, 70, handshake.length - 1];
  const silent = await Promise.all(stops.map(() => connect(t, port)));
  for (const [index, client] of silent.entries()) await client.send(handshake.subarray(0, stops[index]));
  const ready = await connect(t, port);
  await port.connections(silent.length + 1);
  await waitForIo();
  port.clock.advance(29_999);
  await ready.send(handshake);
  const end = await port.nth(1);
  assert.equal(port.admission.connections, silent.length + 1);
  port.clock.advance(1);
  await Promise.all(silent.map((client) => client.closed()));
  await port.connections(1);
  assert.equal(end.closings, 0);
});

test('ZMTP-26 a port for ZeroMQ alone accepts nothing else', async (t) => {
  const certificate = await selfSignedCertificate();
  const port = await openTestPort(t, { zeromqOnly: true, certificate });
  const tls = '\x16\x03\x01\x00\x05hello';
  for (const first of ['GET / HTTP/1.1\r\nHost: localhost\r\n\r\n', tls, 'abc/hello', '\x91\x01', '\x00', 'GE']) {
    const client = await connect(t, port);
    await client.send(Buffer.from(first, 'latin1'));
    assert.equal(await client.closed(), `${USAGE}\n`);
  }
  const client = await connect(t, port);
  await client.send(Buffer.concat([peerGreeting(), DEALER_READY]));
  assert.deepEqual([(await port.nth(1)).protocol, port.receivers.length], ['numbers', 1]);
  const protocols = [{ ...TOY, name: 'letters', zeromq: false }];
  await assert.rejects(openTestPort(t, { zeromqOnly: true, protocols }), /no protocol is spoken over ZeroMQ/);
});

test('ZMTP-26 a port for everything still accepts HTTP and other protocols', async (t) => {
  const port = await openTestPort(t);
  const page = await connect(t, port);
  await page.send('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await page.until('a page');
  const letters = await connect(t, port);
  await letters.send('abc/hello');
  assert.equal((await port.nth(1)).protocol, 'letters');
});

/** Connections in the flood. */
const FLOOD = Number(process.env.HALF_OPEN ?? 300);
test('ZMTP-12 T29 a flood of half handshakes keeps no peer out, and no connection is left', async (t) => {
  const port = await openTestPort(t);
  const half: RawClient[] = [];
  for (let count = 0; count < FLOOD; count++) {
    const client = await connect(t, port);
    await client.send(Buffer.concat([peerGreeting(), DEALER_READY]).subarray(0, 1 + (count % 90)));
    half.push(client);
  }
  const honest = await connect(t, port);
  await honest.send(Buffer.concat([peerGreeting(), DEALER_READY, peerFrame(0, 'honest')]));
  const end = await port.nth(1);
  await end.until(() => end.text === 'honest');
  port.clock.advance(30_000);
  await Promise.all(half.map((client) => client.closed()));
  await port.connections(1);
  assert.equal(end.closings, 0);
});
