import assert from 'node:assert/strict';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { Agent } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { RawClient } from '../../testing/transports/raw-client.ts';
import { TextClient } from '../../testing/text-client.ts';
import { getPage } from '../../testing/http.ts';
import { startServerProcess } from '../../testing/server.ts';

/** A connection that stops reading and ignores the end of the other side. */
async function stalled(t: TestContext, port: number, name: string): Promise<void> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  t.after(() => socket.destroy());
  await once(socket, 'connect');
  socket.write(`c2/CONNECT ${name}\n`);
  await once(socket, 'data');
  socket.pause();
}

test('SERVER-51 T31 on SIGTERM begun requests are answered, connections get the reason, and the code is 0, also with a stalled reader', async (t) => {
  const server = await startServerProcess(t);
  await stalled(t, server.port, 'stalled');
  const alice = await TextClient.enter(server.url, 'alice');
  for (let sent = 0; sent < 100; sent++) alice.send(`c2/MSG ${sent}; ${'x'.repeat(10_000)}`);
  server.kill('SIGTERM');
  assert.deepEqual(await alice.closed(), { code: 1001, reason: 'server is stopping' });
  const shown: number[] = [];
  let acknowledged = 0;
  for (let frame = await alice.next(); frame !== null; frame = await alice.next()) {
    if (frame === 'c2/ACKNOWLEDGE') acknowledged++;
    else if (frame.startsWith('c2/MSG')) shown.push(Number(frame.split('; ')[1]));
    else assert.equal(frame, 'c2/ERROR server is stopping');
  }
  for (const time of shown) assert.ok(time < acknowledged);
  // It would be 1 if the server had cut anything off after 9 s (SERVER-52).
  assert.deepEqual(await server.exited, { code: 0, signal: null });
  const events = server.log.map(({ event }) => event).filter((event) => event !== 'event-loop-blocked');
  assert.deepEqual([events.slice(-2), server.stderr()], [['stopping', 'stopped'], '']);
  const again = await startServerProcess(t, { dataDir: server.dataDir, args: ['--history', '1000'] });
  const bob = await TextClient.enter(again.url, 'bob');
  for (let watched = 0; watched < acknowledged; watched++)
    assert.match(await bob.until('c2/MSG'), new RegExp(`; ${watched}; `));
});

test('SERVER-50 SERVER-40 a stopping server takes no new connections, and is not healthy', async (t) => {
  const server = await startServerProcess(t);
  await stalled(t, server.port, 'stalled');
  const alice = await TextClient.enter(server.url, 'alice');
  const agent = new Agent({ keepAlive: true });
  t.after(() => agent.destroy());
  assert.equal((await getPage(`${server.http}/healthz`, agent)).status, 200);
  server.kill('SIGTERM');
  await alice.closed();
  assert.equal((await getPage(`${server.http}/healthz`, agent)).status, 503);
  await assert.rejects(TextClient.open(server.url));
  assert.deepEqual(await server.exited, { code: 0, signal: null });
});

test('SERVER-100 a stopping server tells a silent WebSocket and a silent stream, and ends HTTP without a reset', async (t) => {
  const server = await startServerProcess(t);
  const silent = await TextClient.open(server.url);
  const stream = await RawClient.connect(server.port);
  const browser = await RawClient.connect(server.port);
  for (const { socket } of [stream, browser]) socket.on('error', (error) => assert.fail(error));
  await browser.send('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await browser.until('{"status":"ok"}\n');
  browser.clear();
  server.kill('SIGTERM');
  assert.deepEqual(await silent.closed(), { code: 1001, reason: 'server is stopping' });
  assert.match(await stream.closed(), /^Parlance: this chat server speaks .*\n$/);
  assert.equal(await browser.closed(), '');
  assert.deepEqual(await server.exited, { code: 0, signal: null });
});

test('SERVER-53 a second signal at once is the same press of a key; the server still stops cleanly', async (t) => {
  const server = await startServerProcess(t);
  const alice = await TextClient.enter(server.url, 'alice');
  server.kill('SIGINT');
  server.kill('SIGTERM');
  assert.equal((await alice.closed()).code, 1001);
  assert.deepEqual(await server.exited, { code: 0, signal: null });
});

test('SERVER-54 after kill -9 the history has the same messages and ids, and nobody is present', async (t) => {
  const first = await startServerProcess(t);
  const alice = await TextClient.enter(first.url, 'alice');
  for (const words of ['one', 'two', 'three']) alice.send(`c2/MSG 1; ${words}`);
  await alice.until('c2/MSG');
  const shown = [await alice.until('c2/MSG'), await alice.until('c2/MSG')];
  const serverId = await alice.ask('c2/PING');
  assert.match(serverId ?? '', /^c2\/PING \d+$/);
  first.kill('SIGKILL');
  await first.exited;
  const second = await startServerProcess(t, { dataDir: first.dataDir });
  const bob = await TextClient.enter(second.url, 'bob');
  await bob.until('c2/MSG');
  assert.deepEqual([await bob.until('c2/MSG'), await bob.until('c2/MSG')], shown);
  assert.equal(await bob.ask('c2/PING'), serverId);
  assert.equal(await bob.ask('c2/QUERY active_users'), 'c2/ACKNOWLEDGE [bob]');
});

test('SERVER-16 a database that was damaged after a kill ends the server with a message and code 1', async (t) => {
  const first = await startServerProcess(t);
  const alice = await TextClient.enter(first.url, 'alice');
  for (let sent = 0; sent < 200; sent++) alice.send(`c2/MSG ${sent}; ${'x'.repeat(2_000)}`);
  for (let shown = 0; shown < 200; shown++) await alice.until('c2/MSG');
  await first.stop();
  const second = await startServerProcess(t, { dataDir: first.dataDir });
  second.kill('SIGKILL');
  await second.exited;
  await damage(join(first.dataDir, 'parlance.db'));
  const third = await startServerProcess(t, { dataDir: first.dataDir });
  assert.deepEqual(await third.exited, { code: 1, signal: null });
  assert.match(String((await third.line('broken')).reason), /is damaged/);
  assert.match(third.stderr(), /^parlance: the database .* is damaged .* restore a backup in its place\.\n$/);
});

/** Overwrites pages that only messages fill; none of them is read at the start. */
async function damage(path: string): Promise<void> {
  const file = await open(path, 'r+');
  const { size } = await file.stat();
  await file.write(Buffer.alloc(size / 4, 0xaa), 0, undefined, size / 2);
  await file.close();
}
