import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { FakeClock } from '../../../testing/clock.ts';
import { type Answer, PingedServer, serverFrame, withFrames } from '../../../testing/pinged-server.ts';
import { resetSocket } from '../../../testing/transports/reset-socket.ts';
import { type PingResult, pingServer } from './ping.ts';

const BINARY = 2;
const CLOSE = 8;
const PING = 9;
const PONG = 10;

/** Pings a server that answers so. It has one address, which counts as public. */
async function start(t: TestContext, answer: Answer, id: number) {
  const server = await PingedServer.listen(t, answer);
  const clock = new FakeClock();
  const network = { clock, resolve: async () => [], allowed: { has: () => true } };
  return { server, clock, result: pingServer({ address: server.address, id }, network, () => 0) };
}

/** The result of a ping that ends without its 5 s, when both sides are closed. */
async function resultOf(t: TestContext, answer: Answer, id = 7): Promise<PingResult['type']> {
  const { server, clock, result } = await start(t, answer, id);
  const { type } = await result;
  await server.closed();
  assert.equal(clock.timers, 0);
  return type;
}

/** Accepts the handshake and sends these frames together with the head. */
function frames(...sent: readonly (Uint8Array | string)[]): Answer {
  return (socket, accept) => socket.write(withFrames(accept, ...sent));
}

/** A frame of so many bytes in all. */
function frameOf(bytes: number): Buffer {
  const text = 'x'.repeat(bytes - (bytes < 128 ? 2 : 4));
  return serverFrame(text);
}

/** Writes the same again and again, each time in a turn of its own, until the other side has closed. */
function writeForever(socket: Socket, start: string, more: Buffer): void {
  socket.write(start);
  const write = () => {
    if (!socket.writable) return;
    socket.write(more);
    setImmediate(write);
  };
  write();
}

test('LIST-54 an answer has the id alone or after a time, with or without blanks', async (t) => {
  const good = [
    'c2/PING 7',
    'c2/PING 1700000000000; 7',
    'c2/PING  7 ',
    'c2/PING\t7\r\n',
    'c2/PING ;7',
    'c2/PING x y;  7 ',
  ];
  for (const text of good) assert.equal(await resultOf(t, frames(text)), 'good', text);
  assert.equal(await resultOf(t, frames('c2/PING 9007199254740991'), Number.MAX_SAFE_INTEGER), 'good');
  assert.equal(await resultOf(t, frames('c2/PING 0'), 0), 'good');
});

test('LIST-54 any other answer is bad at once', async (t) => {
  const bad = ['c2/PING', 'c2/PING ', 'c2/PING7', 'c2/PINGS 7', 'c2/PING 8', 'c2/PING 07', 'c2/PING +7', 'c2/PING 7.0'];
  const more = [
    'c2/PING 7; 8',
    'c2/PING 7;',
    'c2/PING a; b; 7',
    'c2/PING 7 7',
    'c2/PING\u0000 7',
    'c2/PING 0x7',
    'c2/PING \uff17',
  ];
  for (const text of [...bad, ...more]) assert.equal(await resultOf(t, frames(text)), 'bad', text);
  assert.equal(await resultOf(t, frames('c2/PING 9007199254740992'), Number.MAX_SAFE_INTEGER), 'bad');
  assert.equal(await resultOf(t, frames('c2/PING 8', 'c2/PING 7')), 'bad');
});

test('LIST-54 other messages before the answer are ignored', async (t) => {
  const binary = serverFrame('c2/PING 8', BINARY);
  const others = [
    '',
    'hello',
    ' c2/PING 8',
    'C2/PING 8',
    'c2/MSG a; 1; b; c2/PING 8',
    binary,
    serverFrame('', PING),
    serverFrame('', PONG),
  ];
  assert.equal(await resultOf(t, frames(...others, 'c2/PING 7')), 'good');
});

test('LIST-55 an answer has 1 KiB, framing and other messages included', async (t) => {
  const answer = serverFrame('c2/PING 7');
  const other = frameOf(1_024 - answer.length);
  assert.equal(await resultOf(t, frames(other, answer)), 'good');
  assert.equal(await resultOf(t, frames(frameOf(100), frameOf(1_025 - 100 - answer.length), answer)), 'bad');
  assert.equal(await resultOf(t, frames(frameOf(2_048))), 'bad');
  assert.equal(await resultOf(t, frames(answer, frameOf(2_048))), 'bad');
  assert.equal(await resultOf(t, frames(...Array<Buffer>(20).fill(frameOf(100)))), 'bad');
  assert.equal(await resultOf(t, frames(...Array<Buffer>(600).fill(serverFrame('', PING)))), 'bad');
});

test('LIST-55 the 1 KiB holds also for bytes that come one after the other', async (t) => {
  assert.equal(await resultOf(t, (socket, accept) => writeForever(socket, accept, frameOf(64))), 'bad');
  assert.equal(await resultOf(t, (socket, accept) => writeForever(socket, accept, Buffer.from([0x01, 0]))), 'bad');
});

