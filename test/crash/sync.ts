import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { spawn } from 'node:child_process';
import { startServerProcess } from '../../testing/server.ts';
import { temporaryDirectory } from '../../testing/temporary.ts';
import { withCleanup } from '../with-cleanup.ts';
import { type Asked, sentBeforeSync } from './sync-order.ts';
import { readTrace } from './strace.ts';
import { sendMessages, rawProtocols } from './raw-protocols.ts';

const MESSAGES = 40;
const CALLS = 'write,writev,sendto,sendmsg,pwrite64,fdatasync,fsync';

export type SyncReport = { readonly acknowledged: number; readonly early: readonly string[] };

/** Traces a server while a client of each protocol sends messages one at a time; finds what the server sent before it was synced. */
export function acknowledgedAfterSync(synchronous: 'full' | 'normal'): Promise<SyncReport> {
  return withCleanup(async (cleanup) => {
    const weakSync = fileURLToPath(new URL('./weak-sync.ts', import.meta.url));
    const nodeArgs = synchronous === 'full' ? [] : ['--import', weakSync];
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
    const asked = new Map<number, Asked>();
    await Promise.all(
      Object.entries(rawProtocols).map(([name, protocol], index) => {
        const tokens = Array.from({ length: MESSAGES }, (_, count) => `token-${index * MESSAGES + count}-end`);
        const sent = [...protocol.logIn(name).map(() => null), ...tokens];
        return sendMessages(
          protocol,
          server.port,
          `by-${name}`,
          tokens,
          (port) => void asked.set(port, { sent, answer: protocol.answer }),
        );
      }),
    );
    strace.kill('SIGINT');
    await once(strace, 'exit');
    await server.stop();
    const acknowledged = [...asked.values()].reduce(
      (sum, { sent }) => sum + sent.filter((text) => text !== null).length,
      0,
    );
    return { acknowledged, early: sentBeforeSync(readTrace(await readFile(output, 'latin1')), asked) };
  });
}

/** Reads to the end: strace also tells of threads that are made later, and would end if nobody could be told. */
function attached(stderr: NodeJS.ReadableStream): Promise<void> {
  return new Promise((done, failed) => {
    let sent = '';
    stderr.on('data', (piece: Buffer) => {
      sent += String(piece);
      if (sent.includes('attached')) done();
    });
    stderr.once('end', () => failed(new Error(`strace could not attach: ${sent}`)));
  });
}
