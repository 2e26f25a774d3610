import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { systemClock } from '../../src/server/clock.ts';
import { FakeClock } from '../clock.ts';
import { Condition, waitForIo } from '../condition.ts';
import { seededRandom } from '../random.ts';
import { RawClient } from '../transports/raw-client.ts';
import type { LineClock } from './delay-line.ts';
import { bothWays, CLEAR, CLEAR_LINE, type Faults } from './faults.ts';
import { type ChaosProxy, openChaosProxy } from './proxy.ts';

/** The server's end of a connection, and how it ended. */
type End = { readonly socket: Socket; text: string; readonly pieces: string[]; ended: 'fin' | 'reset' | null };

/** A server that keeps what it gets, a proxy in front of it, and a clock that stands still. */
async function openProxy(t: TestContext, faults: Faults = CLEAR, lineClock?: LineClock) {
  const ends: End[] = [];
  const changed = new Condition();
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    const end: End = { socket, text: '', pieces: [], ended: null };
    ends.push(end);
    socket.setEncoding('latin1').on('data', (piece: string) => {
      end.text += piece;
      end.pieces.push(piece);
      changed.notify();
    });
    socket.on('end', () => {
      end.ended = 'fin';
      changed.notify();
    });
    socket.on('error', () => {
      end.ended = 'reset';
      changed.notify();
    });
    changed.notify();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const clock = new FakeClock();
  const proxy = await openChaosProxy({ port, random: seededRandom(1), clock: lineClock ?? clock });
  t.after(async () => {
    await proxy.close();
    for (const { socket } of ends) socket.destroy();
    server.close();
  });
  proxy.set(faults);

  async function connect(): Promise<{ client: RawClient; end: End }> {
    const before = ends.length;
    const client = await RawClient.connect(proxy.port);
    t.after(() => client.destroy());
    await changed.until(() => ends.length > before);
    return { client, end: ends[before] ?? assert.fail() };
  }

  return { proxy, clock, changed, ends, connect, server };
}

/** Resolves with how a client's connection ended. */
async function endOf({ socket }: RawClient): Promise<'fin' | 'reset'> {
  return new Promise((resolve) => {
    socket.once('end', () => resolve('fin'));
    socket.once('error', () => resolve('reset'));
  });
}

/** Connects; resolves when that connection is closed, or was not even opened. */
async function closeOf({ port }: ChaosProxy): Promise<void> {
  const socket = connect(port, '127.0.0.1').on('error', () => {});
  await new Promise((resolve) => socket.once('close', resolve));
}

/** Resolves when the proxy has no connection left. */
async function untilEmpty(proxy: ChaosProxy): Promise<void> {
  while (proxy.connections.length > 0) await waitForIo();
}

test('without faults a proxy forwards in both directions and counts the bytes', async (t) => {
  const { proxy, changed, connect } = await openProxy(t);
  const { client, end } = await connect();
  await client.send('hello');
  await changed.until(() => end.text === 'hello');
  end.socket.write('welcome');
  await client.until('welcome');
  assert.deepEqual(proxy.counts, { accepted: 1, refused: 0, bytes: { up: 5, down: 7 } });
  assert.deepEqual(
    proxy.connections.map(({ forwarded, waiting }) => [forwarded, waiting]),
    [
      [
        { up: 5, down: 7 },
        { up: 0, down: 0 },
      ],
    ],
  );
});

test('a client that ends its side still gets the answer, and then nothing is left', async (t) => {
  const { proxy, changed, connect } = await openProxy(t);
  const { client, end } = await connect();
  client.socket.allowHalfOpen = true;
  client.socket.end('question');
  await changed.until(() => end.ended === 'fin');
  assert.equal(end.text, 'question');
  end.socket.end('answer');
  assert.equal(await client.closed(), 'answer');
  await untilEmpty(proxy);
  assert.deepEqual(proxy.counts.bytes, { up: 8, down: 6 });
});

