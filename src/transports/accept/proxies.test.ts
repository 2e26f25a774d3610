import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { AddressRanges } from '../address-ranges.ts';
import { waitForIo } from '../../../testing/condition.ts';
import { selfSignedCertificate } from '../../../testing/transports/certificate.ts';
import { openTestPort, type TestPort, type TestPortOptions, USAGE } from '../../../testing/transports/port.ts';
import { proxyHeader2, proxyHeader4 } from '../../../testing/transports/proxy-header.ts';
import { clientFrame, RawClient } from '../../../testing/transports/raw-client.ts';
import { DEALER_READY, peerGreeting } from '../../../testing/transports/zmtp.ts';

const certificate = await selfSignedCertificate();
const VISITOR = '192.0.2.7';
const OTHER = '192.0.2.8';
const STRANGER = '127.0.0.2';
const LIMITED = { exemptLoopback: false, perAddress: 2, unauthenticatedPerAddress: 2, newPerMinute: 1_000 };

/** A port whose handler says for whom it answers, behind proxies at 127.0.0.1 and in 10.0.0.0/8. */
function openProxiedPort(t: TestContext, options: TestPortOptions = {}): Promise<TestPort> {
  return openTestPort(t, {
    certificate,
    proxies: new AddressRanges(['127.0.0.1', '10.0.0.0/8']),
    handler: (_request, response, { address }) => response.end(`[${address}]`),
    ...options,
  });
}

function line(source: string): Buffer {
  return Buffer.from(`PROXY TCP4 ${source} 127.0.0.1 12345 5000\r\n`);
}

function get(...headers: readonly string[]): string {
  return ['GET / HTTP/1.1', 'Host: localhost', ...headers, '', ''].join('\r\n');
}

async function open(t: TestContext, port: TestPort, first: Uint8Array | string = ''): Promise<RawClient> {
  const client = await RawClient.connect(port.port);
  t.after(() => client.destroy());
  if (first.length > 0) await client.send(first);
  return client;
}

/** The answer to a WebSocket's handshake with these headers. */
async function shake(t: TestContext, port: TestPort, ...headers: readonly string[]): Promise<string> {
  return (await open(t, port)).upgrade('/letters', headers);
}

test('PORT-73 T50 a proxy names the client before TLS, HTTP, WebSockets, ZeroMQ and protocols, on every port', async (t) => {
  const zmtp = Buffer.concat([peerGreeting(), DEALER_READY]);
  for (const only of [{}, { only: 'numbers' }, { zeromqOnly: true }]) {
    const port = await openProxiedPort(t, only);
    let count = 0;
    for (const header of [line(VISITOR), proxyHeader4(VISITOR)]) {
      const next = async (secure: boolean, kind: string) => {
        const { link } = await port.nth(++count);
        assert.deepEqual([link.address, link.secure, link.kind], [VISITOR, secure, kind]);
      };
      await open(t, port, Buffer.concat([header, zmtp]));
      await next(false, 'zmtp');
      if ('zeromqOnly' in only) continue;
      await open(t, port, Buffer.concat([header, Buffer.from('\x91\x01', 'latin1')]));
      await next(false, 'tcp');
      const inTls = await RawClient.connectTls(port.port, {}, header);
      await inTls.send(Buffer.from('\x91\x01', 'latin1'));
      await next(true, 'tcp');
      for (const client of [await open(t, port, header), await RawClient.connectTls(port.port, {}, header)]) {
        await client.send(get());
        await client.until(`[${VISITOR}]`);
        client.clear();
        assert.match(await client.upgrade('/numbers'), /^HTTP\/1.1 101 /);
        await next('encrypted' in client.socket, 'websocket-binary');
        client.destroy();
      }
      inTls.destroy();
    }
  }
});

