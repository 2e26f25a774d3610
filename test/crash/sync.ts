import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { spawn } from 'node:child_process';
import { startServerProcess } from '../../testing/server.ts';
import { temporaryDirectory } from '../../testing/temporary.ts';
import { tooEarly } from './order.ts';
import { readTrace } from './strace.ts';

const CLIENTS = 4;
const MESSAGES = 40;
const CALLS = 'write,writev,sendto,sendmsg,pwrite64,fdatasync,fsync';

export type SyncReport = { readonly acknowledged: number; readonly early: readonly string[] };

/** Traces a server while clients speak c2 on raw TCP, one message at a time each, and looks what left it before it was synced. */
export async function acknowledgedAfterSync(synchronous: 'full' | 'normal'): Promise<SyncReport> {
  const undo: (() => Promise<void>)[] = [];
  const cleanup = { after: (run: () => Promise<void>) => void undo.push(run) };
  try {
    const weaken = fileURLToPath(new URL('./weaken.ts', import.meta.url));
    const nodeArgs = synchronous === 'full' ? [] : ['--import', weaken];
    const server = await startServerProcess(cleanup, { nodeArgs });
    const output = join(temporaryDirectory(cleanup), 'trace');
    const strace = spawn(
      'strace',
      ['-f', '-yy', '-s', '70000', '-e', `trace=${CALLS}`, '-o', output, '-p', `${server.pid}`],
      {
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    );
    await attached(strace.stderr);
    const asked = new Map<number, readonly string[]>();
    await Promise.all(Array.from({ length: CLIENTS }, (_, index) => speak(server.port, index, asked)));
    strace.kill('SIGINT');
    await once(strace, 'exit');
    await server.stop();
    const acknowledged = [...asked.values()].reduce((sum, tokens) => sum + tokens.length, 0);
    return { acknowledged, early: tooEarly(readTrace(await readFile(output, 'latin1')), asked) };
  } finally {
    for (const run of undo.toReversed()) await run();
  }
}

async function attached(stderr: NodeJS.ReadableStream): Promise<void> {
  let said = '';
  for await (const piece of stderr) {
    said += String(piece);
    if (said.includes('attached')) return;
  }
  throw new Error(`strace could not attach: ${said}`);
}

async function speak(port: number, client: number, asked: Map<number, readonly string[]>): Promise<void> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  const tokens = Array.from({ length: MESSAGES }, (_, index) => `token-${client * MESSAGES + index}-end`);
  asked.set(socket.localPort ?? 0, tokens);
  const acknowledged = acknowledgements(socket);
  socket.write(`c2/CONNECT tracer${client}\n`);
  await acknowledged.next();
  for (const token of tokens) {
    socket.write(`c2/MSG 1; ${token}\n`);
    await acknowledged.next();
  }
  socket.destroy();
}

async function* acknowledgements(socket: Socket): AsyncGenerator<void> {
  let rest = '';
  for await (const piece of socket) {
    const lines = (rest + String(piece)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.startsWith('c2/ACKNOWLEDGE')) yield;
  }
}
