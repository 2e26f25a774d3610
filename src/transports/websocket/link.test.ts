import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Socket } from 'node:net';
import test, { type TestContext } from 'node:test';
import { WebSocket as WsClient } from 'ws';
import { selfSignedCertificate } from '../../../testing/transports/certificate.ts';
import { openTestPort, openWebSocket, type TestPortOptions } from '../../../testing/transports/port.ts';
import { clientFrame, RawClient } from '../../../testing/transports/raw-client.ts';
import { waitForIo } from '../../../testing/condition.ts';
import type { CloseKind, Link } from '../link.ts';

const TEXT = 0x1;
const PING = 0x9;
const CLOSE = 0x8;
const MEBIBYTE = Buffer.alloc(1024 * 1024, 'x');

/** A WebSocket that speaks `letters`, whose frames the test makes by hand, and the server's end of its connection. */
async function connected(t: TestContext, options: TestPortOptions = {}) {
  const port = await openTestPort(t, options);
  const client = await RawClient.connect(port.port);
  t.after(() => client.destroy());
  await client.upgrade('/letters');
  const end = await port.nth(1);
  return { port, client, end, link: end.link };
}

/** The code and reason of the close frame that the server sends as its first frame. */
async function closeFrame(client: RawClient): Promise<{ code: number; reason: string }> {
  const head = await client.untilBytes(4);
  assert.equal(head[0], 0x88);
  const frame = await client.untilBytes(2 + (head[1] ?? 0));
  return { code: frame.readUInt16BE(2), reason: frame.toString('utf8', 4, 2 + (head[1] ?? 0)) };
}

test('PORT-26 one write of a WebSocket is one write of its socket, with the same bytes', async (t) => {
  const { client, link } = await connected(t);
  const write = t.mock.method(Socket.prototype, 'write');
  const framed = Buffer.concat([link.frame(Buffer.from('one')), link.frame(Buffer.from('two'))]);
  link.write(framed);
  assert.deepEqual(await client.untilBytes(10), framed);
  assert.equal(write.mock.callCount(), 1);
  assert.equal(write.mock.calls[0]?.arguments[0], framed);
});

test('PORT-27 T31 the unsent bytes of a WebSocket grow while the peer does not read, and drain when it reads again', async (t) => {
  const { client, end, link } = await connected(t);
  client.socket.pause();
  while (link.unsentBytes < 4 * MEBIBYTE.length) link.write(link.frame(MEBIBYTE));
  const drains = end.drains;
  client.socket.resume();
  await end.until(() => end.drains > drains);
  assert.equal(link.unsentBytes, 0);
});

test('PORT-28 after the end of a WebSocket, writes are ignored and only `closed` comes', async (t) => {
  const { client, end, link } = await connected(t);
  link.end('done', 'bye');
  link.end('broken', 'again');
  link.write(link.frame(Buffer.from('late')));
  assert.equal(link.unsentBytes, 0);
  await client.send(Buffer.concat([clientFrame(TEXT, 'late'), clientFrame(8, '\x03\xe8')]));
  await client.closed();
  await end.until(() => end.closings > 0);
  assert.equal(client.received.length, 2 + 2 + 'bye'.length);
  assert.deepEqual([end.messages.length, end.signs, end.closings], [0, 0, 1]);
});

test('PORT-29 T31 a stalled WebSocket is destroyed some time after its end', async (t) => {
  const { port, client, end, link } = await connected(t, { limits: { endMs: 20 } });
  client.socket.pause();
  while (link.unsentBytes === 0) link.write(link.frame(MEBIBYTE));
  link.end('too-slow', 'too slow');
  await end.until(() => end.closings > 0);
  await port.connections(0);
});

test('PORT-29 a peer that does not answer a close, or closes and stays, is destroyed after some time', async (t) => {
  const { port, client, end, link } = await connected(t, { limits: { endMs: 20 } });
  link.end('done', '');
  await client.closed();
  await end.until(() => end.closings > 0);
  const stays = await RawClient.connect(port.port);
  await stays.upgrade('/letters');
  const second = await port.nth(2);
  stays.socket.allowHalfOpen = true;
  await stays.send(clientFrame(8, '\x03\xe8'));
  await second.until(() => second.closings > 0);
  await port.connections(0);
  stays.destroy();
});

