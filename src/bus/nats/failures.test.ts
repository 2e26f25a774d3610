import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { Heard, hears, joinNats, kick, saying } from '../../../testing/bus-members.ts';
import { Condition } from '../../../testing/condition.ts';
import { openChaosProxy } from '../../../testing/chaos/proxy.ts';
import { bothWays } from '../../../testing/chaos/faults.ts';
import { NatsServer, noPrivateNats } from '../../../testing/nats.ts';
import { seededRandom } from '../../../testing/random.ts';
import { resetSocket } from '../../../testing/transports/reset-socket.ts';
import { systemClock } from '../../server/clock.ts';

const options = { skip: noPrivateNats };
test('BUS-22 a node starts while NATS is away, says once why, and joins when it is there', options, async (t) => {
  const server = await NatsServer.start(t);
  await server.kill();
  const [one, two] = [await joinNats(t, server.url, 'one'), await joinNats(t, server.url, 'two')];
  const heard = new Heard(two, 'nodes');
  one.bus.publish('nodes', kick('one', 'lost'));
  assert.equal(one.bus.counts.unsent, 1);
  assert.deepEqual([one.bus.isConnected, one.bus.maxBytes], [false, 65_536]);
  await server.start();
  await Promise.all([one.log.until('bus-connected'), two.log.until('bus-connected')]);
  await hears(one.bus, heard, two.bus, 'first');
  assert.deepEqual(heard.marks, ['first']);
  assert.deepEqual([one.again.times, two.again.times], [1, 1]);
  assert.deepEqual(one.log.events, ['bus-unreachable', 'bus-connected']);
});

test(
  'BUS-23 BUS-26 after a restart everybody is connected and subscribed again, and nothing comes late',
  options,
  async (t) => {
    const server = await NatsServer.start(t);
    const [one, two] = [await joinNats(t, server.url, 'one'), await joinNats(t, server.url, 'two')];
    const heard = new Heard(two, 'nodes');
    await hears(one.bus, heard, two.bus, 'before');
    for (const times of [1, 2, 3]) {
      one.bus.publish('nodes', kick('one', 'lost')); // Waits for the end of the turn, which comes after the cut.
      one.bus.publish('nodes', kick('one', 'lost'));
      await server.kill();
      await Promise.all([one, two].map(({ log }) => log.until('bus-disconnected', times)));
      one.bus.publish('nodes', kick('one', 'late'));
      const later = new Heard(two, `room/${times}`);
      await server.start();
      await Promise.all([one, two].map(({ log }) => log.until('bus-connected', times + 1)));
      await hears(one.bus, heard, two.bus, `after ${times}`);
      one.bus.publish(`room/${times}`, saying('room/1', 'one', '1'));
      await later.until('1');
    }
    assert.ok(!heard.marks.includes('late'));
    assert.equal(one.bus.counts.unsent, 3);
    const changes = ['bus-connected', 'bus-disconnected'];
    for (const { log, again } of [one, two]) {
      assert.equal(again.times, 3);
      assert.deepEqual(log.events, [...changes, ...changes, ...changes, 'bus-connected']);
    }
  },
);

test('BUS-26 what waits for the end of its turn when the connection is cut is not sent late', options, async (t) => {
  const server = await NatsServer.start(t);
  const turns: (() => void)[] = [];
  const clock = { ...systemClock, endOfTurn: (run: () => void) => void turns.push(run) };
  const [one, two] = [await joinNats(t, server.url, 'one', clock), await joinNats(t, server.url, 'two')];
  const heard = new Heard(two, 'nodes');
  one.bus.publish('nodes', kick('one', 'late'));
  await server.kill();
  await Promise.all([one, two].map(({ log }) => log.until('bus-disconnected')));
  await server.start();
  await Promise.all([one, two].map(({ log }) => log.until('bus-connected', 2)));
  await two.bus.settled();
  one.bus.publish('nodes', kick('one', 'after'));
  for (const run of turns) run();
  await heard.until('after');
  assert.deepEqual(heard.marks, ['after']);
});

