import { type ChildProcess, spawn, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, readlinkSync, watch } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Cleanup, temporaryDirectory } from './temporary.ts';

const MAIN = fileURLToPath(new URL('../src/server/main.ts', import.meta.url));
const LISTENING = '0A';

/** A server whose log is not read: it is found by the files in its data directory and by the system's list of sockets. */
export type SilentServer = {
  /** The process that was started, which may be a shell around the server. */
  readonly child: ChildProcess;
  readonly pid: number;
  readonly dataDir: string;
  readonly url: string;
  readonly http: string;
};

/**
 * Starts a server with the given outputs. `command` makes the command line of another program from that of the server, as
 * words for a shell.
 */
export async function startSilentServer(
  cleanup: Cleanup,
  stdio: StdioOptions,
  command: (server: string) => string = (server) => server,
): Promise<SilentServer> {
  const dataDir = temporaryDirectory(cleanup);
  const node = [process.execPath, '--disable-warning=ExperimentalWarning', MAIN, 'serve'];
  const server = ['exec', ...node, '--host', '127.0.0.1', '--port', '0', '--data', dataDir].join(' ');
  const ready = fileAppears(dataDir, 'admin.sock');
  const child = spawn('sh', ['-c', command(server)], { stdio, detached: true });
  cleanup.after(async () => killGroup(Number(child.pid)));
  await ready;
  const pid = Number.parseInt(readFileSync(join(dataDir, 'lock.pid'), 'utf8'), 10);
  const port = listeningPort(pid);
  return { child, pid, dataDir, url: `ws://127.0.0.1:${port}/`, http: `http://127.0.0.1:${port}` };
}

/** Resolves when the directory has that file. */
async function fileAppears(directory: string, name: string): Promise<void> {
  const changes = watch(directory);
  while (!existsSync(join(directory, name))) await once(changes, 'change');
  changes.close();
}

/** The TCP port that a process of this machine listens on. */
function listeningPort(pid: number): number {
  const descriptors = readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`));
  for (const line of readFileSync(`/proc/${pid}/net/tcp`, 'utf8').trim().split('\n').slice(1)) {
    const [, address = '', , state, , , , , , inode] = line.trim().split(/\s+/);
    if (state === LISTENING && descriptors.includes(`socket:[${inode}]`)) {
      return Number.parseInt(address.split(':')[1] ?? '', 16);
    }
  }
  throw new Error(`process ${pid} does not listen`);
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {} // It has ended.
}
