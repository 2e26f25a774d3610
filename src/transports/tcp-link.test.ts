import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Socket } from 'node:net';
import test, { type TestContext } from 'node:test';
import { selfSignedCertificate } from '../../testing/transports/certificate.ts';
import { openTestPort, type TestPortOptions } from '../../testing/transports/port.ts';
import { RawClient } from '../../testing/transports/raw-client.ts';
import { waitForIo } from '../../testing/condition.ts';

const certificate = await selfSignedCertificate();
const MEBIBYTE = Buffer.alloc(1024 * 1024, 'x');

/** A client, and the server's end of its connection once its protocol is known. */
async function connected(t: TestContext, options: TestPortOptions = {}) {
  const port = await openTestPort(t, options);
  const client = await (options.certificate ? RawClient.connectTls(port.port) : RawClient.connect(port.port));
  await client.send('abc/');
  const end = await port.nth(1);
  t.after(() => client.destroy());
  return { port, client, end, link: end.link };
}

test('PORT-26 one write of a link is one write of its socket, with the same bytes', async (t) => {
  const { client, link } = await connected(t);
  const write = t.mock.method(Socket.prototype, 'write');
  const framed = link.frame(Buffer.from('one message'));
  link.write(framed);
  await client.until('one message');
  assert.equal(write.mock.callCount(), 1);
  assert.equal(write.mock.calls[0]?.arguments[0], framed);
});

for (const [carrier, options] of [
  ['TCP', {}],
  ['TLS', { certificate }],
] as const) {
  test(`PORT-27 T31 over ${carrier} the unsent bytes grow while the peer does not read, and drain when it reads again`, async (t) => {
    const { client, end, link } = await connected(t, options);
    client.socket.pause();
    let written = 0;
    while (link.unsentBytes < 4 * MEBIBYTE.length) {
      link.write(MEBIBYTE);
      written += MEBIBYTE.length;
      await waitForIo();
    }
    const drains = end.drains;
    client.socket.resume();
    await end.until(() => end.drains > drains);
    assert.equal(link.unsentBytes, 0);
    await client.untilBytes(written);
    assert.equal(end.drains, drains + 1);
  });
}

test('PORT-27 `drained` does not come if no write had to wait', async (t) => {
  const { client, end, link } = await connected(t);
  for (const text of ['one', 'two', 'three']) {
    link.write(Buffer.from(text));
    assert.equal(link.unsentBytes, 0);
    await client.until(text);
  }
  assert.equal(end.drains, 0);
});

test('PORT-27 writes past the link are not counted as unsent', async (t) => {
  const write = t.mock.method(Socket.prototype, 'write');
  const { client, link, port } = await connected(t);
  link.write(Buffer.from('mine'));
  await client.until('mine');
  const socket = write.mock.calls
    .map(({ this: writer }) => writer)
    .find((writer) => writer instanceof Socket && writer.localPort === port.port);
  assert.ok(socket instanceof Socket);
  client.socket.pause();
  while (socket.writableLength === 0) socket.write(MEBIBYTE);
  assert.equal(link.unsentBytes, 0);
});

test('PORT-28 after the end of a stream, writes are ignored and only `closed` comes', async (t) => {
  const { client, end, link } = await connected(t);
  await end.until(() => end.text === 'abc/');
  link.write(Buffer.from('last words'));
  link.end('done', 'bye');
  link.end('broken', 'again');
  link.write(Buffer.from(' and more'));
  client.socket.write('too late');
  assert.equal(await client.closed(), 'last words');
  await end.until(() => end.closings > 0);
  assert.equal(end.text, 'abc/');
  assert.equal(end.signs, 1);
});

test('PORT-28 T31 `drained` does not come after the end of a stalled stream', async (t) => {
  const { client, end, link } = await connected(t);
  client.socket.pause();
  while (link.unsentBytes === 0) link.write(MEBIBYTE);
  const drains = end.drains;
  link.end('too-slow', '');
  client.socket.resume();
  await end.until(() => end.closings > 0);
  assert.equal(end.drains, drains);
});

test('PORT-29 T31 a stalled stream is destroyed 2 s after its end', async (t) => {
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
  assert.equal(port.clock.timers, 0);
});

test('PORT-29 the last bytes of a stream arrive, whatever the peer still sends', async (t) => {
  const { client, end, link } = await connected(t);
  link.pause();
  for (let count = 0; count < 8; count++) client.socket.write(MEBIBYTE);
  await waitForIo();
  link.write(Buffer.from('last words'));
  link.end('removed', '');
  assert.equal(await client.closed(), 'last words');
  await end.until(() => end.closings > 0);
});

