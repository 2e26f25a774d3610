import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { Dealer, Push, Request, Router, type Socket, type SocketOptions, Subscriber } from 'zeromq';
import { openTestPort, type TestPort, type TestPortOptions } from '../../../testing/transports/port.ts';
import type { RecordingReceiver } from '../../../testing/transports/recording-receiver.ts';

/** A socket of libzmq that connects to the port, and its events so far. It must be closed, else its threads go on. */
function join<S extends Socket>(t: TestContext, port: TestPort, socket: S): { socket: S; seen: string[] } {
  const seen: string[] = [];
  t.after(() => socket.close());
  // Not awaited: it ends when the socket is closed.
  void (async () => {
    for await (const event of socket.events) seen.push(event.type);
  })();
  socket.connect(`tcp://127.0.0.1:${port.port}`);
  return { socket, seen };
}

function dealer(options: SocketOptions<Dealer> = {}): Dealer {
  return new Dealer({ linger: 0, reconnectInterval: 10, ...options });
}

async function connected(t: TestContext, options: SocketOptions<Dealer> = {}, portOptions: TestPortOptions = {}) {
  const port = await openTestPort(t, portOptions);
  const { socket, seen } = join(t, port, dealer(options));
  const end = await port.nth(1);
  return { port, socket, seen, end, link: end.link };
}

async function seeing(seen: readonly string[], type: string): Promise<void> {
  while (!seen.includes(type)) await new Promise((turn) => setImmediate(turn));
}

const texts = (end: RecordingReceiver) => end.messages.map((message) => Buffer.from(message).toString());

test('ZMTP-08 ZMTP-14 ZMTP-17 libzmq and the server exchange messages of any length', async (t) => {
  const { socket, end, link } = await connected(t, { routingId: 'somebody' });
  const lengths = [0, 1, 254, 255, 256, 257, 8_192, 65_536];
  for (const length of lengths) await socket.send(Buffer.alloc(length, 'x'));
  await end.until(() => end.messages.length === lengths.length);
  assert.deepEqual(
    end.messages.map((message) => message.length),
    lengths,
  );
  assert.ok(end.messages.every((message) => message.every((byte) => byte === 0x78)));
  const answers = [...lengths, 200_000].map((length) => Buffer.alloc(length, 'y'));
  link.write(Buffer.concat(answers.map((answer) => link.frame(answer))));
  for (const answer of answers) assert.deepEqual(await socket.receive(), [answer]);
  assert.deepEqual([end.protocol, link.kind], ['numbers', 'zmtp']);
});

test('ZMTP-16 the frames of a message from libzmq are joined, with an empty one first or a value in each', async (t) => {
  const { socket, end } = await connected(t);
  await socket.send(['', 'whole']);
  await socket.send(['login', 'alice', 'secret']);
  await socket.send([Buffer.alloc(300, 'a'), 'b', '']);
  await end.until(() => end.messages.length === 3);
  assert.deepEqual(texts(end), ['whole', 'loginalicesecret', `${'a'.repeat(300)}b`]);
});

test('ZMTP-16 PORT-33 thousands of messages stay whole and in order, both ways, however often the link pauses', async (t) => {
  const { socket, end, link } = await connected(t, { sendHighWaterMark: 0, receiveHighWaterMark: 0 });
  const count = 5_000;
  const deliver = end.data.bind(end);
  t.mock.method(end, 'data', (bytes: Uint8Array) => {
    deliver(bytes);
    if (end.messages.length % 7 !== 0) return;
    link.pause();
    setImmediate(() => link.resume());
  });
  for (let index = 0; index < count; index++) await socket.send([String(index), '-'.repeat(index % 300)]);
  await end.until(() => end.messages.length === count);
  const expected = Array.from({ length: count }, (_, index) => `${index}${'-'.repeat(index % 300)}`);
  assert.deepEqual(texts(end), expected);
  for (const text of expected) link.write(link.frame(Buffer.from(text)));
  for (const text of expected) assert.equal(String((await socket.receive())[0]), text);
});

test('ZMTP-20 libzmq with its own heartbeats stays while we answer them, also while it sends messages', async (t) => {
  const heartbeats = { heartbeatInterval: 20, heartbeatTimeout: 5_000, heartbeatTimeToLive: 5_000 };
  const { port, socket, seen, end } = await connected(t, heartbeats);
  await end.until(() => end.signs >= 10);
  for (let index = 0; index < 20; index++) await socket.send(['a', 'b']);
  await end.until(() => end.messages.length === 20);
  const { signs } = end;
  await end.until(() => end.signs >= signs + 10);
  assert.deepEqual([end.closings, port.receivers.length, seen.includes('disconnect')], [0, 1, false]);
});

