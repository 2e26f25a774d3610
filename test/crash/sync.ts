import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { spawn } from 'node:child_process';
import { startServerProcess } from '../../testing/server.ts';
import { temporaryDirectory } from '../../testing/temporary.ts';
import { type Asked, tooEarly } from './sync-order.ts';
import { readTrace } from './strace.ts';
import { speak, wires } from './raw-protocols.ts';

const MESSAGES = 40;
const CALLS = 'write,writev,sendto,sendmsg,pwrite64,fdatasync,fsync';

export type SyncReport = { readonly acknowledged: number; readonly early: readonly string[] };

/** Traces a server while clients speak every protocol on raw TCP, one message at a time each, and looks what left it before it was synced. */
export async function acknowledgedAfterSync(synchronous: 'full' | 'normal'): Promise<SyncReport> {
  const undo: (() => Promise<void>)[] = [];
  const cleanup = { after: (run: () => Promise<void>) => void undo.push(run) };
  try {
    const weaken = fileURLToPath(new URL('./weak-sync.ts', import.meta.url));
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
    const asked = new Map<number, Asked>();
    await Promise.all(
      Object.entries(wires).map(([name, wire], index) => {
        const tokens = Array.from({ length: MESSAGES }, (_, count) => `token-${index * MESSAGES + count}-end`);
        const said = [...wire.enter(name).map(() => null), ...tokens];
        return speak(
          wire,
          server.port,
          `by-${name}`,
          tokens,
          (port) => void asked.set(port, { said, answer: wire.answer }),
        );
      }),
    );
    strace.kill('SIGINT');
    await once(strace, 'exit');
    await server.stop();
    const acknowledged = [...asked.values()].reduce(
      (sum, { said }) => sum + said.filter((text) => text !== null).length,
      0,
    );
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
