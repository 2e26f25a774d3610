import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, createReadStream, openSync, readlinkSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import test, { type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { getPage } from '../../../testing/http.ts';
import { runParlance, startServerProcess } from '../../../testing/server.ts';
import { type SilentServer, startSilentServer } from '../../../testing/silent-server.ts';
import { temporaryDirectory } from '../../../testing/temporary.ts';
import { TextClient } from '../../../testing/text-client.ts';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));

/** Two people talk, and the operator's page works. */
async function chat({ url, http }: SilentServer, word: string): Promise<void> {
  const alice = await TextClient.enter(url, `${word}-alice`);
  const bob = await TextClient.enter(url, `${word}-bob`);
  assert.equal(await alice.ask(`c2/MSG 1; ${word}`), 'c2/ACKNOWLEDGE');
  assert.match(await bob.until(`c2/MSG ${word}-alice`), new RegExp(`; ${word}(;|$)`));
  assert.equal((await getPage(`${http}/healthz`)).status, 200);
  for (const client of [alice, bob]) client.close();
}

/** Sends SIGTERM; the server must end by itself, in order, long before the 9 s after which it cuts things off. */
async function stop({ child, pid }: SilentServer): Promise<void> {
  const exited = once(child, 'exit');
  process.kill(pid, 'SIGTERM');
  assert.deepEqual(await exited, [0, null]);
}

async function dropped({ http }: SilentServer): Promise<number> {
  const { text } = await getPage(`${http}/metrics`);
  return Number(/^parlance_log_lines_dropped_total (\d+)$/m.exec(text)?.[1]);
}

/** A FIFO that nobody reads until the test does, filled to the brim. */
function unreadPipe(t: TestContext) {
  const path = join(temporaryDirectory(t), 'pipe');
  execFileSync('mkfifo', [path]);
  const own = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  const given = openSync(path, constants.O_WRONLY);
  t.after(() => closeSync(own));
  fill(own);
  return { given, read: () => readAll(own) };
}

function fill(fd: number): void {
  const junk = Buffer.alloc(4096, 'x');
  for (;;) {
    try {
      writeSync(fd, junk);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return;
      throw error;
    }
  }
}

function readAll(fd: number): string {
  const buffer = Buffer.alloc(65_536);
  let text = '';
  for (;;) {
    try {
      text += buffer.toString('latin1', 0, readSync(fd, buffer));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return text;
      throw error;
    }
  }
}

test('SERVER-85 SERVER-86 SERVER-88 on a full disk the server starts, chats and stops; dropped lines are in the metrics', async (t) => {
  const full = openSync('/dev/full', 'w');
  t.after(() => closeSync(full));
  for (const both of [false, true]) {
    const server = await startSilentServer(t, ['ignore', full, both ? full : 'ignore']);
    await chat(server, 'full');
    assert.ok((await dropped(server)) > 0);
    await stop(server);
  }
});

test('SERVER-85 SERVER-88 with a pipe that nobody reads, full from the start, the server starts, chats and stops', async (t) => {
  const pipe = unreadPipe(t);
  const server = await startSilentServer(t, ['ignore', pipe.given, pipe.given]);
  closeSync(pipe.given);
  await chat(server, 'unread');
  await stop(server);
  assert.match(pipe.read(), /^x+$/);
});

test('SERVER-85 a pipe that is read again gets every line that waited', async (t) => {
  const pipe = unreadPipe(t);
  const server = await startSilentServer(t, ['ignore', pipe.given, 'ignore']);
  closeSync(pipe.given);
  await chat(server, 'late');
  assert.match(pipe.read(), /^x+$/);
  await stop(server);
  const lines = pipe.read().trim().split('\n');
  const events = lines.map((line) => (JSON.parse(line) as { event: string }).event);
  // A busy machine adds lines about the event loop.
  assert.deepEqual(
    events.filter((event) => event !== 'event-loop-blocked'),
    ['storage-opened', 'listening', 'no-owner', 'stopping', 'stopped'],
  );
});

test('SERVER-85 SERVER-88 a socket that nobody reads stops neither the chat nor the end', async (t) => {
  // The shell's child keeps the socket full.
  const server = await startSilentServer(
    t,
    ['ignore', 'pipe', 'ignore'],
    (command) => `cat /dev/zero & test -n "$!" && ${command}`,
  );
  await chat(server, 'socket');
  await stop(server);
});

