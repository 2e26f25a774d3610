import assert from 'node:assert/strict';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { get, type IncomingMessage } from 'node:http';
import { get as getSecure } from 'node:https';
import type { LookupFunction } from 'node:net';
import { join } from 'node:path';
import test from 'node:test';
import { selfSignedCertificate } from '../../testing/transports/certificate.ts';
import { TextClient } from '../../testing/text-client.ts';
import { runParlance, startServerProcess } from '../../testing/server.ts';
import { temporaryDirectory } from '../../testing/temporary.ts';

/** Resolves every name to this machine. */
const toHere: LookupFunction = (_name, options, done) =>
  options.all === true ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4);

/** Starts a server that is expected to fail. */
function start(...args: readonly string[]) {
  return runParlance(['serve', '--port', '0', '--host', '127.0.0.1', ...args]);
}

test('SERVER-13 SERVER-11 once it listens everything is open: clients talk on both ports, and the home page is served', async (t) => {
  const server = await startServerProcess(t, { args: ['--name', 'Blue House', '--c2-port', '0'] });
  const alice = await TextClient.enter(server.url, 'alice');
  const bob = await TextClient.enter(server.url, 'bob');
  assert.equal(await alice.ask('c2/MSG 1000; hello; all'), 'c2/ACKNOWLEDGE');
  for (const client of [alice, bob]) {
    assert.match(await client.until('c2/MSG'), /^c2\/MSG alice; 1000; [0-9a-f-]{36}; hello; all$/);
  }
  const page = await fetch(`${server.http}/`);
  assert.match(await page.text(), /^Blue House: .*\n[^]*c2: /);
  const { port } = await server.line('listening', ({ only }) => only === 'c2');
  const carol = await TextClient.enter(`ws://127.0.0.1:${port}/`, 'carol');
  carol.close();
  assert.equal(await bob.until('c2/DISCONNECT'), 'c2/DISCONNECT lost_connection; carol');
});

test('SERVER-15 a second server on the same data directory does not start and says why; the first goes on', async (t) => {
  const server = await startServerProcess(t);
  const second = await start('--data', server.dataDir);
  assert.deepEqual([second.code, second.stdout], [1, '']);
  const { dataDir, pid } = server;
  const words = new RegExp(`^parlance: the data directory ${dataDir} is in use by process ${pid}\\. .*\n$`);
  assert.match(second.stderr, words);
  await TextClient.enter(server.url, 'alice');
});

test('SERVER-14 SERVER-15 a port in use stops the start with a sentence, and the data directory is unlocked', async (t) => {
  const server = await startServerProcess(t);
  const dataDir = temporaryDirectory(t);
  const second = await start('--port', `${server.port}`, '--data', dataDir);
  assert.equal(second.code, 1);
  assert.match(second.stderr, new RegExp(`^parlance: port ${server.port} is in use by another program`));
  const third = await startServerProcess(t, { dataDir });
  assert.equal((await third.stop()).code, 0);
});

test('SERVER-15 a certificate that cannot be read or used stops the start, with the reason', async (t) => {
  const dataDir = temporaryDirectory(t);
  const bad = join(dataDir, 'bad.pem');
  await writeFile(bad, 'nonsense');
  const none = await start('--data', dataDir, '--tls-cert', bad, '--tls-key', '/none.pem');
  assert.deepEqual([none.code, none.stdout.includes('listening')], [1, false]);
  assert.match(none.stderr, /^parlance: tls\.key: \/none\.pem cannot be read .*\n$/);
  const unusable = await start('--data', dataDir, '--tls-cert', bad, '--tls-key', bad);
  assert.equal(unusable.code, 1);
  assert.match(unusable.stderr, /^parlance: tls: .*bad\.pem cannot be used together .*\n$/);
});

test('SERVER-120 a data directory that cannot be used stops the start, with its name and what to do', async (t) => {
  const file = join(temporaryDirectory(t), 'file');
  await writeFile(file, '');
  for (const directory of [join(file, 'data'), file]) {
    const { code, stderr } = await start('--data', directory);
    assert.equal(code, 1);
    assert.match(stderr, new RegExp(`^parlance: the data directory ${directory} cannot be used \\(.*--data\n$`));
  }
});

test('SERVER-10 SERVER-25 T43 all files are in the data directory, and the log has nothing that people write', async (t) => {
  const parent = temporaryDirectory(t);
  const dataDir = join(parent, 'new', 'data');
  const server = await startServerProcess(t, { dataDir });
  const alice = await TextClient.enter(server.url, 'alice');
  alice.send('c2/MSG 1; confidential');
  await alice.until('c2/MSG');
  alice.close();
  await server.stop();
  assert.deepEqual(await readdir(parent), ['new']);
  assert.deepEqual(await readdir(join(parent, 'new')), ['data']);
  assert.ok((await readdir(dataDir)).includes('parlance.db'));
  assert.equal(statSync(dataDir).mode & 0o777, 0o700);
  const lines = server.log.filter(({ event }) => event !== 'listening');
  assert.doesNotMatch(JSON.stringify(lines), /confidential|alice|127\.0\.0\.1/);
});

test('SERVER-08 SERVER-43 TLS, origins and the lobby are as configured; pages over TLS know the address of the client', async (t) => {
  const directory = temporaryDirectory(t);
  const { cert, key } = await selfSignedCertificate();
  await writeFile(join(directory, 'cert.pem'), cert);
  await writeFile(join(directory, 'key.pem'), key);
  const tls = '[tls]\ncert = "cert.pem"\nkey = "key.pem"\n';
  const file = `lobby = "tea-room"\nallow_origins = ["https://chat.example.org"]\n${tls}`;
  await writeFile(join(directory, 'parlance.toml'), file);
  const server = await startServerProcess(t, { dataDir: directory });
  const handshake = async (origin: string) => {
    const headers = { Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Version': '13' };
    const nonce = { 'Sec-WebSocket-Key': 'AAAAAAAAAAAAAAAAAAAAAA==' };
    const asking = get(server.http, { headers: { ...headers, ...nonce, Origin: origin }, agent: false });
    const answered = await Promise.race([once(asking, 'upgrade'), once(asking, 'response')]);
    const [response] = answered as [IncomingMessage];
    response.socket.destroy();
    return response.statusCode;
  };
  assert.equal(await handshake('https://chat.example.org'), 101);
  assert.equal(await handshake('https://evil.example.org'), 403);
  const secure = getSecure(`https://localhost:${server.port}/metrics`, { ca: cert, agent: false, lookup: toHere });
  const [response] = (await once(secure, 'response')) as [IncomingMessage];
  assert.equal(response.statusCode, 200);
  response.resume();
  const alice = await TextClient.open(server.url);
  assert.match((await alice.ask('c2/CONNECT tea-room')) ?? '', /^c2\/ERROR/);
});