test('PORT-19 a client of IPv6 counts by its first 64 bits behind a proxy too', async (t) => {
  const port = await openProxiedPort(t);
  const network = '2001:db8:1:2::/64';
  const v6 = proxyHeader2(
    0x21,
    0x21,
    Buffer.from(`20010db8000100020003000400050006${'00'.repeat(15)}0104d20050`, 'hex'),
  );
  for (const [header, address] of [
    ['PROXY TCP6 2001:db8:1:2:3:4:5:6 ::1 1234 80\r\n', network],
    [v6.toString('latin1'), network],
    ['PROXY TCP6 ::ffff:192.0.2.7 ::1 1234 80\r\n', VISITOR],
  ] as const) {
    const client = await open(t, port, Buffer.from(`${header}${get()}`, 'latin1'));
    await client.until(`[${address}]`);
  }
  const byHeader = await open(t, port, get('X-Forwarded-For: [2001:DB8:1:2::9]:443'));
  await byHeader.until(`[${network}]`);
});

test('PORT-73 T50 the header may be cut at every byte, and what follows it is delivered whole', async (t) => {
  const port = await openProxiedPort(t, { admissionLimits: { newPerMinute: 1_000, unauthenticatedPerAddress: 1_000 } });
  let count = 0;
  for (const header of [line(VISITOR), proxyHeader4(VISITOR), proxyHeader2(0x20, 0, Buffer.from('skipped'))]) {
    const bytes = Buffer.concat([header, Buffer.from('abc/hello')]);
    for (let cut = 1; cut < bytes.length; cut++) {
      const client = await open(t, port, bytes.subarray(0, cut));
      await waitForIo();
      await client.send(bytes.subarray(cut));
      const end = await port.nth(++count);
      await end.until(() => end.text === 'abc/hello');
      assert.equal(end.link.address, header[12] === 0x20 ? '127.0.0.1' : VISITOR);
      client.destroy();
    }
  }
  const slow = await open(t, port);
  for (const byte of Buffer.concat([proxyHeader4(OTHER), Buffer.from('abc/')])) {
    await slow.send(Buffer.from([byte]));
    await waitForIo();
  }
  assert.equal((await port.nth(++count)).link.address, OTHER);
  assert.equal(port.clock.timers, 1, 'the one of all open streams');
});

test('PORT-73 T50 from a stranger, a header of the PROXY protocol is no protocol, and X-Forwarded-For nothing', async (t) => {
  const port = await openProxiedPort(t);
  const own = await openProxiedPort(t, { only: 'letters' });
  let count = 0;
  for (const header of [line(VISITOR), proxyHeader4(VISITOR), Buffer.from('PROXY UNKNOWN\r\n')]) {
    const client = await RawClient.connect(port.port, '127.0.0.1', STRANGER);
    await client.send(Buffer.concat([header, Buffer.from('abc/')]));
    assert.equal(await client.closed(), `${USAGE}\n`);
    const toOwn = await RawClient.connect(own.port, '127.0.0.1', STRANGER);
    await toOwn.send(header);
    const end = await own.nth(++count);
    await end.until(() => end.text === header.toString('latin1'));
    assert.equal(end.link.address, STRANGER);
    toOwn.destroy();
  }
  const client = await RawClient.connect(port.port, '127.0.0.1', STRANGER);
  await client.send(get(`X-Forwarded-For: ${VISITOR}`));
  await client.until(`[${STRANGER}]`);
  await client.upgrade('/letters', [`X-Forwarded-For: ${VISITOR}`, 'X-Forwarded-Proto: https']);
  const { link } = await port.nth(1);
  assert.deepEqual([link.address, link.secure], [STRANGER, false]);
  client.destroy();
});

test('PORT-74 T50 a trusted proxy may name another one, whose word then counts; a client that it names is no proxy', async (t) => {
  const port = await openProxiedPort(t);
  const forwarded = `X-Forwarded-For: ${VISITOR}`;
  await (await open(t, port, Buffer.concat([line('10.0.0.1'), line(VISITOR), Buffer.from('abc/')]))).send('');
  assert.equal((await port.nth(1)).link.address, VISITOR);
  await (await open(t, port, Buffer.concat([line('10.0.0.1'), Buffer.from(get(forwarded))]))).until(`[${VISITOR}]`);
  await (await open(t, port, Buffer.concat([line(OTHER), Buffer.from(get(forwarded))]))).until(`[${OTHER}]`);
  const twice = await open(t, port, Buffer.concat([line(OTHER), line(VISITOR)]));
  assert.equal(await twice.closed(), `${USAGE}\n`);
});

