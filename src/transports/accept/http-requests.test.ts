import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import test, { type TestContext } from 'node:test';
import { selfSignedCertificate } from '../../../testing/transports/certificate.ts';
import { openTestPort, type TestPortOptions, USAGE } from '../../../testing/transports/port.ts';
import { clientFrame, RawClient } from '../../../testing/transports/raw-client.ts';

const certificate = await selfSignedCertificate();

/** Answers later, so that a half-close comes before the answer, and says what was asked. */
const handler: RequestListener = (request, response) => {
  let body = '';
  request.setEncoding('utf8').on('data', (text: string) => {
    body += text;
  });
  request.on('end', () => setImmediate(() => response.end(`[${request.method} ${request.url} ${body}]`)));
};

/** Ways to send a request: plain and over TLS, on the port for everything and on one for one protocol. */
async function ways(t: TestContext, options: TestPortOptions = {}) {
  const all = await openTestPort(t, { certificate, handler, ...options });
  const own = await openTestPort(t, { certificate, handler, only: 'letters', ...options });
  const ways = [all, own].flatMap((port) => [
    { port, open: () => RawClient.connect(port.port) },
    { port, open: () => RawClient.connectTls(port.port) },
  ]);
  return ways.map(({ port, open }) => ({
    port,
    open: async () => {
      const client = await open();
      t.after(() => client.destroy());
      return client;
    },
  }));
}

function requestOf(line: string, ...headers: readonly string[]): string {
  return [line, 'Host: localhost', ...headers, '', ''].join('\r\n');
}

const H2C = ['Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA'];
const KEY = ['Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='];

test('PORT-60 an Upgrade to anything but a WebSocket is ignored, and the answer ends the connection', async (t) => {
  for (const { open } of await ways(t)) {
    for (const headers of [
      H2C,
      ['Connection: upgrade', 'Upgrade: TLS/1.0, HTTP/2.0'],
      ['Connection: UPGRADE', 'Upgrade: websockets'],
      ['Connection: Upgrade', 'Upgrade: websocket/13', ...KEY],
      ['Connection: Upgrade', 'Upgrade: '],
    ]) {
      const client = await open();
      await client.send(requestOf('GET /a HTTP/1.1', ...headers));
      assert.match(
        await client.closed(),
        /^HTTP\/1.1 200 OK\r\n[^]*Connection: close\r\n[^]*\[GET \/a \]$/,
        `${headers}`,
      );
    }
  }
});

test('PORT-60 an Upgrade without `Connection: upgrade`, by HTTP/1.0, or by another method than GET is ignored', async (t) => {
  const asking = ['Upgrade: websocket', ...KEY];
  for (const { open } of await ways(t)) {
    for (const [line, body, ...headers] of [
      ['GET /a HTTP/1.1', ''],
      ['GET /a HTTP/1.1', '', 'Connection: keep-alive'],
      ['GET /a HTTP/1.0', '', 'Connection: Upgrade'],
      ['POST /a HTTP/1.1', 'body', 'Connection: Upgrade', 'Content-Length: 4'],
      ['OPTIONS /a HTTP/1.1', '', 'Connection: Upgrade'],
      ['PROPFIND /a HTTP/1.1', '', 'Connection: Upgrade'],
    ] as const) {
      const client = await open();
      await client.send(requestOf(line, ...headers, ...asking) + body);
      assert.match(await client.until(']'), /^HTTP\/1.1 200 OK\r\n/);
      assert.match(client.text, new RegExp(`\\[${line.split(' ')[0]} /a ${body}\\]$`));
    }
    const head = await open();
    await head.send(requestOf('HEAD /a HTTP/1.1', 'Connection: Upgrade', ...asking));
    assert.match(await head.closed(), /^HTTP\/1.1 200 OK\r\n[^]*\r\n\r\n$/);
  }
});

test('PORT-60 a WebSocket is opened in any case of the words, and from a list of protocols', async (t) => {
  for (const { port, open } of await ways(t)) {
    for (const upgrade of ['websocket', 'WebSocket', 'WEBSOCKET', 'h2c, websocket', 'h2c,WebSocket , x/1']) {
      for (const connection of ['Upgrade', 'upgrade', 'keep-alive, Upgrade', 'HTTP2-Settings,UPGRADE']) {
        const before = port.receivers.length;
        const client = await open();
        const headers = [`Connection: ${connection}`, `Upgrade: ${upgrade}`, ...KEY];
        await client.send(requestOf('GET /letters HTTP/1.1', ...headers));
        assert.match(await client.until('\r\n\r\n'), /^HTTP\/1.1 101 /, upgrade);
        await client.send(clientFrame(1, 'abc/1'));
        const end = await port.nth(before + 1);
        await end.until(() => end.text === 'abc/1');
        client.destroy();
      }
    }
  }
});

