import assert from 'node:assert/strict';
import { Socket } from 'node:net';
import test from 'node:test';
import { selfSignedCertificate } from '../../../testing/transports/certificate.ts';
import { USAGE, openTestPort } from '../../../testing/transports/port.ts';
import { RawClient } from '../../../testing/transports/raw-client.ts';
import { waitForIo } from '../../../testing/condition.ts';

const HELLO = 'abc/hello';

/** Sends the bytes in two parts, the second after the first was read. */
async function sendCut(client: RawClient, bytes: string, cut: number, read: () => Promise<void>): Promise<void> {
  await client.send(Buffer.from(bytes.slice(0, cut), 'latin1'));
  await read();
  await client.send(Buffer.from(bytes.slice(cut), 'latin1'));
}

const certificate = await selfSignedCertificate();

test('PORT-01 PORT-04 a protocol is found from its first bytes, cut anywhere, and gets every byte', async (t) => {
  const port = await openTestPort(t, { certificate });
  let count = 0;
  for (const [bytes, protocol] of [
    ['abc/hello', 'letters'],
    ['\x91\x01rest', 'numbers'],
  ] as const) {
    for (let cut = 1; cut < bytes.length; cut++) {
      const client = await RawClient.connect(port.port);
      await sendCut(client, bytes, cut, waitForIo);
      const end = await port.nth(++count);
      await end.until(() => end.text.length === bytes.length);
      assert.equal(end.text, bytes);
      assert.equal(end.protocol, protocol);
      assert.deepEqual([end.link.kind, end.link.framing, end.link.secure], ['tcp', 'stream', false]);
      client.destroy();
    }
  }
});

test('PORT-05 a byte order mark before the first bytes is skipped, cut anywhere, plain, inside TLS and on a port of one protocol', async (t) => {
  const mark = '\xef\xbb\xbf';
  for (const only of [undefined, 'letters']) {
    const port = await openTestPort(t, { certificate, ...(only && { only }) });
    let count = 0;
    for (const connect of [RawClient.connect, RawClient.connectTls])
      for (let cut = 1; cut < mark.length + 4; cut++) {
        const client = await connect(port.port);
        await sendCut(client, `${mark}${HELLO}${mark}`, cut, waitForIo);
        const end = await port.nth(++count);
        await end.until(() => end.text.length === HELLO.length + mark.length);
        assert.deepEqual([end.text, end.protocol], [`${HELLO}${mark}`, 'letters'], `cut at ${cut}`);
        client.destroy();
      }
  }
  const port = await openTestPort(t);
  const numbers = await RawClient.connect(port.port);
  await numbers.send(Buffer.from(`${mark}\x91\x01`, 'latin1'));
  const end = await port.nth(1);
  await end.until(() => end.text.length === 2);
  assert.equal(end.protocol, 'numbers');
  const nothing = await RawClient.connect(port.port);
  await nothing.send(Buffer.from(`${mark}hello`, 'latin1'));
  assert.match(await nothing.closed(), new RegExp(`^${USAGE}`));
  numbers.destroy();
});

test('PORT-01 HTTP is found from its first bytes, cut anywhere', async (t) => {
  const port = await openTestPort(t, { certificate });
  const request = 'GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';
  for (let cut = 1; cut < request.length; cut++) {
    const client = await RawClient.connect(port.port);
    await sendCut(client, request, cut, waitForIo);
    assert.match(await client.closed(), /^HTTP\/1.1 200 OK.*a page$/s);
  }
});

