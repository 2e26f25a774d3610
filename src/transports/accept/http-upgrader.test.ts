import assert from 'node:assert/strict';
import type { IncomingMessage, RequestListener } from 'node:http';
import test from 'node:test';
import { openTestPort } from '../../../testing/transports/port.ts';
import { clientFrame, RawClient } from '../../../testing/transports/raw-client.ts';
import { selfSignedCertificate } from '../../../testing/transports/certificate.ts';
import { waitForIo } from '../../../testing/condition.ts';
import type { HttpHandler } from './http-upgrader.ts';

const REQUEST = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n';

test('PORT-15 T30 the head of a request has 5 s, even if it comes byte by byte', async (t) => {
  const port = await openTestPort(t);
  const client = await RawClient.connect(port.port);
  await client.send('GET / HTTP/1.1\r\n');
  await waitForIo();
  port.clock.advance(4_999);
  await client.send('Host: localhost\r\n');
  await waitForIo();
  assert.equal(client.socket.closed, false);
  port.clock.advance(1);
  assert.equal(await client.closed(), '');
  assert.equal(port.clock.timers, 0);
});

test('PORT-15 T30 after an answer the next head has 5 s, including the pause before it', async (t) => {
  const port = await openTestPort(t);
  const client = await RawClient.connect(port.port);
  for (let request = 0; request < 3; request++) {
    await client.send(REQUEST);
    await client.until('a page');
    client.clear();
    port.clock.advance(4_999);
  }
  await client.send('GET / HTTP');
  await waitForIo();
  assert.equal(client.socket.closed, false);
  port.clock.advance(1);
  assert.equal(await client.closed(), '');
});

test('PORT-15 a handler has no deadline, also if more requests wait', async (t) => {
  const answers: (() => void)[] = [];
  const handler: RequestListener = (_request, response) => answers.push(() => response.end('slow page'));
  const port = await openTestPort(t, { handler });
  const client = await RawClient.connect(port.port);
  await client.send(REQUEST + REQUEST);
  while (answers.length < 2) await waitForIo();
  port.clock.advance(20_000);
  answers[0]?.();
  await client.until('slow page');
  client.clear();
  port.clock.advance(20_000);
  answers[1]?.();
  await client.until('slow page');
  client.destroy();
});

test('PORT-16 T30 the body of a request has 10 s', async (t) => {
  const bodies: IncomingMessage[] = [];
  const handler: RequestListener = (request, response) => {
    bodies.push(request.on('end', () => response.end('thanks')).resume());
  };
  const port = await openTestPort(t, { handler });
  const head = 'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\n';
  const slow = await RawClient.connect(port.port);
  const quick = await RawClient.connect(port.port);
  await slow.send(`${head}12`);
  await quick.send(`${head}12`);
  while (bodies.length < 2) await waitForIo();
  port.clock.advance(9_999);
  await quick.send('34');
  await quick.until('thanks');
  assert.equal(slow.socket.closed, false);
  port.clock.advance(1);
  assert.equal(await slow.closed(), '');
  assert.equal(quick.socket.closed, false);
  quick.destroy();
});

test('PORT-16 a body has its time again when what it is for extends it, but not while the port ends', async (t) => {
  const bodies: IncomingMessage[] = [];
  const handler: HttpHandler = (request, response, { extendBody }) => {
    request.on('data', extendBody);
    bodies.push(request.on('end', () => response.end('thanks')));
  };
  const port = await openTestPort(t, { handler });
  const client = await RawClient.connect(port.port);
  await client.send('POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\n1');
  const arrived = async (bytes: number) => {
    while ((bodies[0]?.socket.bytesRead ?? 0) < bytes) await waitForIo();
    await waitForIo();
  };
  await arrived(1);
  const { bytesRead } = bodies[0]?.socket ?? assert.fail();
  for (let piece = 1; piece <= 2; piece++) {
    port.clock.advance(9_999);
    await client.send('x');
    await arrived(bytesRead + piece);
  }
  assert.equal(client.socket.closed, false);
  const ended = port.end();
  port.clock.advance(1_999);
  bodies[0]?.emit('data', Buffer.alloc(0));
  port.clock.advance(1);
  assert.equal(await client.closed(), '');
  await ended;
});

test('PORT-23 T30 an answer that the client does not read ends the connection', async (t) => {
  const handler: RequestListener = (_request, response) => response.end(Buffer.alloc(32 * 1024 * 1024));
  const port = await openTestPort(t, { handler, limits: { unreadMs: 50 } });
  const client = await RawClient.connect(port.port);
  client.socket.pause();
  await client.send(REQUEST);
  await port.connections(1);
  await port.connections(0);
  client.destroy();
});

test('PORT-24 a head of more than 16 KiB is answered 431', async (t) => {
  const port = await openTestPort(t);
  const fits = await RawClient.connect(port.port);
  await fits.send(`GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(15_000)}\r\n\r\n`);
  await fits.until('a page');
  fits.destroy();
  const tooBig = await RawClient.connect(port.port);
  await tooBig.send(`GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(17_000)}\r\n\r\n`);
  assert.match(await tooBig.closed(), /^HTTP\/1.1 431 /);
});