test('PORT-61 a target may be a whole URL; its path names the protocol of a WebSocket', async (t) => {
  for (const [index, { port, open }] of (await ways(t)).entries()) {
    for (const target of ['http://chat.example/a?b=http://c', 'HTTP://chat.example:80/a?b=http://c']) {
      const client = await open();
      await client.send(requestOf(`GET ${target} HTTP/1.1`));
      assert.ok((await client.until(']')).endsWith(`[GET ${target} ]`));
    }
    for (const [target, protocol] of [
      ['http://chat.example/numbers', 'numbers'],
      ['ws://chat.example/numbers/a?b', 'numbers'],
      ['http://numbers/letters', 'letters'],
    ] as const) {
      const before = port.receivers.length;
      const client = await open();
      await client.send(requestOf(`GET ${target} HTTP/1.1`, 'Connection: Upgrade', 'Upgrade: websocket', ...KEY));
      await client.until('101 Switching Protocols');
      if (port.receivers.length === before) await client.send(clientFrame(1, 'abc/'));
      const end = await port.nth(before + 1);
      assert.equal(end.protocol, index < 2 ? protocol : 'letters');
      client.destroy();
    }
  }
});

test('PORT-62 a client that half-closes after its requests gets every answer, in order', async (t) => {
  for (const { port, open } of await ways(t)) {
    for (const [requests, answers] of [
      [requestOf('GET /a HTTP/1.1'), ['GET /a ']],
      [requestOf('GET /a HTTP/1.1', 'Connection: close'), ['GET /a ']],
      [requestOf('GET /a HTTP/1.0'), ['GET /a ']],
      [requestOf('GET /a HTTP/1.1', ...H2C), ['GET /a ']],
      [requestOf('GET /a HTTP/1.1', 'Content-Length: 4') + 'body', ['GET /a body']],
      [requestOf('POST /a HTTP/1.1', 'Transfer-Encoding: chunked') + '4\r\nbody\r\n0\r\n\r\n', ['POST /a body']],
      [requestOf('POST /a HTTP/1.1', 'Expect: 100-continue', 'Content-Length: 4') + 'body', ['POST /a body']],
      [
        requestOf('GET /a HTTP/1.1') + requestOf('GET /b HTTP/1.1') + requestOf('GET /c HTTP/1.1'),
        ['GET /a ', 'GET /b ', 'GET /c '],
      ],
    ] as const) {
      const client = await open();
      client.socket.end(requests);
      const received = await client.closed();
      assert.deepEqual(received.match(/(?<=\[)[^\]]+(?=\])/g), answers, requests);
    }
    await port.connections(0);
    assert.equal(port.clock.timers, 0);
  }
});

test('PORT-62 a half-close between requests ends the connection, and one within a request is answered 400', async (t) => {
  for (const { port, open } of await ways(t)) {
    const between = await open();
    await between.send(requestOf('GET /a HTTP/1.1'));
    await between.until(']');
    between.clear();
    between.socket.end();
    assert.equal(await between.closed(), '');
    for (const part of [
      requestOf('GET /a HTTP/1.1').slice(0, -2),
      `${requestOf('POST /a HTTP/1.1', 'Content-Length: 4')}bo`,
    ]) {
      const within = await open();
      within.socket.end(part);
      assert.match(await within.closed(), /^HTTP\/1.1 400 Bad Request\r\n/);
    }
    await port.connections(0);
  }
});

test('PORT-62 a half-close before the protocol is known gets the line that says what is spoken', async (t) => {
  const port = await openTestPort(t, { certificate });
  for (const first of ['', 'GE', 'ab', '\x91']) {
    for (const open of [() => RawClient.connect(port.port), () => RawClient.connectTls(port.port)]) {
      const client = await open();
      client.socket.end(Buffer.from(first, 'latin1'));
      assert.equal(await client.closed(), `${USAGE}\n`);
    }
  }
  await port.connections(0);
  assert.equal(port.clock.timers, 0);
});

test('PORT-62 a client of ZeroMQ that ends within the handshake is closed', async (t) => {
  const port = await openTestPort(t);
  const client = await RawClient.connect(port.port);
  await client.send(Buffer.from([0xff, 0]));
  await once(client.socket, 'data');
  client.socket.end();
  await client.closed();
  await port.connections(0);
});

test('PORT-02 a method that nobody knows is answered 400, also with an Upgrade', async (t) => {
  for (const { open } of await ways(t)) {
    for (const headers of [[], H2C]) {
      const client = await open();
      await client.send(requestOf('BREW /a HTTP/1.1', ...headers));
      assert.match(await client.closed(), /^HTTP\/1.1 400 Bad Request\r\n/);
    }
  }
});

test('PORT-63 CONNECT, which asks for a tunnel, is answered 405', async (t) => {
  for (const { open } of await ways(t)) {
    const client = await open();
    await client.send(requestOf('CONNECT chat.example:443 HTTP/1.1'));
    assert.match(await client.closed(), /^HTTP\/1.1 405 Method Not Allowed\r\n[^]*This server is no proxy\.\n$/);
  }
});