test('PORT-01 HTTP is detected before any protocol', async (t) => {
  const port = await openTestPort(t, {
    protocols: [{ name: 'all', sniff: () => 'yes', frames: 'text', zeromq: false }],
  });
  const client = await RawClient.connect(port.port);
  await client.send('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await client.until('a page');
  client.destroy();
});

test('PORT-06 TLS and plain connections share the port; inside TLS detection starts again', async (t) => {
  const port = await openTestPort(t, { certificate });
  const plain = await RawClient.connect(port.port);
  await plain.send(HELLO);
  const first = await port.nth(1);
  const encrypted = await RawClient.connectTls(port.port);
  await sendCut(encrypted, HELLO, 2, waitForIo);
  const second = await port.nth(2);
  await second.until(() => second.text === HELLO);
  assert.deepEqual([first.link.secure, second.link.secure], [false, true]);
  assert.equal(second.link.address, '127.0.0.1');
  second.link.write(second.link.frame(Buffer.from('answer')));
  await encrypted.until('answer');
  const page = await RawClient.connectTls(port.port);
  await page.send('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await page.until('a page');
  for (const client of [plain, encrypted, page]) client.destroy();
});

test('PORT-100 new TLS connections get the renewed certificate, open ones stay, and an unfit one changes nothing', async (t) => {
  const port = await openTestPort(t, { certificate });
  const renewed = await selfSignedCertificate();
  const open = await RawClient.connectTls(port.port, { ca: certificate.cert, rejectUnauthorized: true });
  await open.send(HELLO);
  assert.throws(() => port.renewCertificate({ cert: renewed.cert, key: certificate.key }));
  const old = await RawClient.connectTls(port.port, { ca: certificate.cert, rejectUnauthorized: true });
  port.renewCertificate(renewed);
  const later = await RawClient.connectTls(port.port, { ca: renewed.cert, rejectUnauthorized: true });
  await open.send(HELLO);
  const end = await port.nth(1);
  await end.until(() => end.text === HELLO + HELLO);
  for (const client of [open, old, later]) client.destroy();
});

test('PORT-100 a port without a certificate takes none later', async (t) => {
  const port = await openTestPort(t);
  port.renewCertificate(certificate);
  await assert.rejects(RawClient.connectTls(port.port));
});

test('PORT-06 a ClientHello may come in pieces; TLS below 1.2 is refused, and TLS without a certificate is unknown', async (t) => {
  const port = await openTestPort(t, { certificate });
  await assert.rejects(
    RawClient.connectTls(port.port, { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }),
    { code: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION' },
  );
  const broken = await RawClient.connect(port.port);
  await sendCut(broken, '\x16\x03\x01\x00\x05\xff\xff\xff\xff\xff', 1, waitForIo);
  await broken.closed();
  await port.connections(0);
  const plain = await openTestPort(t);
  const unknown = await RawClient.connect(plain.port);
  await unknown.send(Buffer.from('\x16\x03\x01\x00\x05', 'latin1'));
  assert.equal(await unknown.closed(), `${USAGE}\n`);
});

test('PORT-07 an unknown client gets one line that says what the port speaks, then the end', async (t) => {
  const port = await openTestPort(t);
  for (const first of ['hello\r\n', ' ', '\x00', 'x'.repeat(100_000)]) {
    const client = await RawClient.connect(port.port);
    await client.send(first);
    assert.equal(await client.closed(), `${USAGE}\n`);
  }
  assert.equal(port.receivers.length, 0);
  await port.connections(0);
});

test('PORT-10 a port for one protocol gives it everything that is neither TLS nor HTTP', async (t) => {
  const port = await openTestPort(t, { certificate, only: 'letters' });
  const odd = await RawClient.connect(port.port);
  await odd.send('\x91\x01');
  assert.equal((await port.nth(1)).protocol, 'letters');
  const encrypted = await RawClient.connectTls(port.port);
  await encrypted.send('?');
  assert.equal((await port.nth(2)).link.secure, true);
  const page = await RawClient.connect(port.port);
  await page.send('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await page.until('a page');
  for (const client of [odd, encrypted, page]) client.destroy();
  await assert.rejects(openTestPort(t, { only: 'nothing' }), /unknown protocol nothing/);
});

test('PORT-17 T29 a stream whose protocol is not known after 30 s gets the line that says what is spoken here, also inside TLS', async (t) => {
  const port = await openTestPort(t, { certificate });
  const silent = await RawClient.connect(port.port);
  const undecided = await RawClient.connect(port.port);
  const encrypted = await RawClient.connectTls(port.port);
  const quiet = await RawClient.connectTls(port.port);
  const half = await RawClient.connect(port.port);
  const clear = await RawClient.connect(port.port);
  await undecided.send('ab');
  await encrypted.send('ab');
  await half.send('\x16\x03\x01');
  await clear.send(HELLO);
  await port.nth(1);
  await waitForIo();
  port.clock.advance(29_999);
  assert.equal(port.admission.connections, 6);
  port.clock.advance(1);
  for (const client of [silent, undecided, encrypted, quiet]) assert.equal(await client.closed(), `${USAGE}\n`);
  assert.equal(await half.closed(), '', 'no line fits into a handshake');
  await port.connections(1);
  assert.equal(clear.socket.closed, false);
  clear.destroy();
});

test('PORT-17 T29 on a port of one protocol a silent stream is given to the protocol after 60 s', async (t) => {
  const port = await openTestPort(t, { only: 'letters', certificate });
  const clients = [await RawClient.connect(port.port), await RawClient.connectTls(port.port)];
  await waitForIo();
  port.clock.advance(59_999);
  await waitForIo();
  assert.equal(port.receivers.length, 0);
  port.clock.advance(1);
  const ends = [await port.nth(1), await port.nth(2)];
  for (const { protocol, link } of ends) assert.deepEqual([protocol, link.openedAt], ['letters', 0]);
  for (const client of clients) client.destroy();
});

test('PORT-18 T29 a port enforces the limits by address: connections, those without a login, new ones a minute', async (t) => {
  const limits = { exemptLoopback: false, perAddress: 4, unauthenticatedPerAddress: 2, newPerMinute: 6 };
  const port = await openTestPort(t, { admissionLimits: limits });
  const enter = async (count: number) => {
    const client = await RawClient.connect(port.port);
    await client.send(HELLO);
    (await port.nth(count)).link.loggedIn();
    return client;
  };
  const first = await RawClient.connect(port.port);
  const second = await RawClient.connect(port.port);
  await port.connections(2);
  const tooManyWithoutLogin = await RawClient.connect(port.port);
  assert.equal(await tooManyWithoutLogin.closed(), '');
  await first.send(HELLO);
  (await port.nth(1)).link.loggedIn();
  await second.send(HELLO);
  (await port.nth(2)).link.loggedIn();
  const third = await enter(3);
  const fourth = await enter(4);
  const tooMany = await RawClient.connect(port.port);
  assert.equal(await tooMany.closed(), '');
  for (const client of [first, second, third, fourth]) client.destroy();
  await port.connections(0);
  await enter(5).then((client) => client.destroy());
  await enter(6).then((client) => client.destroy());
  await port.connections(0);
  const tooFast = await RawClient.connect(port.port);
  assert.equal(await tooFast.closed(), '');
  port.clock.advance(60_000);
  await enter(7).then((client) => client.destroy());
});

/** Connections in the flood; the full test has 5,000 and needs twice as many file descriptors. */
const HALF_OPEN = Number(process.env.HALF_OPEN ?? 300);
test('T29 PORT-17 many silent connections do not keep an honest one out, and their file descriptors are freed', async (t) => {
  const port = await openTestPort(t);
  const silent: RawClient[] = [];
  for (let count = 0; count < HALF_OPEN; count++) silent.push(await RawClient.connect(port.port));
  await port.connections(HALF_OPEN);
  const honest = await RawClient.connect(port.port);
  await honest.send(HELLO);
  const end = await port.nth(1);
  await end.until(() => end.text === HELLO);
  port.clock.advance(30_000);
  await Promise.all(silent.map((client) => client.closed()));
  await port.connections(1);
  honest.destroy();
});

test('PORT-25 every connection has TCP_NODELAY and keepalive', async (t) => {
  const noDelay = t.mock.method(Socket.prototype, 'setNoDelay');
  const keepAlive = t.mock.method(Socket.prototype, 'setKeepAlive');
  const port = await openTestPort(t);
  const client = await RawClient.connect(port.port);
  await port.connections(1);
  const asked = (calls: typeof noDelay.mock.calls | typeof keepAlive.mock.calls) =>
    calls
      .filter(({ this: socket }) => socket instanceof Socket && socket.localPort === port.port)
      .map((call) => call.arguments);
  assert.deepEqual(asked(noDelay.mock.calls), [[true]]);
  assert.deepEqual(asked(keepAlive.mock.calls), [[true, 30_000]]);
  client.destroy();
});

test('PORT-38 a port that stops accepting keeps its connections; a closed one ends them', async (t) => {
  const port = await openTestPort(t);
  const client = await RawClient.connect(port.port);
  await client.send(HELLO);
  const end = await port.nth(1);
  port.stopAccepting();
  await assert.rejects(RawClient.connect(port.port), { code: 'ECONNREFUSED' });
  await client.send('still here');
  await end.until(() => end.text === `${HELLO}still here`);
  await port.close();
  await client.closed();
  assert.equal(end.closings, 1);
  await port.close();
});

test('PORT-38 opening a port that is in use fails with the reason', async (t) => {
  const port = await openTestPort(t);
  await assert.rejects(openTestPort(t, { port: port.port }), { code: 'EADDRINUSE' });
});
