import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Socket } from 'node:net';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Heard, hears, joinNats, kick } from '../../../testing/bus-members.ts';
import { NatsServer, noPrivateNats } from '../../../testing/nats.ts';

const options = { skip: noPrivateNats };
const FLOOD = fileURLToPath(new URL('flood.child.ts', import.meta.url));
const MiB = 1_048_576;

test('BUS-25 maxBytes is what the server takes, also while cut off, and at most 1 MiB', options, async (t) => {
  const server = await NatsServer.start(t, 'max_payload: 5000');
  const one = await joinNats(t, server.url, 'one');
  const two = await joinNats(t, server.url, 'two');
  const heard = new Heard(two, 'nodes');
  assert.equal(one.bus.maxBytes, 5_000);
  await two.bus.settled();
  one.bus.publish('nodes', kick('one', 'x'.repeat(5_000)));
  await one.log.until('bus-message-too-large');
  await hears(one.bus, heard, two.bus, 'fits');
  assert.deepEqual(heard.marks, ['fits']);
  await server.kill();
  await one.log.until('bus-disconnected');
  assert.equal(one.bus.maxBytes, 5_000);
  const large = await NatsServer.start(t, 'max_payload: 8MB');
  const three = await joinNats(t, large.url, 'three');
  assert.equal(three.bus.maxBytes, MiB);
});

test('BUS-27 the messages of a turn leave at its end, in one write', options, async (t) => {
  const server = await NatsServer.start(t);
  const [one, two] = [await joinNats(t, server.url, 'one'), await joinNats(t, server.url, 'two')];
  const heard = new Heard(two, 'nodes');
  await two.bus.settled();
  const write = t.mock.method(Socket.prototype, 'write');
  const written = () =>
    write.mock.calls.filter(({ arguments: [bytes] }) => Buffer.from(bytes as Uint8Array).includes('PUB ')).length;
  for (let message = 0; message < 100; message++) {
    one.bus.publish('nodes', kick('one', String(message)));
    await Promise.resolve();
  }
  assert.equal(written(), 0);
  await heard.until('99');
  assert.equal(written(), 1);
  assert.equal(heard.messages.length, 100);
});

test('BUS-29 messages wait in the network, not in the memory of a node that is slow', options, async (t) => {
  const server = await NatsServer.start(t, 'max_pending: 16MB\nwrite_deadline: "2s"');
  const slow = await joinNats(t, server.url, 'slow');
  const before = process.memoryUsage().arrayBuffers;
  let bytes = 0;
  let most = 0;
  slow.bus.subscribe('nodes', (message) => {
    bytes += message.type === 'kick' ? message.reason.length : 0;
    const until = performance.now() + 1;
    while (performance.now() < until);
    most = Math.max(most, process.memoryUsage().arrayBuffers - before);
  });
  const last = new Heard(slow, 'node/last');
  await slow.bus.settled();
  const flood = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', FLOOD, server.url], {
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  const ended = once(flood, 'exit');
  t.after(async () => {
    flood.kill('SIGKILL');
    await ended;
  });
  await last.until('last');
  assert.ok(bytes > 32 * MiB, `${bytes} bytes came`);
  assert.ok(most < 16 * MiB, `${most} bytes of buffers`);
});