test('PORT-32 T7 a message has at most 64 KiB, 64 fragments, and is UTF-8 if it is text', async (t) => {
  const fragments = (count: number) => [
    ...Array.from({ length: count - 1 }, (_, index) => clientFrame(index === 0 ? TEXT : 0, 'x', false)),
    clientFrame(0, 'x'),
  ];
  const cases: [Buffer, number][] = [
    [clientFrame(TEXT, Buffer.alloc(64 * 1024 + 1, 'x')), 1009],
    [clientFrame(TEXT, Buffer.alloc(64 * 1024 + 1, 'x')).subarray(0, 14), 1009],
    [Buffer.concat(fragments(65)), 1008],
    [clientFrame(TEXT, Buffer.from([0xc3, 0x28])), 1007],
    [clientFrame(3, ''), 1002],
    [Buffer.from([0x81, 0x01, 0x61]), 1002],
  ];
  for (const [bytes, expected] of cases) {
    const { client, end } = await connected(t);
    await client.send(bytes);
    assert.equal((await closeFrame(client)).code, expected);
    assert.equal(end.messages.length, 0);
  }
  const { client, end } = await connected(t);
  await client.send(clientFrame(TEXT, Buffer.alloc(64 * 1024, 'x')));
  await client.send(Buffer.concat(fragments(64)));
  await end.until(() => end.messages.length === 2);
  assert.deepEqual(
    end.messages.map((message) => message.length),
    [64 * 1024, 64],
  );
});

test('PORT-33 a paused WebSocket delivers nothing, not even messages that were already read', async (t) => {
  const { client, end, link } = await connected(t);
  t.mock.method(end, 'data', (bytes: Uint8Array) => {
    end.messages.push(bytes);
    if (end.messages.length === 1 || end.messages.length === 3) link.pause();
  });
  await client.send(Buffer.concat(['1', '2', '3', '4', '5'].map((text) => clientFrame(TEXT, text))));
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
  link.resume();
  await waitForIo();
  assert.equal(end.text, '12345');
});

test('PORT-37 every kind of end has its close code, and the reason reaches the client', async (t) => {
  const codes: Record<CloseKind, number> = {
    done: 1000,
    stopping: 1001,
    broken: 1007,
    removed: 1008,
    timeout: 1008,
    'too-slow': 1008,
    'too-big': 1009,
  };
  const port = await openTestPort(t);
  let count = 0;
  for (const [kind, expected] of Object.entries(codes) as [CloseKind, number][]) {
    const client = await openWebSocket(t, port, '/letters');
    const end = await port.nth(++count);
    end.link.write(end.link.frame(Buffer.from('last words')));
    end.link.end(kind, `because: ${'é'.repeat(100)}`);
    const [message] = await once(client, 'message');
    const [code, reason] = await once(client, 'close');
    assert.equal(String(message), 'last words');
    assert.deepEqual([code, String(reason)], [expected, `because: ${'é'.repeat(57)}`]);
    await end.until(() => end.closings === 1);
  }
});

test('PORT-39 `closed` comes once for a WebSocket, whether the peer closes, ends, resets, or breaks the rules', async (t) => {
  const leaving: ((client: RawClient) => unknown)[] = [
    (client) => client.send(clientFrame(8, '\x03\xe8')),
    (client) => client.socket.end(),
    (client) => client.socket.resetAndDestroy(),
    (client) => client.send(Buffer.from([0xff, 0xff])),
  ];
  for (const leave of leaving) {
    const { client, end, link } = await connected(t, { limits: { endMs: 20 } });
    await leave(client);
    await end.until(() => end.closings > 0);
    link.write(link.frame(Buffer.from('into the void')));
    link.end('done', '');
    link.probe();
    await waitForIo();
    assert.equal(end.closings, 1);
  }
});