test('PORT-08 the first part of the path names the protocol; any other path is accepted too', async (t) => {
  const port = await openTestPort(t);
  let count = 0;
  for (const [path, protocol] of [
    ['/numbers', 'numbers'],
    ['/numbers/', 'numbers'],
    ['/numbers?name=abc', 'numbers'],
    ['/numbers/room', 'numbers'],
    ['/', 'letters'],
    ['/Numbers', 'letters'],
    ['/chat/numbers', 'letters'],
    ['/__proto__', 'letters'],
  ] as const) {
    const client = await RawClient.connect(port.port);
    assert.match(await client.upgrade(path), /^HTTP\/1.1 101 /);
    if (protocol === 'letters') await client.send(clientFrame(1, 'abc/'));
    const end = await port.nth(++count);
    assert.equal(end.protocol, protocol, path);
    assert.equal(end.link.kind, protocol === 'numbers' ? 'websocket-binary' : 'websocket-text');
    client.destroy();
  }
});

test('PORT-09 the first known subprotocol is echoed and goes before the path', async (t) => {
  const port = await openTestPort(t);
  let count = 0;
  for (const [offered, echoed] of [
    ['numbers', 'numbers'],
    ['other, numbers, letters', 'numbers'],
    ['letters, numbers', 'letters'],
  ]) {
    const client = await RawClient.connect(port.port);
    const answer = await client.upgrade('/letters', [`Sec-WebSocket-Protocol: ${offered}`]);
    assert.match(answer, new RegExp(`\r\nSec-WebSocket-Protocol: ${echoed}\r\n`));
    assert.equal((await port.nth(++count)).protocol, echoed);
    client.destroy();
  }
  const unknown = await RawClient.connect(port.port);
  assert.doesNotMatch(await unknown.upgrade('/letters', ['Sec-WebSocket-Protocol: other']), /Sec-WebSocket-Protocol/);
  assert.equal((await port.nth(++count)).protocol, 'letters');
  unknown.destroy();
});

test('PORT-12 T41 a foreign page gets 403 for every protocol; own pages and programs are accepted', async (t) => {
  const origins = { hosts: ['chat.example.org'], allowOrigins: ['https://web.example.org'] };
  const port = await openTestPort(t, { origins });
  const shake = async (path: string, host: string, origin: string | null) => {
    const client = await RawClient.connect(port.port);
    const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13';
    const from = origin === null ? '' : `Origin: ${origin}\r\n`;
    await client.send(
      `GET ${path} HTTP/1.1\r\nHost: ${host}\r\n${from}Connection: Upgrade\r\nUpgrade: websocket\r\n${key}\r\n\r\n`,
    );
    const status = (await client.until('\r\n\r\n')).slice(9, 12);
    if (status === '403') await client.closed();
    client.destroy();
    return status;
  };
  for (const path of ['/', '/letters', '/numbers']) {
    for (const host of ['127.0.0.1:5000', 'chat.example.org', 'rebound.example']) {
      assert.equal(await shake(path, host, null), '101');
      assert.equal(await shake(path, host, 'https://web.example.org'), '101');
      assert.equal(await shake(path, host, `http://${host}`), host === 'rebound.example' ? '403' : '101');
      assert.equal(await shake(path, host, 'https://evil.example'), '403');
      assert.equal(await shake(path, host, 'null'), '403');
    }
  }
});

/** The answer to the handshake of a page, over plain TCP unless the client is given. */
async function answerTo(client: RawClient, origin: string, host: string, ...more: string[]): Promise<string> {
  const key = ['Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==', 'Sec-WebSocket-Version: 13'];
  const lines = [`Host: ${host}`, `Origin: ${origin}`, 'Connection: Upgrade', 'Upgrade: websocket', ...key, ...more];
  await client.send(Buffer.from(`GET / HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`, 'latin1'));
  const answer = (await client.until('\r\n\r\n')).startsWith('HTTP/1.1 101') ? client.text : await client.closed();
  client.destroy();
  return answer;
}

test('PORT-14 T41 over TLS on our own socket every Host is our own, unless a proxy forwarded the request', async (t) => {
  const port = await openTestPort(t, { certificate: await selfSignedCertificate() });
  const page = ['https://chat.example.org:5000', 'chat.example.org:5000'] as const;
  assert.match(await answerTo(await RawClient.connectTls(port.port), ...page), /^HTTP\/1.1 101 /);
  assert.match(await answerTo(await RawClient.connect(port.port), ...page), /^HTTP\/1.1 403 /);
  for (const header of ['X-Forwarded-For: 192.0.2.1', 'X-Forwarded-Proto: https', 'Forwarded: for=_x', 'Via: 1.1 x']) {
    assert.match(await answerTo(await RawClient.connectTls(port.port), ...page, header), /^HTTP\/1.1 403 /, header);
  }
  const foreign = ['https://evil.example', 'chat.example.org:5000'] as const;
  assert.match(await answerTo(await RawClient.connectTls(port.port), ...foreign), /^HTTP\/1.1 403 /);
});

