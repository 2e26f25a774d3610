import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { RequestListener, ServerResponse } from 'node:http';
import { connect } from 'node:net';
import test, { type TestContext } from 'node:test';
import { WebSocket } from 'ws';
import { selfSignedCertificate } from '../../../testing/transports/certificate.ts';
import { openTestPort, type TestPort, USAGE } from '../../../testing/transports/port.ts';
import { RawClient } from '../../../testing/transports/raw-client.ts';
import { waitForIo } from '../../../testing/condition.ts';

const certificate = await selfSignedCertificate();
const REQUEST = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n';

/** Connects plain and over TLS; a reset by the server fails the test. */
async function bothWays(t: TestContext, { port }: TestPort): Promise<readonly RawClient[]> {
  const clients = [await RawClient.connect(port), await RawClient.connectTls(port)];
  for (const { socket } of clients) {
    t.after(() => socket.destroy());
    socket.on('error', (error) => assert.fail(error));
  }
  return clients;
}

test('PORT-67 at its end a port tells silent and undecided streams what it speaks', async (t) => {
  const port = await openTestPort(t, { certificate });
  const silent = await bothWays(t, port);
  const undecided = await bothWays(t, port);
  for (const client of undecided) await client.send('ab');
  await waitForIo();
  const ended = port.end();
  for (const client of [...silent, ...undecided]) assert.equal(await client.closed(), `${USAGE}\n`);
  await ended;
  assert.equal(port.clock.timers, 0);
});

test('PORT-67 at its end a port closes a WebSocket that has not spoken with 1001', async (t) => {
  const port = await openTestPort(t, { certificate });
  const clients = ['ws', 'wss'].map((scheme) => {
    const client = new WebSocket(`${scheme}://127.0.0.1:${port.port}/`, { rejectUnauthorized: false });
    t.after(() => client.terminate());
    return client;
  });
  await Promise.all(clients.map((client) => once(client, 'open')));
  const closings = clients.map((client) => once(client, 'close'));
  await port.end();
  for (const [code, reason] of await Promise.all(closings)) {
    assert.deepEqual([code, String(reason)], [1001, 'server is stopping']);
  }
});

test('PORT-67 at its end a port ends idle HTTP connections without a reset, and others after their answers', async (t) => {
  const answers: ServerResponse[] = [];
  const handler: RequestListener = (request, response) => {
    if (request.url === '/slow') answers.push(response);
    else response.end('a page');
  };
  const port = await openTestPort(t, { certificate, handler });
  const idle = await bothWays(t, port);
  for (const client of idle) {
    await client.send(REQUEST);
    await client.until('a page');
    client.clear();
  }
  const begun = await bothWays(t, port);
  for (const client of begun) await client.send(REQUEST.replace('/', '/slow').repeat(2));
  while (answers.length < 4) await waitForIo();
  const ended = port.end();
  for (const client of idle) assert.equal(await client.closed(), '');
  for (const response of answers) response.end('slow page');
  for (const client of begun) assert.equal((await client.closed()).match(/slow page/g)?.length, 2);
  await ended;
  assert.equal(port.clock.timers, 0);
});

test('PORT-67 what has not ended after 2 s is cut off', async (t) => {
  const port = await openTestPort(t, { handler: () => {} });
  const open = async () => {
    const socket = connect({ port: port.port, host: '127.0.0.1', allowHalfOpen: true });
    t.after(() => socket.destroy());
    await once(socket, 'connect');
    socket.on('error', () => {}).resume();
    return socket;
  };
  await open();
  (await open()).write(REQUEST);
  (await open()).write('GET / HT');
  await port.connections(3);
  await waitForIo();
  const ended = port.end();
  await waitForIo();
  port.clock.advance(1_999);
  await waitForIo();
  assert.equal(port.admission.connections, 3);
  port.clock.advance(1);
  await ended;
  assert.equal(port.admission.connections, 0);
});

test('PORT-67 links and handshakes of ZeroMQ have no words for it: a link is left to its receiver, a handshake is closed', async (t) => {
  const port = await openTestPort(t);
  const link = await RawClient.connect(port.port);
  await link.send('abc/');
  const receiver = await port.nth(1);
  const handshake = await RawClient.connect(port.port);
  await handshake.send(Buffer.from([0xff]));
  await handshake.untilBytes(1);
  const ended = port.end();
  await handshake.closed();
  assert.equal(link.socket.closed, false);
  receiver.link.end('stopping', '');
  assert.equal(await link.closed(), '');
  await ended;
});