test('PORT-46 a pong proves the ping that it repeats; other pongs and messages are only signs of life', async (t) => {
  const { client, end, link } = await connected(t);
  assert.deepEqual([link.probe(), link.ask(), link.probe(), link.isSilent], [1, true, 3, false]);
  assert.equal((await client.untilBytes(9)).toString('hex'), '890131890132890133');
  for (const [payload, proofs] of [
    ['', []],
    ['4', []],
    ['0', []],
    ['one', []],
    ['1', [1]],
    ['3', [1, 3]],
  ] as const) {
    const { signs } = end;
    await client.send(clientFrame(0xa, payload));
    await end.until(() => end.signs === signs + 1);
    assert.deepEqual(end.proofs, proofs, payload);
  }
  const { signs } = end;
  await client.send(clientFrame(TEXT, 'x'));
  await end.until(() => end.signs === signs + 1);
  await client.send(clientFrame(PING, 'are you there'));
  await client.until('are you there');
  assert.deepEqual(end.proofs, [1, 3]);
});

test('PORT-42 the answer to our close frame proves the last probe; a close frame of the peer and an end do not', async (t) => {
  const ours = Buffer.concat([Buffer.from([0x03, 0xe8]), Buffer.from('goodbye')]);
  const leaving: [string, readonly number[], (link: Link, client: RawClient) => unknown][] = [
    ['answer', [1], (link, client) => (link.end('done', 'goodbye'), client.send(clientFrame(CLOSE, ours)))],
    ['own', [], (link, client) => (client.send(clientFrame(CLOSE, '\x03\xe8')), link.end('done', 'goodbye'))],
    ['peer first', [], (_link, client) => client.send(clientFrame(CLOSE, ours))],
    ['end', [], (_link, client) => client.socket.end()],
    ['reset', [], (_link, client) => client.socket.resetAndDestroy()],
  ];
  for (const [how, proofs, leave] of leaving) {
    const { client, end, link } = await connected(t, { limits: { endMs: 20 } });
    link.probe();
    await leave(link, client);
    await end.until(() => end.closings > 0);
    assert.deepEqual(end.proofs, proofs, how);
  }
});

test('PORT-46 after its end a WebSocket still takes the pong that proves a probe', async (t) => {
  const { client, end, link } = await connected(t);
  link.probe();
  link.end('done', 'goodbye');
  await client.send(clientFrame(0xa, '1'));
  await end.until(() => end.proofs.length > 0);
  assert.deepEqual(end.proofs, [1]);
});

test('PORT-41 logging in counts on a WebSocket', async (t) => {
  const limits = { exemptLoopback: false, unauthenticatedPerAddress: 1 };
  const { port, link } = await connected(t, { admissionLimits: limits });
  assert.equal(port.admission.admit(link.address), null);
  link.loggedIn();
  assert.notEqual(port.admission.admit(link.address), null);
});

test('PORT-30 ws and the WebSocket of Node exchange messages with the server, plain and inside TLS', async (t) => {
  const certificate = await selfSignedCertificate();
  const port = await openTestPort(t, { certificate });
  const open: [string, (url: string) => WebSocket | WsClient][] = [
    ['ws', (url) => new WebSocket(url, 'letters')],
    ['ws', (url) => new WsClient(url, 'letters')],
    ['wss', (url) => new WsClient(url, 'letters', { rejectUnauthorized: false })],
  ];
  for (const [index, [scheme, make]] of open.entries()) {
    const client = make(`${scheme}://127.0.0.1:${port.port}/`);
    const seen: string[] = [];
    const closed = new Promise<number>((done) => {
      client.onmessage = ({ data }: { data: unknown }) => seen.push(String(data));
      client.onclose = ({ code }: { code: number }) => done(code);
    });
    await new Promise<void>((done) => {
      client.onopen = () => done();
    });
    assert.equal(client.protocol, 'letters');
    const end = await port.nth(index + 1);
    assert.equal(end.link.secure, scheme === 'wss');
    const sent = ['', 'short', 'ü'.repeat(100), 'x'.repeat(60_000), 'y'.repeat(70_000)];
    for (const text of sent.slice(0, 4)) client.send(text);
    await end.until(() => end.messages.length === 4);
    assert.deepEqual(end.messages.map(String), sent.slice(0, 4));
    end.link.write(Buffer.concat(sent.map((text) => end.link.frame(Buffer.from(text)))));
    end.link.end('done', '');
    assert.equal(await closed, 1000);
    assert.deepEqual(seen, sent);
  }
});