test('PORT-74 one connection of a proxy carries requests of several clients', async (t) => {
  const port = await openProxiedPort(t);
  const client = await open(t, port);
  for (const address of [VISITOR, OTHER, VISITOR]) {
    await client.send(get(`X-Forwarded-For: ${address}`));
    await client.until(`[${address}]`);
    client.clear();
  }
  await client.send(get());
  await client.until('[127.0.0.1]');
  await client.upgrade('/letters', [`X-Forwarded-For: 198.51.100.1`, `X-Forwarded-For: ${OTHER}`]);
  assert.equal((await port.nth(1)).link.address, OTHER);
});

test('PORT-76 T41 T50 the scheme secures a WebSocket, and the host is compared with its Origin', async (t) => {
  const port = await openProxiedPort(t, { origins: { hosts: ['chat.example.org'], allowOrigins: [] } });
  const page = ['Origin: https://chat.example.org', 'X-Forwarded-Host: chat.example.org'];
  assert.match(await shake(t, port, ...page, 'X-Forwarded-Proto: https'), /^HTTP\/1.1 101 /);
  assert.match(await shake(t, port, ...page, 'X-Forwarded-Proto: http'), /^HTTP\/1.1 101 /);
  assert.deepEqual([(await port.nth(1)).link.secure, (await port.nth(2)).link.secure], [true, false]);
  for (const headers of [
    ['Origin: https://chat.example.org', 'X-Forwarded-Host: other.example.org'],
    ['Origin: https://chat.example.org'],
    ['Origin: https://rebound.example', 'X-Forwarded-Host: rebound.example', 'X-Forwarded-Proto: https'],
  ]) {
    assert.match(await shake(t, port, `X-Forwarded-For: ${VISITOR}`, ...headers), /^HTTP\/1.1 403 /, `${headers}`);
  }
  assert.equal(port.logged[0]?.address, VISITOR);
  const stranger = await RawClient.connect(port.port, '127.0.0.1', STRANGER);
  assert.match(await stranger.upgrade('/', page), /^HTTP\/1.1 403 /);
  stranger.destroy();
});

test('PORT-77 T30 T50 a header that is invalid, or not complete after 5 s, ends the connection and is logged', async (t) => {
  const port = await openProxiedPort(t);
  for (const header of [
    'PROXY TCP4 nobody\r\n',
    `PROXY ${'x'.repeat(200)}`,
    proxyHeader2(0x21, 0x11, Buffer.alloc(0), 65_535),
  ]) {
    assert.equal(await (await open(t, port, header)).closed(), '');
  }
  const refusal = { event: 'proxy-header-refused', address: '127.0.0.1' };
  assert.deepEqual(port.logged, [{ ...refusal, reason: 'the line is malformed' }]);
  port.clock.advance(60_000);
  const slow = await Promise.all(
    [line(VISITOR).subarray(0, 20), proxyHeader4(VISITOR).subarray(0, 14)].map((part) => open(t, port, part)),
  );
  await waitForIo();
  port.clock.advance(4_999);
  await waitForIo();
  assert.equal(port.admission.connections, 2);
  port.clock.advance(1);
  for (const client of slow) assert.equal(await client.closed(), '');
  await port.connections(0);
  assert.deepEqual(port.logged.slice(1), [{ ...refusal, reason: 'it was not complete after 5 s' }]);
  assert.equal(port.clock.timers, 0);
});

test('PORT-78 T29 T50 behind a proxy each client has its own limits, by the PROXY protocol', async (t) => {
  const port = await openProxiedPort(t, { admissionLimits: LIMITED });
  let count = 0;
  for (const header of [line, proxyHeader4]) {
    for (const visitor of ['198.51.100.1', '198.51.100.2', '198.51.100.3']) {
      const first = Buffer.concat([header(visitor), Buffer.from('abc/')]);
      const clients = [await open(t, port, first), await open(t, port, first)];
      await port.nth((count += 2));
      assert.equal(await (await open(t, port, first)).closed(), '');
      assert.equal(await (await open(t, port, header(visitor))).closed(), '');
      for (const client of clients) client.destroy();
    }
    await port.connections(0);
  }
  assert.deepEqual(port.logged[0], {
    event: 'connection-refused',
    address: '198.51.100.1',
    reason: 'too many connections',
  });
  assert.equal(port.logged.length, 3);
});

