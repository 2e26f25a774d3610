import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import type { FakeClock } from '../../testing/clock.ts';
import { waitForIo } from '../../testing/condition.ts';
import { TestHub } from '../../testing/hub.ts';
import { lineProtocol } from '../../testing/line-protocol.ts';
import { openTestPort } from '../../testing/transports/port.ts';
import { TcpTable, tcpKey } from '../../src/transports/tcp-table.ts';
import { Namespace, noNamespaces } from './namespace.ts';

/** Time passes for the server, in steps. After each one the test reads the table too, and so waits for what the server reads. */
async function pass(clock: FakeClock, app: TestHub, seconds: number): Promise<void> {
  const table = new TcpTable();
  for (let second = 0; second < seconds; second++) {
    clock.advance(1_000);
    for (let read = 0; read < 2; read++) await table.find(new Set());
    await waitForIo();
    await app.settle();
  }
}

/** Resolves once the system has sent bytes again, because nobody acknowledged them. */
async function untilUnanswered(key: string): Promise<void> {
  const table = new TcpTable();
  while ((await table.find(new Set([key])))?.get(key)?.isUnanswered !== true) await waitForIo();
}

/** Eve is a guest on another machine, by raw TCP; her cable is pulled and bob writes. */
async function openScenario(t: Parameters<typeof openTestPort>[0]) {
  const eves = Namespace.open(t);
  const hub: { current: TestHub | null } = { current: null };
  const port = await openTestPort(t, {
    host: '0.0.0.0',
    only: 'letters',
    accept: (link) => hub.current?.hub.connect(lineProtocol({ history: 0 }), link),
  });
  const app = await TestHub.open({ clock: port.clock });
  hub.current = app;
  const client = eves.run(
    t,
    `const socket = require('node:net').connect(${port.port}, '${eves.here}');
     socket.on('connect', () => socket.write('enter eve\\n'));
     socket.once('data', () => console.log(JSON.stringify([socket.localAddress, socket.localPort])));`,
  );
  const seated = async () => {
    while (app.world.people.find('eve') === undefined) {
      await waitForIo();
      await app.settle();
    }
  };
  const [[told]] = await Promise.all([once(client.stdout, 'data'), seated()]);
  const [remoteAddress, remotePort] = JSON.parse(String(told)) as [string, number];
  const key = tcpKey({ localAddress: eves.here, localPort: port.port, remoteAddress, remotePort });
  const bob = app.client(lineProtocol({ history: 0 }));
  await bob.ask('enter bob');
  eves.pullCable();
  await bob.ask('say are you there');
  await untilUnanswered(key);
  return { app, port, bob };
}

test('CONN-17 PORT-44 the name of a guest on a pulled cable is free 30 s later for who asks for it', async (t) => {
  if (noNamespaces !== null) return t.skip(noNamespaces);
  const { app, port } = await openScenario(t);
  const claim = async () => {
    const client = app.client(lineProtocol({ history: 0 }));
    client.send('enter eve');
    await pass(port.clock, app, 4);
    return client.lines()[0];
  };
  await pass(port.clock, app, 3);
  assert.equal(await claim(), 'no name-taken');
  await pass(port.clock, app, 26);
  assert.equal(await claim(), 'ok');
});

test('PORT-44 a dead line ends although nobody asks, long before TCP gives up', async (t) => {
  if (noNamespaces !== null) return t.skip(noNamespaces);
  const { app, port, bob } = await openScenario(t);
  await pass(port.clock, app, 60);
  assert.deepEqual(bob.lines(), ['left eve lost']);
  await port.connections(0);
});