test('BUS-23 a node does not give up, however often it is refused', options, async (t) => {
  const server = await NatsServer.start(t);
  const [one, two] = [await joinNats(t, server.url, 'one'), await joinNats(t, server.url, 'two')];
  const heard = new Heard(two, 'nodes');
  await server.kill();
  let attempts = 0;
  const changed = new Condition();
  const refusing = createServer((socket) => {
    attempts++;
    resetSocket(socket.on('error', () => {}));
    changed.notify();
  });
  await once(refusing.listen(server.port, '127.0.0.1'), 'listening');
  await changed.until(() => attempts > 24); // Of two nodes; the client's own limit is 10.
  const closed = once(refusing, 'close');
  refusing.close();
  await closed;
  await server.start();
  await Promise.all([one, two].map(({ log }) => log.until('bus-connected', 2)));
  await hears(one.bus, heard, two.bus, 'after');
});

test('BUS-23 a connection that is cut or reset is made again', options, async (t) => {
  const server = await NatsServer.start(t);
  const proxy = await openChaosProxy({ port: server.port, random: seededRandom(2), clock: systemClock });
  t.after(() => proxy.close());
  const { bus, log, again } = await joinNats(t, `nats://127.0.0.1:${proxy.port}`, 'two');
  const { bus: other } = await joinNats(t, server.url, 'one');
  const heard = new Heard({ bus }, 'nodes');
  for (const end of [() => proxy.cut(), () => proxy.reset(), () => proxy.cut()]) {
    end();
    await log.until('bus-connected', again.times + 2);
    await hears(other, heard, bus, String(again.times));
  }
  assert.deepEqual(heard.marks, ['1', '2', '3']);
});

test(
  'BUS-24 BUS-28 a server that stops answering counts as gone, also while it holds unsent bytes',
  options,
  async (t) => {
    const server = await NatsServer.start(t);
    const one = await joinNats(t, server.url, 'one');
    const two = await joinNats(t, server.url, 'two');
    const heard = new Heard(two, 'nodes');
    await hears(one.bus, heard, two.bus, 'before');
    const text = 'x'.repeat(1_000_000);
    server.pause();
    const began = performance.now();
    for (let sent = 0; sent < 40; sent++) one.bus.publish('nodes', kick('one', text));
    assert.ok(one.log.count('bus-overloaded') > 20 && one.bus.counts.unsent > 20); // BUS-28
    await Promise.all([one, two].map(({ log }) => log.until('bus-disconnected')));
    assert.ok(performance.now() - began < 10_000, 'by default it takes minutes');
    server.resume();
    await Promise.all([one, two].map(({ log }) => log.until('bus-connected', 2)));
    await hears(one.bus, heard, two.bus, 'after');
  },
);

test('BUS-24 a network that swallows everything counts as gone', options, async (t) => {
  const server = await NatsServer.start(t);
  const proxy = await openChaosProxy({ port: server.port, random: seededRandom(3), clock: systemClock });
  t.after(() => proxy.close());
  const { log } = await joinNats(t, `nats://127.0.0.1:${proxy.port}`, 'one');
  proxy.set(bothWays({ silent: true }));
  await log.until('bus-disconnected');
  proxy.heal();
  await log.until('bus-connected', 2);
});

test('BUS-30 closing waits for a server that does not answer, for a second', options, async (t) => {
  const server = await NatsServer.start(t);
  const timers: { readonly ms: number; readonly run: () => void }[] = [];
  const after = (ms: number, run: () => void) => {
    timers.push({ ms, run });
    return () => {};
  };
  const one = await joinNats(t, server.url, 'one', { ...systemClock, after });
  const two = await joinNats(t, server.url, 'two');
  server.pause();
  const closed = one.bus.close();
  assert.deepEqual(
    timers.map(({ ms }) => ms),
    [1_000],
  );
  timers[0]?.run();
  await closed;
  assert.deepEqual(two.log.events, ['bus-connected'], 'it is not yet known that the server does not answer');
});

test('BUS-30 what was published before closing is sent', options, async (t) => {
  const server = await NatsServer.start(t);
  const [one, two] = [await joinNats(t, server.url, 'one'), await joinNats(t, server.url, 'two')];
  const heard = new Heard(two, 'nodes');
  await two.bus.settled();
  one.bus.publish('nodes', kick('one', 'last'));
  await one.bus.close();
  await heard.until('last');
});

test('BUS-30 closing ends while NATS is away, does not answer, or was never there', options, async (t) => {
  const server = await NatsServer.start(t);
  const { bus: cut, log } = await joinNats(t, server.url, 'one');
  server.pause();
  await log.until('bus-disconnected');
  await cut.close();
  server.resume();
  await server.kill();
  const { bus } = await joinNats(t, server.url, 'two');
  await bus.close();
  await bus.close();
  bus.publish('nodes', kick('two', ''));
  bus.subscribe('nodes', () => {})();
});