test('faults of one direction leave the other alone', async (t) => {
  const { clock, changed, connect } = await openProxy(t, { ...CLEAR, up: { ...CLEAR_LINE, latencyMs: 100 } });
  const { client, end } = await connect();
  await client.send('slow');
  end.socket.write('quick');
  await client.until('quick');
  assert.equal(end.text, '');
  clock.advance(100);
  await changed.until(() => end.text === 'slow');
});

test('a receiver gets slices of one byte one by one', async (t) => {
  const { changed, connect } = await openProxy(t, bothWays({ sliceBytes: 1 }), systemClock);
  const { client, end } = await connect();
  await client.send('abcdef');
  await changed.until(() => end.text === 'abcdef');
  assert.deepEqual(end.pieces, ['a', 'b', 'c', 'd', 'e', 'f']);
});

test('faults that change while it runs hold for bytes under way and for later ones', async (t) => {
  const { proxy, clock, changed, connect } = await openProxy(t, bothWays({ latencyMs: 10_000 }));
  const { client, end } = await connect();
  await client.send('one');
  await waitForIo();
  assert.deepEqual([end.text, proxy.connections[0]?.waiting.up, clock.timers], ['', 3, 1]);
  proxy.heal();
  await changed.until(() => end.text === 'one');
  await client.send('two');
  await changed.until(() => end.text === 'onetwo');
  assert.equal(clock.timers, 0);
});

test('reset ends both sides by a RST', async (t) => {
  const { proxy, changed, connect } = await openProxy(t);
  const { client, end } = await connect();
  const ended = endOf(client);
  proxy.reset();
  assert.equal(await ended, 'reset');
  await changed.until(() => end.ended === 'reset');
  await untilEmpty(proxy);
});

test('cut ends both sides by a FIN', async (t) => {
  const { proxy, changed, connect } = await openProxy(t);
  const { client, end } = await connect();
  const ended = endOf(client);
  proxy.cut();
  assert.equal(await ended, 'fin');
  await changed.until(() => end.ended === 'fin');
  end.socket.end();
  await untilEmpty(proxy);
});

for (const [by, expected] of [
  ['cut', 'fin'],
  ['reset', 'reset'],
] as const) {
  test(`a ${by} after a chosen byte count forwards exactly so many bytes`, async (t) => {
    const ends = { by, after: { min: 4, max: 4 } };
    const { proxy, changed, connect } = await openProxy(t, { ...CLEAR, up: { ...CLEAR_LINE, ends } });
    const { client, end } = await connect();
    const ended = endOf(client);
    await client.send('abcdefgh');
    assert.equal(await ended, expected);
    await changed.until(() => end.ended === expected);
    assert.deepEqual([end.text, proxy.counts.bytes.up], ['abcd', 4]);
  });
}

test('a silent proxy keeps both sockets open, also when the client has gone, and tells the server later', async (t) => {
  const { proxy, changed, connect } = await openProxy(t);
  const { client, end } = await connect();
  proxy.set(bothWays({ silent: true }));
  await client.send('anybody there?');
  await waitForIo();
  client.socket.resetAndDestroy();
  await waitForIo();
  assert.deepEqual([end.text, end.ended, proxy.connections.length], ['', null, 1]);
  proxy.heal();
  await changed.until(() => end.ended === 'reset');
  assert.equal(end.text, 'anybody there?');
  await untilEmpty(proxy);
});

test('a client that connects while the proxy is silent reaches the server later', async (t) => {
  const { proxy, changed, connect } = await openProxy(t, bothWays({ silent: true }));
  const { client, end } = await connect();
  await client.send('late');
  await waitForIo();
  assert.equal(end.text, '');
  proxy.heal();
  await changed.until(() => end.text === 'late');
});

