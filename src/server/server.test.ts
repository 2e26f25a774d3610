import assert from 'node:assert/strict';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { Agent, get, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import test from 'node:test';
import { Chatter } from '../../testing/chatter.ts';
import { runParlance, startServerProcess, temporaryDirectory } from '../../testing/server.ts';

test('SERVER-13 once it listens everything is open: two clients talk, and a page says what this is', async (t) => {
  const server = await startServerProcess(t, { args: ['--name', 'Blue House', '--c2-port', '0'] });
  const alice = await Chatter.enter(server.url, 'alice');
  const bob = await Chatter.enter(server.url, 'bob');
  assert.equal(await alice.ask('c2/MSG 1000; hello; all'), 'c2/ACKNOWLEDGE');
  for (const chatter of [alice, bob])
    assert.match(await chatter.until('c2/MSG'), /^c2\/MSG alice; 1000; [0-9a-f-]{36}; hello; all$/);
  const page = await fetch(`${server.http}/`);
  assert.match(await page.text(), /^Blue House: .*\n[^]*c2: /);
  const { port } = await server.line('listening', ({ only }) => only === 'c2');
  const carol = await Chatter.enter(`ws://127.0.0.1:${port}/`, 'carol'); // SERVER-11
  carol.close();
  assert.equal(await bob.until('c2/DISCONNECT'), 'c2/DISCONNECT lost_connection; carol');
});

test('SERVER-15 a second server on the same data refuses to start and says why; the first goes on', async (t) => {
  const server = await startServerProcess(t);
  const second = await runParlance(['serve', '--port', '0', '--host', '127.0.0.1', '--data', server.dataDir]);
  assert.equal(second.code, 1);
  assert.equal(second.stdout, '');
  assert.match(
    second.stderr,
    new RegExp(`^parlance: the data directory ${server.dataDir} is in use by process ${server.pid}\\. .*\n$`),
  );
  await Chatter.enter(server.url, 'alice');
});

test('SERVER-14 SERVER-15 a port that is taken is told in a sentence, and the data directory is free again', async (t) => {
  const server = await startServerProcess(t);
  const dataDir = await temporaryDirectory(t);
  const second = await runParlance(['serve', '--port', `${server.port}`, '--host', '127.0.0.1', '--data', dataDir]);
  assert.equal(second.code, 1);
  assert.match(second.stderr, new RegExp(`^parlance: port ${server.port} is in use by another program`));
  const third = await startServerProcess(t, { dataDir });
  assert.equal((await third.stop()).code, 0);
});

test('SERVER-51 T31 SIGTERM answers what was begun, says why it closes, and ends with code 0, a stalled reader or not', async (t) => {
  const server = await startServerProcess(t);
  const alice = await Chatter.enter(server.url, 'alice');
  const stalled = connect(server.port, '127.0.0.1');
  t.after(() => stalled.destroy());
  await once(stalled, 'connect');
  stalled.pause();
  stalled.write('c2/CONNECT stalled\n');
  await alice.ask('c2/PING');
  for (let sent = 0; sent < 100; sent++) alice.send(`c2/MSG ${sent}; ${'x'.repeat(10_000)}`);
  const began = performance.now();
  server.kill('SIGTERM');
  assert.deepEqual(await alice.closed(), { code: 1001, reason: 'server is stopping' });
  let acknowledged = 0;
  for (let frame = await alice.next(); frame !== null; frame = await alice.next()) {
    if (frame === 'c2/ACKNOWLEDGE') acknowledged++;
    else if (!frame.startsWith('c2/MSG')) assert.equal(frame, 'c2/ERROR server is stopping');
  }
  assert.deepEqual(await server.exited, { code: 0, signal: null });
  assert.ok(performance.now() - began < 10_000);
  assert.deepEqual(
    server.log.slice(-2).map(({ event }) => event),
    ['stopping', 'stopped'],
  );
  assert.equal(server.stderr(), '');
  assert.ok(acknowledged <= 100);
});

test('SERVER-53 a second signal at once is the same press of a key; the server still stops in order', async (t) => {
  const server = await startServerProcess(t);
  const alice = await Chatter.enter(server.url, 'alice');
  server.kill('SIGINT');
  server.kill('SIGTERM');
  assert.equal((await alice.closed()).code, 1001);
  assert.deepEqual(await server.exited, { code: 0, signal: null });
});

test('SERVER-55 after kill -9 the same data gives the same history with the same ids, and nobody is there', async (t) => {
  const first = await startServerProcess(t);
  const alice = await Chatter.enter(first.url, 'alice');
  for (const text of ['one', 'two', 'three']) alice.send(`c2/MSG 1; ${text}`);
  await alice.until('c2/MSG');
  const shown = [await alice.until('c2/MSG'), await alice.until('c2/MSG')];
  const [, server] = /^c2\/PING (\d+)$/.exec((await alice.ask('c2/PING')) ?? '') ?? [];
  first.kill('SIGKILL');
  await first.exited;
  const second = await startServerProcess(t, { dataDir: first.dataDir });
  const bob = await Chatter.enter(second.url, 'bob');
  await bob.until('c2/MSG');
  assert.deepEqual([await bob.until('c2/MSG'), await bob.until('c2/MSG')], shown);
  assert.equal(await bob.ask('c2/PING'), `c2/PING ${server}`);
  assert.equal(await bob.ask('c2/QUERY active_users'), 'c2/ACKNOWLEDGE [bob]');
});

test('SERVER-61 SERVER-63 the admin socket is for its owner only, and one that a killed server left behind is replaced', async (t) => {
  const first = await startServerProcess(t);
  const socket = join(first.dataDir, 'admin.sock');
  assert.equal(statSync(socket).mode & 0o777, 0o600);
  first.kill('SIGKILL');
  await first.exited;
  assert.ok(statSync(socket).isSocket());
  const none = await runParlance(['admin', 'list', '--data', first.dataDir]);
  assert.equal(none.code, 1);
  assert.match(none.stderr, /^parlance: no server runs on /);
  const second = await startServerProcess(t, { dataDir: first.dataDir });
  const list = await runParlance(['admin', 'list', '--data', second.dataDir]);
  assert.deepEqual([list.code, list.stdout], [0, '0 people are here\n0 names are banned\n']);
});

test('SERVER-60 parlance admin ban sends somebody away with the reason, keeps him out, and unban lets him in', async (t) => {
  const server = await startServerProcess(t);
  const admin = (...args: string[]) => runParlance(['admin', ...args, '--data', server.dataDir]);
  const mallory = await Chatter.enter(server.url, 'mallory');
  const alice = await Chatter.enter(server.url, 'alice');
  const ban = await admin('ban', 'mallory', '--reason', 'spam', '--for', '2h');
  assert.equal(ban.code, 0);
  assert.match(ban.stdout, /^mallory is banned until \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC: spam\n$/);
  for (const chatter of [mallory, alice])
    assert.equal(await chatter.until('c2/DISCONNECT'), 'c2/DISCONNECT ban; mallory; spam');
  assert.equal((await mallory.closed()).code, 1008);
  const again = await Chatter.open(server.url);
  assert.equal(await again.ask('c2/CONNECT mallory'), 'c2/ERROR banned: spam');
  assert.match(
    (await admin('list')).stdout,
    /^1 person is here\n {2}alice, since .* UTC\n1 name is banned\n {2}mallory is banned until .*: spam\n$/,
  );
  assert.equal((await admin('unban', 'mallory')).stdout, 'mallory may come again\n');
  assert.equal(await again.ask('c2/CONNECT mallory'), 'c2/ACKNOWLEDGE Parlance');
  const nobody = await admin('kick', 'nobody');
  assert.deepEqual([nobody.code, nobody.stdout, nobody.stderr], [1, '', 'parlance: nobody here is called nobody\n']);
});

test('SERVER-40 SERVER-42 /healthz is well while writes succeed, and /metrics counts what happened', async (t) => {
  const server = await startServerProcess(t);
  const health = await fetch(`${server.http}/healthz`);
  assert.deepEqual([health.status, await health.text()], [200, '{"status":"ok"}\n']);
  const alice = await Chatter.enter(server.url, 'alice');
  alice.send('c2/MSG 1; hello');
  await alice.until('c2/MSG');
  const metrics = await (await fetch(`${server.http}/metrics`)).text();
  const value = (name: string) => Number(new RegExp(`^${name} (.*)$`, 'm').exec(metrics)?.[1]);
  assert.equal(value('parlance_messages_committed_total'), 1);
  assert.equal(value('parlance_connections'), 1);
  assert.equal(value('parlance_people'), 1);
  assert.ok(value('parlance_deliveries_total') >= 1);
  assert.ok(value('parlance_append_seconds_count') >= 2);
  assert.equal(value('parlance_connections_refused_total'), 0);
  assert.ok(value('nodejs_eventloop_lag_p99_seconds') > 0);
});

test('SERVER-42 a refused connection is counted, and logged', async (t) => {
  const server = await startServerProcess(t, { args: ['--limits-loopback', '--limits-connections-per-address', '1'] });
  const agent = new Agent({ keepAlive: true });
  t.after(async () => agent.destroy());
  const metrics = async () => {
    const [response] = (await once(get(`${server.http}/metrics`, { agent }), 'response')) as [IncomingMessage];
    return text(response);
  };
  assert.match(await metrics(), /^parlance_connections_refused_total 0$/m);
  await assert.rejects(Chatter.open(server.url));
  assert.equal((await server.line('connection-refused')).reason, 'too many connections');
  assert.match(await metrics(), /^parlance_connections_refused_total 1$/m);
});
