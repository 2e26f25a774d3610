import assert from 'node:assert/strict';
import { once } from 'node:events';
import test from 'node:test';
import { openTestPort, openWebSocket, USAGE } from '../../../testing/transports/port.ts';
import { clientFrame, RawClient } from '../../../testing/transports/raw-client.ts';
import { waitForIo } from '../../../testing/condition.ts';

const TEXT = 0x1;
const BINARY = 0x2;

test('PORT-11 if a WebSocket names no protocol its first message decides, and is delivered with all that follow', async (t) => {
  const port = await openTestPort(t);
  for (const [index, [opcode, protocol, type]] of (
    [
      [TEXT, 'letters', 'text'],
      [BINARY, 'numbers', 'binary'],
    ] as const
  ).entries()) {
    const client = await RawClient.connect(port.port);
    await client.upgrade();
    const first = protocol === 'letters' ? 'abc/1' : '\x91\x01';
    const frames = [first, '2', '3'].map((text) => clientFrame(opcode, Buffer.from(text, 'latin1')));
    await client.send(Buffer.concat(frames));
    const end = await port.nth(index + 1);
    await end.until(() => end.messages.length === 3);
    assert.deepEqual([end.protocol, end.text], [protocol, `${first}23`]);
    assert.deepEqual([end.link.kind, end.link.framing], [`websocket-${type}`, 'message']);
    end.link.write(end.link.frame(Buffer.from('answer')));
    assert.deepEqual(
      await client.untilBytes(8),
      Buffer.concat([Buffer.from([0x80 | opcode, 6]), Buffer.from('answer')]),
    );
    client.destroy();
  }
});

test('PORT-11 a first message of no protocol, or of half a one, closes with 1008 and says what the port speaks', async (t) => {
  const port = await openTestPort(t);
  for (const first of ['hello', 'ab', '']) {
    const client = await openWebSocket(t, port, '/');
    client.send(first);
    const [code, reason] = await once(client, 'close');
    assert.deepEqual([code, String(reason)], [1008, USAGE]);
  }
  assert.equal(port.receivers.length, 0);
});

test('PORT-05 a byte order mark at the start of each text frame is skipped, of binary ones it is not', async (t) => {
  const port = await openTestPort(t);
  const client = await RawClient.connect(port.port);
  await client.upgrade();
  const mark = '\xef\xbb\xbf';
  const texts = [`${mark}abc/1`, `${mark}2`, `${mark}${mark}3`, `4${mark}`, mark];
  await client.send(Buffer.concat(texts.map((text) => clientFrame(TEXT, Buffer.from(text, 'latin1')))));
  const end = await port.nth(1);
  await end.until(() => end.messages.length === texts.length);
  const kept = end.messages.map((bytes) => Buffer.from(bytes).toString('latin1'));
  assert.deepEqual(kept, ['abc/1', '2', `${mark}3`, `4${mark}`, '']);
  client.destroy();
  const binary = await RawClient.connect(port.port);
  await binary.upgrade();
  const frames = ['\x91\x01', `${mark}\x91`].map((text) => clientFrame(BINARY, Buffer.from(text, 'latin1')));
  await binary.send(Buffer.concat(frames));
  const other = await port.nth(2);
  await other.until(() => other.messages.length === 2);
  assert.equal(Buffer.from(other.messages[1] ?? []).toString('latin1'), `${mark}\x91`);
  binary.destroy();
});

test('PORT-10 a port for one protocol gives it every WebSocket', async (t) => {
  const port = await openTestPort(t, { only: 'letters' });
  const plain = await openWebSocket(t, port, '/numbers');
  plain.send('?');
  assert.equal((await port.nth(1)).protocol, 'letters');
});

test('PORT-17 T29 a WebSocket that names no protocol has 60 s for its first message', async (t) => {
  const port = await openTestPort(t);
  const silent = await openWebSocket(t, port, '/');
  const open = await openWebSocket(t, port, '/letters');
  port.clock.advance(59_999);
  await waitForIo();
  assert.equal(silent.readyState, silent.OPEN);
  port.clock.advance(1);
  const [code, reason] = await once(silent, 'close');
  assert.deepEqual([code, String(reason)], [1008, 'no login came in time']);
  assert.equal(open.readyState, open.OPEN);
});