test('PORT-12 a request without a Host lacks no option, one by a foreign name does', async (t) => {
  const port = await openTestPort(t, {
    handler: (_request, response, { missingOption }) => response.end(`[${missingOption}]`),
  });
  for (const [head, option] of [
    ['GET / HTTP/1.0', null],
    ['GET / HTTP/1.1\r\nHost: localhost', null],
    ['GET / HTTP/1.0\r\nHost: rebound.example', '--public-host rebound.example'],
  ] as const) {
    const client = await RawClient.connect(port.port);
    await client.send(`${head}\r\n\r\n`);
    await client.until(`[${option}]`);
    client.destroy();
  }
});

test('PORT-12 T41 the Origin of draft 8 counts like that of the standard', async (t) => {
  const port = await openTestPort(t);
  for (const [origin, status] of [
    ['https://evil.example', '403'],
    ['http://127.0.0.1', '101'],
  ] as const) {
    const client = await RawClient.connect(port.port);
    const answer = await client.upgrade('/letters', [`Sec-WebSocket-Origin: ${origin}`]);
    assert.equal(answer.slice(9, 12), status);
    client.destroy();
  }
});

test('PORT-65 the 403 is text that names the option which allows the page, over TLS as well', async (t) => {
  const port = await openTestPort(t, { certificate: await selfSignedCertificate() });
  for (const [origin, host, option] of [
    ['http://chat.example.org:5000', 'chat.example.org:5000', '--public-host chat.example.org'],
    ['https://Chat.Example.org', 'chat.example.org', '--public-host chat.example.org'],
    ['https://web.example', 'localhost:5000', '--allow-origin https://web.example'],
    ['capacitor://localhost', 'localhost', '--allow-origin capacitor://localhost'],
    ['file://', 'localhost', '--allow-origin file://'],
    ['null', 'localhost', '--allow-origin null'],
    ['<script>\xe4', 'localhost', '--allow-origin'],
  ] as const) {
    const answer = await answerTo(await RawClient.connect(port.port), origin, host);
    assert.match(answer, /^HTTP\/1.1 403 Forbidden\r\n[^]*Content-Type: text\/plain\r\n[^]*nosniff\r\n/);
    const [, body = ''] = answer.split('\r\n\r\n');
    assert.ok(body.endsWith(`The operator allows it with ${option}\n`), body);
    assert.equal(Number(/Content-Length: (\d+)/.exec(answer)?.[1]), body.length);
  }
  const inTls = await answerTo(await RawClient.connectTls(port.port), 'https://web.example', 'localhost');
  assert.match(inTls, /--allow-origin https:\/\/web\.example\n$/);
});

test('PORT-66 T43 a refused Origin is logged once per address and minute, with Origin, Host and the option', async (t) => {
  const port = await openTestPort(t);
  const come = async (origin: string) => answerTo(await RawClient.connect(port.port), origin, 'localhost:5000');
  for (const origin of ['https://a.example', 'https://b.example', 'null']) await come(origin);
  const fields = { address: '127.0.0.1', host: 'localhost:5000', event: 'origin-refused' };
  const first = { ...fields, origin: 'https://a.example', option: '--allow-origin https://a.example' };
  assert.deepEqual(port.logged, [first]);
  port.clock.advance(60_000);
  await come('\x85\xadevil');
  assert.deepEqual(port.logged, [first, { ...fields, origin: '\x85\xadevil', option: '--allow-origin' }]);
});

test('PORT-61 T41 the host of a target that is a whole URL goes before the header Host', async (t) => {
  const port = await openTestPort(t);
  for (const [host, origin, status] of [
    ['127.0.0.1', 'http://127.0.0.1', '101'],
    ['rebound.example', 'http://127.0.0.1', '403'],
    ['rebound.example', 'http://rebound.example', '403'],
  ] as const) {
    const client = await RawClient.connect(port.port);
    const answer = await client.upgrade(`http://${host}/letters`, [`Origin: ${origin}`]);
    assert.equal(answer.slice(9, 12), status, `${origin} at ${host}`);
    client.destroy();
  }
});

test('PORT-31 T8 compression is never negotiated', async (t) => {
  const port = await openTestPort(t);
  const client = await RawClient.connect(port.port);
  const answer = await client.upgrade('/', ['Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits']);
  assert.match(answer, /^HTTP\/1.1 101 /);
  assert.doesNotMatch(answer, /extensions/i);
  await client.send(Buffer.concat([Buffer.from([0xc1, 0x84, 0, 0, 0, 0]), Buffer.from('abc/')]));
  const close = await client.untilBytes(4);
  assert.equal(close.readUInt16BE(2), 1002);
  client.destroy();
});