test('SERVER-85 SERVER-86 a reader that goes away stops neither the chat nor the end', async (t) => {
  const server = await startSilentServer(t, ['ignore', 'pipe', 'pipe']);
  const { stdout, stderr } = server.child;
  for (const stream of [stdout, stderr]) await new Promise<void>((closed) => stream?.destroy().once('close', closed));
  await chat(server, 'gone');
  await stop(server);
});

/** Waits until a terminal takes no more output. */
async function untilStopped(terminal: string): Promise<void> {
  const fd = openSync(terminal, constants.O_WRONLY | constants.O_NOCTTY | constants.O_NONBLOCK);
  try {
    for (;;) {
      writeSync(fd, '.');
      await new Promise(setImmediate);
    }
  } catch (error) {
    assert.equal((error as NodeJS.ErrnoException).code, 'EAGAIN');
  } finally {
    closeSync(fd);
  }
}

test('SERVER-85 SERVER-88 a terminal stopped by Ctrl-S stops neither the chat nor the end, and shows everything after Ctrl-Q', async (t) => {
  // `script` gives the server a terminal; what it reads is what a person types.
  const terminal = (command: string) => `exec script -qfec "${command}" /dev/null`;
  const server = await startSilentServer(t, ['pipe', 'pipe', 'ignore'], terminal);
  const [keyboard, screen] = [server.child.stdin as Writable, server.child.stdout as Readable];
  let shown = '';
  screen.setEncoding('utf8').on('data', (piece: string) => (shown += piece));
  const shows = async (words: string) => {
    while (!shown.includes(words)) await once(screen, 'data');
  };
  const stopScreen = async () => {
    keyboard.write('\x13');
    await untilStopped(readlinkSync(`/proc/${server.pid}/fd/1`));
  };
  await shows('Stop it:');
  await shows('no-owner');
  await stopScreen();
  assert.equal((await runParlance(['admin', 'ban', 'mallory', '--data', server.dataDir])).code, 0);
  await chat(server, 'stopped');
  assert.doesNotMatch(shown, /command=ban/);
  keyboard.write('\x11');
  await shows('command=ban');
  await stopScreen();
  await stop(server);
});

test('SERVER-87 when standard output works again, the log says how many lines were dropped', async (t) => {
  const path = join(temporaryDirectory(t), 'pipe');
  execFileSync('mkfifo', [path]);
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const given = openSync(path, constants.O_WRONLY);
  const server = await startSilentServer(t, ['ignore', given, 'ignore']);
  closeSync(given);
  closeSync(reader);
  for (const name of ['ann', 'ben', 'cem']) await runParlance(['admin', 'ban', name, '--data', server.dataDir]);
  assert.ok((await dropped(server)) >= 2);
  const lines = createInterface({ input: createReadStream(path) });
  const events: unknown[] = [];
  let reported = 0;
  for await (const line of lines) {
    const { event, name = null, count = null } = JSON.parse(line) as { [field: string]: unknown };
    events.push(name ?? event);
    reported = Number(count);
    if (event === 'log-lines-dropped') break;
  }
  assert.deepEqual([events.includes('ben'), events.includes('cem')], [false, false]);
  assert.equal(reported, await dropped(server));
});

test('SERVER-15 SERVER-88 a start that fails ends with code 1, also if standard error takes nothing', async (t) => {
  const first = await startServerProcess(t);
  const pipe = unreadPipe(t);
  const full = openSync('/dev/full', 'w');
  for (const stderr of [pipe.given, full]) {
    const args = ['--disable-warning=ExperimentalWarning', MAIN, 'serve', '--port', '0', '--data', first.dataDir];
    const second = spawn(process.execPath, args, { stdio: ['ignore', stderr, stderr] });
    closeSync(stderr);
    assert.deepEqual(await once(second, 'exit'), [1, null]);
  }
});

test('SERVER-85 a warning of Node is a line of the log, and an error that nobody expected ends the server with its lines on stderr', async (t) => {
  const code = `process.once('SIGUSR2', () => {
    process.emitWarning('careful');
    process.once('SIGUSR2', () => { throw new Error('unexpected'); });
  })`;
  const server = await startServerProcess(t, {
    nodeArgs: [`--import=data:text/javascript,${encodeURIComponent(code)}`],
  });
  server.kill('SIGUSR2');
  assert.equal((await server.line('warning')).message, 'careful');
  server.kill('SIGUSR2');
  assert.deepEqual(await server.exited, { code: 1, signal: null });
  assert.match(server.stderr(), /^Error: unexpected\n {4}at [^]*\nparlance: an error that should not happen; .*\n$/);
});