test('ZMTP-20 libzmq disconnects when its PINGs are not answered, and connects again', async (t) => {
  const { port, seen, end } = await connected(t, { heartbeatInterval: 20, heartbeatTimeout: 100 });
  end.link.pause();
  await seeing(seen, 'disconnect');
  assert.equal((await port.nth(2)).closings, 0);
});

test('ZMTP-22 libzmq sends a TTL and is not closed while it keeps pinging', async (t) => {
  const { port, end } = await connected(t, {
    heartbeatInterval: 20,
    heartbeatTimeout: 60_000, // If it is not set, libzmq gives up after one interval, which a busy machine exceeds.
    heartbeatTimeToLive: 1_000,
  });
  for (let second = 0; second < 5; second++) {
    const { signs } = end;
    await end.until(() => end.signs > signs + 1);
    port.clock.advance(999);
  }
  assert.equal(end.closings, 0);
  port.clock.advance(2_000);
  await end.until(() => end.closings === 1);
});

test('ZMTP-23 libzmq answers our PINGs, and stays', async (t) => {
  const { port, end, link } = await connected(t);
  assert.equal(link.ask(), true);
  await end.until(() => end.signs === 1);
  for (let count = 0; count < 100; count++) {
    const { signs } = end;
    port.clock.advance(20_000);
    await end.until(() => end.signs > signs);
  }
  assert.deepEqual([end.closings, port.receivers.length], [0, 1]);
});

test('ZMTP-23 libzmq without heartbeats detects our silence by our TTL, and connects again', async (t) => {
  const { port, end, link, seen } = await connected(t, {}, { limits: { silenceMs: 200 } });
  link.probe();
  await seeing(seen, 'disconnect');
  await end.until(() => end.closings === 1);
  assert.equal((await port.nth(2)).closings, 0);
});

test('ZMTP-25 libzmq connects again after every kind of end, and its messages from the meantime arrive', async (t) => {
  const { port, socket } = await connected(t);
  for (const [index, kind] of (['done', 'stopping', 'removed', 'broken', 'timeout'] as const).entries()) {
    const end = await port.nth(index + 1);
    end.link.write(end.link.frame(Buffer.from(`last words ${index}`)));
    end.link.end(kind, 'because');
    assert.equal(String((await socket.receive())[0]), `last words ${index}`);
    await end.until(() => end.closings === 1);
    await socket.send(`again ${index}`);
    const next = await port.nth(index + 2);
    await next.until(() => next.text === `again ${index}`);
  }
});

test('ZMTP-05 ZMTP-10 libzmq sockets that are no DEALER, or want a password, are refused and do not connect again', async (t) => {
  const { port, socket: honest } = await connected(t);
  const options = { linger: 0, reconnectInterval: 10 };
  const refused = [
    new Request(options),
    new Router(options),
    new Push(options),
    new Subscriber(options),
    dealer({ plainUsername: 'alice', plainPassword: 'secret' }),
  ].map((socket) => join(t, port, socket));
  for (const { seen } of refused) await seeing(seen, 'disconnect');
  // After this one has connected again five times, the others would have too.
  for (let count = 1; count <= 5; count++) {
    const end = await port.nth(count);
    end.link.end('done', '');
    await end.until(() => end.closings === 1);
    await honest.send('here');
    const next = await port.nth(count + 1);
    await next.until(() => next.text === 'here');
  }
  for (const { seen } of refused) assert.equal(seen.filter((type) => type === 'connect').length, 1);
  assert.equal(port.receivers.length, 6);
});

/** Sockets in all, and at once. */
const [VISITORS, AT_ONCE] = [300, 50];
test('ZMTP-25 T29 hundreds of libzmq sockets connect, send and leave, and no connection or timer is left', async (t) => {
  const port = await openTestPort(t);
  for (let count = 0; count < VISITORS; count += AT_ONCE) {
    const sockets = Array.from({ length: AT_ONCE }, () => join(t, port, dealer()).socket);
    await Promise.all(sockets.map((socket) => socket.send('hello')));
    await port.nth(count + AT_ONCE);
    for (const end of port.receivers.slice(count)) {
      await end.until(() => end.text === 'hello');
      end.link.write(end.link.frame(Buffer.from('welcome')));
    }
    for (const socket of sockets) {
      assert.equal(String((await socket.receive())[0]), 'welcome');
      socket.close();
    }
    await Promise.all(port.receivers.slice(count).map((end) => end.until(() => end.closings === 1)));
  }
  await port.connections(0);
  port.clock.advance(1_000);
  assert.equal(port.clock.timers, 0);
});
