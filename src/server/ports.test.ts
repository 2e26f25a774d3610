import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { Value } from 'typebox/value';
import { FakeClock } from '../../testing/clock.ts';
import { RawClient } from '../../testing/transports/raw-client.ts';
import { RecordingReceiver } from '../../testing/transports/recording-receiver.ts';
import { silentLog } from '../../testing/world.ts';
import { DEALER_READY, peerGreeting, SERVER_GREETING, SERVER_READY } from '../../testing/transports/zmtp.ts';
import type { Protocol } from '../protocols/protocol.ts';
import { configSchema } from './config/schema.ts';
import { closePorts, type OpenPort, openPorts } from './ports.ts';

/** A protocol that can only be detected. */
function toy(name: string, zeromq: boolean): Protocol {
  return { name, title: name, example: null, sniff: () => 'no', frames: 'text', zeromq, open: () => () => {} };
}

async function opened(t: TestContext, protocols: readonly Protocol[], ports: Readonly<Record<string, number>>) {
  const served: RecordingReceiver[] = [];
  const open = await openPorts({
    config: { ...Value.Create(configSchema), name: 'Tea', host: '127.0.0.1', port: 0, ports },
    protocols,
    accept: (link, protocol) => {
      const end = new RecordingReceiver(link, protocol);
      served.push(end);
      link.listen(end);
    },
    handler: (_request, response) => response.end('a page'),
    refused: () => {},
    clock: new FakeClock(),
    log: silentLog,
  });
  t.after(() => closePorts(open));
  return { open, served };
}

async function connect(t: TestContext, { port }: OpenPort): Promise<RawClient> {
  const client = await RawClient.connect(port.address.port);
  t.after(() => client.destroy());
  return client;
}

const HANDSHAKE = Buffer.concat([peerGreeting(), DEALER_READY]);

test('SERVER-11 SERVER-13 ZMTP-26 protocols and ZeroMQ with a configured port have it alone, after the port for everything', async (t) => {
  const { open, served } = await opened(t, [toy('abc', false), toy('num', true)], { abc: 0, zeromq: 0 });
  assert.deepEqual(
    open.map(({ only }) => only),
    [null, 'abc', 'zeromq'],
  );
  const [everything, abc, zeromq] = open as [OpenPort, OpenPort, OpenPort];
  for (const port of [everything, zeromq]) {
    const client = await connect(t, port);
    await client.send(HANDSHAKE);
    await client.untilBytes(SERVER_GREETING.length + SERVER_READY.length);
  }
  const own = await connect(t, abc);
  await own.send(HANDSHAKE);
  for (const [port, answer] of [
    [everything, 'a page'],
    [zeromq, 'Tea: this chat server speaks abc, num, and HTTP for more about it\n'],
  ] as const) {
    const client = await connect(t, port);
    await client.send('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await client.until(answer);
  }
  assert.deepEqual(
    served.map(({ protocol, link }) => [protocol, link.kind]),
    [
      ['num', 'zmtp'],
      ['num', 'zmtp'],
      ['abc', 'tcp'],
    ],
  );
});

test('SERVER-11 a port for ZeroMQ is refused if no protocol uses ZeroMQ, and then no port is open', async (t) => {
  await assert.rejects(opened(t, [toy('abc', false)], { zeromq: 0 }), /no protocol is spoken over ZeroMQ/);
});
