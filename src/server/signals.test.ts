import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { constants } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import test, { type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startServerProcess } from '../../testing/server.ts';
import { temporaryDirectory } from '../../testing/temporary.ts';
import { TextClient } from '../../testing/text-client.ts';
import { selfSignedCertificate } from '../../testing/transports/certificate.ts';
import { RawClient } from '../../testing/transports/raw-client.ts';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));

/** Writes a new certificate and its key; resolves with the certificate. */
async function renew(folder: string): Promise<string> {
  const { cert, key } = await selfSignedCertificate();
  await writeFile(join(folder, 'cert.pem'), cert);
  await writeFile(join(folder, 'key.pem'), key);
  return cert;
}

/** Connects by TLS; fails if the server shows another certificate than this one. */
async function connectTrusting(t: TestContext, port: number, ca: string): Promise<RawClient> {
  const client = await RawClient.connectTls(port, { ca, rejectUnauthorized: true });
  t.after(() => client.destroy());
  return client;
}

test('SERVER-122 PORT-100 a changed certificate is loaded by itself and on SIGHUP, on every port; TLS connections stay', async (t) => {
  const folder = temporaryDirectory(t);
  const tls = ['--tls-cert', join(folder, 'cert.pem'), '--tls-key', join(folder, 'key.pem')];
  const first = await renew(folder);
  const server = await startServerProcess(t, { args: [...tls, '--c2-port', '0'] });
  const c2Port = Number((await server.line('listening', ({ only }) => only === 'c2')).port);
  const alice = await connectTrusting(t, server.port, first);
  await alice.send('c2/CONNECT alice\n');
  await alice.until('c2/ACKNOWLEDGE');
  const loads = () => server.log.filter(({ event }) => event === 'certificate').length;
  for (const signal of [null, 'SIGHUP'] as const) {
    const before = loads();
    const next = await renew(folder);
    if (signal !== null) server.kill(signal);
    await server.line('certificate', () => loads() > before);
    for (const port of [server.port, c2Port]) await connectTrusting(t, port, next);
  }
  await alice.send('c2/PING 1\n');
  await alice.until('c2/PING 1');
  assert.equal((await server.stop()).code, 0);
});

/** Signals that would end a process which does nothing about them. */
const MEANINGLESS = [
  ...(['SIGUSR1', 'SIGUSR2', 'SIGALRM', 'SIGVTALRM', 'SIGPROF'] as const),
  ...(['SIGIO', 'SIGPWR', 'SIGSTKFLT', 'SIGXCPU', 'SIGXFSZ'] as const),
].filter((signal) => signal in constants.signals);

test('SERVER-125 SERVER-126 SIGHUP and signals without a meaning leave a server without TLS as it is, and open no debugger', async (t) => {
  const server = await startServerProcess(t);
  const alice = await TextClient.enter(server.url, 'alice');
  for (const signal of MEANINGLESS) server.kill(signal);
  server.kill('SIGHUP');
  await server.line('nothing-to-reload');
  assert.equal(await alice.ask('c2/QUERY active_users'), 'c2/ACKNOWLEDGE [alice]');
  assert.deepEqual([await server.stop(), server.stderr()], [{ code: 0, signal: null }, '']);
});

test('SERVER-50 SIGQUIT stops a server in order', async (t) => {
  const server = await startServerProcess(t);
  const alice = await TextClient.enter(server.url, 'alice');
  server.kill('SIGQUIT');
  assert.equal((await alice.closed()).code, 1001);
  assert.deepEqual(await server.exited, { code: 0, signal: null });
});

const hasScript = spawnSync('script', ['--version']).status === 0;

test('SERVER-125 a server whose terminal is closed stops in order', {
  skip: hasScript ? false : 'needs the program "script" of util-linux, for a terminal',
}, async (t) => {
  const dataDir = temporaryDirectory(t);
  const command = [process.execPath, '--disable-warning=ExperimentalWarning', MAIN, 'serve', '--port', '0'];
  const typed = [...command, '--host', '127.0.0.1', '--data', dataDir].join(' ');
  const terminal = spawn('script', ['--quiet', '--return', '--command', `exec ${typed}`, '/dev/null']);
  t.after(() => terminal.kill('SIGKILL'));
  for await (const piece of terminal.stdout) if (String(piece).includes('listening')) break;
  terminal.kill('SIGKILL');
  await text(terminal.stderr);
  const again = await startAgain(t, dataDir);
  assert.equal((await again.line('storage-opened')).clean, true);
});

/** Starts a server as soon as the one before has unlocked the directory. */
async function startAgain(t: TestContext, dataDir: string): ReturnType<typeof startServerProcess> {
  for (;;) {
    try {
      return await startServerProcess(t, { dataDir });
    } catch (error) {
      assert.match(String(error), /in use by process/);
    }
  }
}