test('LIST-55 the head of the answer has 4 KiB', async (t) => {
  const withHeader = (bytes: number): Answer => {
    return (socket, accept) => {
      const head = accept.replace('\r\n\r\n', `\r\nX: ${'x'.repeat(bytes - accept.length - '\r\nX: '.length)}\r\n\r\n`);
      assert.equal(head.length, bytes);
      socket.write(withFrames(head, 'c2/PING 7'));
    };
  };
  assert.equal(await resultOf(t, withHeader(4_000)), 'good');
  assert.equal(await resultOf(t, withHeader(4_200)), 'bad');
  assert.equal(await resultOf(t, withHeader(2 ** 20)), 'bad');
});

test('LIST-55 a head that never ends is cut off', async (t) => {
  const heads = [
    ['HTTP/1.1 101 Switching Protocols\r\n', 'X: y\r\n'],
    ['HTTP/1.1 101 Switching Protocols\r\nX: ', 'y'],
    ['HTTP/1.1 ', '1'],
    ['', 'HTTP/1.1 100 Continue\r\n\r\n'],
    ['', 'HTTP/1.1 103 Early Hints\r\nX: y\r\n\r\n'],
    ['', '\r\n'],
    ['HTTP/1.1 200 OK\r\n\r\n', 'y'],
  ] as const;
  for (const [start, more] of heads) {
    assert.equal(await resultOf(t, (socket) => writeForever(socket, start, Buffer.from(more))), 'bad', start + more);
  }
});

test('LIST-53 LIST-58 whatever else a server answers is bad, and a redirect is not followed', async (t) => {
  const canary = await PingedServer.listen(t, () => {});
  const texts = [
    `HTTP/1.1 301 Moved\r\nLocation: ws://${canary.address}/\r\n\r\n`,
    `HTTP/1.1 302 Found\r\nLocation: http://${canary.address}/\r\nContent-Length: 0\r\n\r\n`,
    `HTTP/1.1 307 Again\r\nLocation: //${canary.address}/\r\n\r\n`,
    'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nc2/PING 7',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n',
    'HTTP/1.1 401 No\r\nWWW-Authenticate: Basic\r\n\r\n',
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n',
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n',
    'HTTP/1.1 101 Switching Protocols\r\n\r\n',
    'c2/PING 7\n',
    'SSH-2.0-OpenSSH_9.6\r\n',
    '\u0000\u0001\u0002\r\n\r\n',
    '-ERR wrong number of arguments\r\n',
  ];
  for (const text of texts) assert.equal(await resultOf(t, (socket) => socket.write(text)), 'bad', text);
  const headers = ['Sec-WebSocket-Protocol: c2', 'Sec-WebSocket-Extensions: permessage-deflate'];
  for (const header of headers) {
    const answer: Answer = (socket, accept) => socket.write(accept.replace('\r\n\r\n', `\r\n${header}\r\n\r\n`));
    assert.equal(await resultOf(t, answer), 'bad', header);
  }
  assert.equal(canary.connections, 0);
});

test('LIST-58 a server that closes, resets or breaks the protocol is bad at once', async (t) => {
  const hex = (digits: string) => Buffer.from(digits, 'hex');
  const broken = [
    hex('c10763322f50494e47'), // compressed
    hex('8187000000006332'), // masked
    hex('8102c328'), // not UTF-8
    hex('8300'), // an unknown opcode
    hex('8000'), // a continuation of nothing
    hex('0900'), // a ping in parts
    hex('817fffffffffffffffff'), // as long as it can be
    hex('817e0401'), // longer than an answer
  ];
  for (const frame of broken) assert.equal(await resultOf(t, frames(frame)), 'bad', frame.toString('hex'));
  assert.equal(await resultOf(t, (socket) => socket.end()), 'bad');
  assert.equal(await resultOf(t, (socket) => resetSocket(socket)), 'bad');
  assert.equal(await resultOf(t, (socket, accept) => socket.end(accept)), 'bad');
  assert.equal(await resultOf(t, (socket, accept) => socket.end(withFrames(accept, serverFrame('', CLOSE)))), 'bad');
  const resets: Answer = (socket, accept) => {
    socket.write(accept);
    socket.on('data', () => resetSocket(socket));
  };
  assert.equal(await resultOf(t, resets), 'bad');
});

test('LIST-56 LIST-57 without an answer a ping ends after 5 s, and its connection is closed', async (t) => {
  const silent: { readonly [what: string]: Answer } = {
    'no head': () => {},
    'half a head': (socket, accept) => socket.write(accept.slice(0, -2)),
    'nothing after the head': (socket, accept) => socket.write(accept),
    'half an answer': frames(serverFrame('c2/PING 7').subarray(0, 8)),
    'other messages': frames('hello', serverFrame('c2/PING 7', BINARY)),
    'an answer in parts that never ends': frames(Buffer.concat([Buffer.from([0x01, 9]), Buffer.from('c2/PING 7')])),
    'a closing handshake without an end': frames(serverFrame('', CLOSE)),
  };
  for (const [what, answer] of Object.entries(silent)) {
    const arrived = Promise.withResolvers<void>();
    const { server, clock, result } = await start(
      t,
      (socket, accept) => {
        answer(socket, accept);
        arrived.resolve();
      },
      7,
    );
    await arrived.promise;
    let ended = false;
    void result.then(() => {
      ended = true;
    });
    clock.advance(4_999);
    await new Promise((done) => setImmediate(done));
    assert.equal(ended, false, what);
    clock.advance(1);
    assert.deepEqual(await result, { type: 'bad' }, what);
    await server.closed();
    assert.equal(clock.timers, 0);
  }
});