test('refuse resets new connections, without a connection to the server, and leaves the others alone', async (t) => {
  const { proxy, changed, connect, ends } = await openProxy(t);
  const { client, end } = await connect();
  proxy.set({ ...CLEAR, refuse: true });
  await closeOf(proxy);
  await client.send('still here');
  await changed.until(() => end.text === 'still here');
  assert.deepEqual([ends.length, proxy.counts.accepted, proxy.counts.refused], [1, 1, 1]);
  proxy.heal();
  await connect();
});

test('a server that cannot be reached resets the client', async (t) => {
  const { proxy, server } = await openProxy(t);
  const closed = once(server, 'close');
  server.close();
  await closed;
  await closeOf(proxy);
  await untilEmpty(proxy);
});

test('a reset of one side becomes a reset of the other', async (t) => {
  const { proxy, changed, connect } = await openProxy(t);
  const first = await connect();
  first.client.socket.resetAndDestroy();
  await changed.until(() => first.end.ended === 'reset');
  const second = await connect();
  const ended = endOf(second.client);
  second.end.socket.resetAndDestroy();
  assert.equal(await ended, 'reset');
  await untilEmpty(proxy);
});

test('what waits in a proxy is bounded, and nothing is lost when the slow side goes on', async (t) => {
  const { proxy, changed, connect } = await openProxy(t, bothWays({ silent: true }));
  const { client, end } = await connect();
  const sent = 16 * 1024 * 1024;
  let taken = false;
  const sending = client.send(Buffer.alloc(sent, 'x')).then(() => (taken = true));
  await waitForIo();
  const [connection] = proxy.connections;
  assert.ok((connection?.waiting.up ?? 0) >= 64 * 1024 && (connection?.waiting.up ?? 0) <= 192 * 1024);
  assert.equal(taken, false);
  proxy.heal();
  await sending;
  await changed.until(() => end.text.length === sent);
});

test('a receiver that reads nothing stops the sender, and both go on later', async (t) => {
  const { proxy, changed, connect } = await openProxy(t);
  const { client, end } = await connect();
  end.socket.pause();
  const sent = 16 * 1024 * 1024;
  let taken = false;
  const sending = client.send(Buffer.alloc(sent, 'x')).then(() => (taken = true));
  await waitForIo();
  const [connection] = proxy.connections;
  assert.ok((connection?.waiting.up ?? 0) <= 192 * 1024, `${connection?.waiting.up}`);
  assert.equal(taken, false);
  end.socket.resume();
  await sending;
  await changed.until(() => end.text.length === sent);
});

test('a reset closes also what was cut before, or ended by one side', async (t) => {
  const { proxy, changed, connect } = await openProxy(t);
  const first = await connect();
  first.end.socket.pause();
  proxy.cut();
  await waitForIo();
  assert.equal(proxy.connections.length, 1);
  proxy.reset();
  await untilEmpty(proxy);
  const { client, end } = await connect();
  client.socket.allowHalfOpen = true;
  client.socket.end();
  await changed.until(() => end.ended === 'fin');
  proxy.reset();
  await untilEmpty(proxy);
});

test('a reset does not wait for a receiver that reads nothing', async (t) => {
  const { proxy, connect } = await openProxy(t);
  const { client, end } = await connect();
  end.socket.pause();
  void client.send(Buffer.alloc(16 * 1024 * 1024, 'x'));
  await waitForIo();
  proxy.reset();
  await untilEmpty(proxy);
});

test('close ends every connection and every timer, whatever the faults are', async (t) => {
  for (const faults of [CLEAR, bothWays({ silent: true }), bothWays({ latencyMs: 1_000, sliceBytes: 1 })]) {
    const { proxy, clock, connect } = await openProxy(t, faults);
    const { client } = await connect();
    const ended = endOf(client);
    await client.send('some bytes');
    await waitForIo();
    await proxy.close();
    assert.equal(await ended, 'reset');
    clock.turn();
    assert.deepEqual([proxy.connections.length, clock.timers], [0, 0]);
  }
});