test('PORT-39 `closed` comes once for a stream, whether the peer ends, resets, or both sides end', async (t) => {
  for (const leave of ['end', 'resetAndDestroy', 'destroy'] as const) {
    const { port, client, end, link } = await connected(t);
    client.socket[leave]();
    await end.until(() => end.closings > 0);
    link.write(Buffer.from('into the void'));
    link.end('done', '');
    await waitForIo();
    port.clock.advance(2_000);
    assert.equal(end.closings, 1, leave);
    assert.equal(port.clock.timers, 0, leave);
  }
});

for (const [carrier, options] of [
  ['TCP', {}],
  ['TLS', { certificate }],
] as const) {
  test(`PORT-43 over ${carrier} a half-close is reported after all data, and the peer still reads`, async (t) => {
    const { client, end, link } = await connected(t, options);
    await end.until(() => end.text === 'abc/');
    link.pause();
    end.lastWords = 'read to the end';
    client.socket.end('the last');
    await waitForIo();
    assert.equal(end.text, 'abc/');
    link.resume();
    assert.equal(await client.closed(), 'read to the end');
    assert.equal(end.text, 'abc/the last');
    await end.until(() => end.closings > 0);
    assert.equal(end.closings, 1);
  });
}

test('PORT-33 a paused stream delivers nothing until it is resumed', async (t) => {
  const { client, end, link } = await connected(t);
  await end.until(() => end.text === 'abc/');
  link.pause();
  await client.send('held');
  await waitForIo();
  assert.equal(end.text, 'abc/');
  link.resume();
  await end.until(() => end.text === 'abc/held');
});

test('PORT-41 logging in on a link counts once', async (t) => {
  const limits = { exemptLoopback: false, unauthenticatedPerAddress: 1 };
  const { port, link } = await connected(t, { admissionLimits: limits });
  assert.equal(link.address, '127.0.0.1');
  assert.equal(port.admission.admit(link.address), null);
  link.loggedIn();
  link.loggedIn();
  assert.notEqual(port.admission.admit(link.address), null);
  assert.equal(port.admission.admit(link.address), null);
});

test('PORT-44 a stream cannot be asked; its bytes are a sign of life', async (t) => {
  const { end, link } = await connected(t);
  assert.deepEqual([link.ask(), link.isSilent], [false, false]);
  await end.until(() => end.signs === 1);
});

test('PORT-45 on a stream a probe is proved if the link still lives 60 s after the bytes have left', async (t) => {
  const { port, client, end, link } = await connected(t);
  await end.until(() => end.text === 'abc/');
  assert.equal(link.probe(), 1);
  port.clock.advance(59_999);
  await client.send('a frame');
  await end.until(() => end.text === 'abc/a frame');
  assert.deepEqual(end.proofs, []);
  port.clock.advance(1);
  assert.deepEqual(end.proofs, [1]);
  client.socket.pause();
  while (link.unsentBytes === 0) link.write(MEBIBYTE);
  const { drains } = end;
  link.probe();
  port.clock.advance(60_000);
  client.socket.resume();
  await end.until(() => end.drains > drains);
  port.clock.advance(59_999);
  assert.deepEqual(end.proofs, [1], 'the time counts from when the bytes have left');
  port.clock.advance(1);
  assert.deepEqual(end.proofs, [1, 2]);
  link.probe();
  client.socket.resetAndDestroy();
  await end.until(() => end.closings > 0);
  port.clock.advance(60_000);
  assert.deepEqual(end.proofs, [1, 2]);
});

for (const [carrier, options] of [
  ['TCP', {}],
  ['TLS', { certificate }],
] as const) {
  test(`PORT-42 over ${carrier} the end of a peer that answers ours proves the last probe; an earlier end and a reset do not`, async (t) => {
    const endings = {
      answer: ({ link }) => link.end('done', ''),
      'end first': ({ client }) => client.socket.end(),
      reset: ({ client }) => client.socket.resetAndDestroy(),
    } satisfies Record<string, (one: Awaited<ReturnType<typeof connected>>) => void>;
    for (const [how, end] of Object.entries(endings)) {
      if (how === 'reset' && carrier === 'TLS') continue; // Node cannot reset it.
      const one = await connected(t, options);
      await one.end.until(() => one.end.text === 'abc/');
      one.link.write(Buffer.from('words'));
      one.link.probe();
      end(one);
      await one.end.until(() => one.end.closings > 0);
      assert.deepEqual(one.end.proofs, how === 'answer' ? [1] : [], how);
    }
  });
}

test('PORT-42 a peer that closed before it got the last bytes proves nothing, although its end comes after ours', async (t) => {
  const { client, end, link } = await connected(t);
  await end.until(() => end.text === 'abc/');
  link.pause();
  client.socket.destroy();
  await once(client.socket, 'close');
  link.write(Buffer.from('unseen'));
  link.probe();
  link.end('done', '');
  await end.until(() => end.closings > 0);
  assert.deepEqual(end.proofs, []);
});