test('PORT-78 T29 T50 behind a proxy each client has its own limits, by X-Forwarded-For; a refused WebSocket gets 503', async (t) => {
  const port = await openProxiedPort(t, { admissionLimits: LIMITED });
  for (const visitor of ['198.51.100.1', '198.51.100.2', 'unknown']) {
    const come = () => shake(t, port, `X-Forwarded-For: 203.0.113.1, ${visitor}`);
    assert.match(await come(), /^HTTP\/1.1 101 /);
    assert.match(await come(), /^HTTP\/1.1 101 /);
    assert.match(await come(), /^HTTP\/1.1 503 Service Unavailable\r\n/);
  }
  for (const { link } of port.receivers) link.loggedIn();
  assert.match(await shake(t, port, 'X-Forwarded-For: 198.51.100.1'), /^HTTP\/1.1 503 /);
  port.receivers[0]?.link.end('done', '');
  await port.connections(5);
  assert.match(await shake(t, port, 'X-Forwarded-For: 198.51.100.1'), /^HTTP\/1.1 101 /);
});

test('PORT-78 T29 the proxy is not limited as one client, but a connection that names nobody is the proxy itself', async (t) => {
  const port = await openProxiedPort(t, { admissionLimits: LIMITED });
  const idle = await Promise.all(Array.from({ length: 10 }, () => open(t, port, get())));
  for (const client of idle) await client.until('[127.0.0.1]');
  for (const header of ['', 'PROXY UNKNOWN\r\n']) {
    const two = [await open(t, port, `${header}abc/`), await open(t, port, `${header}abc/`)];
    await waitForIo();
    assert.equal(await (await open(t, port, `${header}abc/`)).closed(), '');
    assert.match(await shake(t, port), /^HTTP\/1.1 503 /);
    for (const client of two) client.destroy();
    await port.connections(10);
  }
  await port.nth(4);
  const zmtp = Buffer.concat([peerGreeting(), DEALER_READY]);
  for (let count = 0; count < 2; count++) await open(t, port, zmtp);
  await port.nth(6);
  await (await open(t, port, zmtp)).closed();
  assert.equal(port.receivers.length, 6);
});

test('PORT-21 T37 a full server refuses connections of proxies too', async (t) => {
  const port = await openProxiedPort(t, { admissionLimits: { connections: 1 } });
  const first = await open(t, port, line(VISITOR));
  await port.connections(1);
  assert.equal(await (await open(t, port)).closed(), '');
  assert.deepEqual(port.logged, [{ event: 'connection-refused', address: '127.0.0.1', reason: 'server full' }]);
  first.destroy();
});

test('PORT-62 PORT-67 a proxied connection that half-closes, or that its port ends, gets the line that says what is spoken', async (t) => {
  const port = await openProxiedPort(t);
  const halfClosed = await open(t, port);
  halfClosed.socket.end(line(VISITOR));
  assert.equal(await halfClosed.closed(), `${USAGE}\n`);
  const asked = await open(t, port);
  asked.socket.end(Buffer.concat([line(VISITOR), Buffer.from(get())]));
  assert.match(await asked.closed(), new RegExp(`\\[${VISITOR}\\]$`.replaceAll('.', '\\.')));
  const silent = await open(t, port, proxyHeader4(VISITOR));
  const within = await open(t, port, 'PROXY TCP4 ');
  await port.connections(2);
  await waitForIo();
  const ended = port.end();
  assert.equal(await silent.closed(), `${USAGE}\n`);
  assert.equal(await within.closed(), '');
  await ended;
});

test('PORT-08 a WebSocket behind a proxy that names no protocol is found by its first message', async (t) => {
  const port = await openProxiedPort(t);
  const client = await open(t, port, line(VISITOR));
  await client.upgrade('/');
  await client.send(clientFrame(1, 'abc/1'));
  const { link, protocol } = await port.nth(1);
  assert.deepEqual([protocol, link.address, link.kind], ['letters', VISITOR, 'websocket-text']);
});
