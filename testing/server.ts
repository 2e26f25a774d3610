import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { type Cleanup, temporaryDirectory } from './temporary.ts';
import { Condition } from './condition.ts';

const MAIN = fileURLToPath(new URL('../src/server/main.ts', import.meta.url));

/** How a process ended. */
export type Exit = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

type LogLine = { readonly event: string; readonly level: string; readonly [field: string]: unknown };

export type ServerOptions = {
  /** Further arguments of `parlance serve`. */
  readonly args?: readonly string[];
  /** More environment variables. Variables `PARLANCE_...` of this process are not passed on. */
  readonly env?: NodeJS.ProcessEnv;
  /** A directory to keep. Default: a new one that is removed at the end. */
  readonly dataDir?: string;
  /** Flags for node itself. */
  readonly nodeArgs?: readonly string[];
};

/** A real process that listens. */
export type ListeningProcess = {
  readonly port: number;
  /** The URL of pages, without the slash at the end. */
  readonly http: string;
  readonly pid: number;
  /** Every line of its log so far. */
  readonly log: readonly LogLine[];
  /** Its stderr so far. */
  readonly stderr: () => string;
  /** Resolves with the first log line of this event that `matches`, now or later. */
  line(event: string, matches?: (line: LogLine) => boolean): Promise<LogLine>;
  readonly exited: Promise<Exit>;
  kill(signal: NodeJS.Signals): void;
  /** Sends SIGTERM; resolves when the process has ended. */
  stop(): Promise<Exit>;
};

/** A real server process. */
export type ServerProcess = ListeningProcess & {
  /** The URL for WebSockets. */
  readonly url: string;
  readonly dataDir: string;
};

/** Starts a server from source on a free port of 127.0.0.1. Resolves when it listens; rejects with its stderr if it ends before. */
export async function startServerProcess(cleanup: Cleanup, options: ServerOptions = {}): Promise<ServerProcess> {
  const dataDir = options.dataDir ?? temporaryDirectory(cleanup);
  const args = ['serve', '--port', '0', '--host', '127.0.0.1', '--data', dataDir, ...(options.args ?? [])];
  const server = await startListening(cleanup, args, options.env, options.nodeArgs);
  return { ...server, url: `ws://127.0.0.1:${server.port}/`, dataDir };
}

/** Starts a listing service on a free port of 127.0.0.1; resolves when it listens. */
export function startListingProcess(cleanup: Cleanup, args: readonly string[]): Promise<ListeningProcess> {
  return startListening(cleanup, ['listing', '--port', '0', '--host', '127.0.0.1', ...args]);
}

/** Starts a process of Parlance; resolves when it listens, and rejects with its stderr if it ends before. */
async function startListening(
  cleanup: Cleanup,
  args: readonly string[],
  env?: NodeJS.ProcessEnv,
  nodeArgs?: readonly string[],
): Promise<ListeningProcess> {
  const child = spawnParlance(args, env, nodeArgs);
  const exited = exitOf(child);
  cleanup.after(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  const { log, lines } = readLog(child);
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (piece: string) => {
    stderr += piece;
  });

  async function line(event: string, matches: (line: LogLine) => boolean = () => true): Promise<LogLine> {
    const find = () => log.find((candidate) => candidate.event === event && matches(candidate));
    await lines.until(() => find() !== undefined);
    return find() as LogLine;
  }

  const listening = await Promise.race([line('listening'), exited]);
  if (!('event' in listening)) throw new Error(`the server ended (${JSON.stringify(listening)}): ${stderr}`);
  const port = Number(listening.port);
  return {
    port,
    http: `http://127.0.0.1:${port}`,
    pid: Number(child.pid),
    log,
    stderr: () => stderr,
    line,
    exited,
    kill: (signal) => child.kill(signal),
    stop: () => {
      child.kill('SIGTERM');
      return exited;
    },
  };
}

/** Runs a Parlance command such as `['admin', 'list', '--data', directory]` to its end; `input` is its stdin. */
export async function runParlance(
  args: readonly string[],
  env?: NodeJS.ProcessEnv,
  input?: string,
): Promise<Exit & { readonly stdout: string; readonly stderr: string }> {
  const child = spawnParlance(args, env, [], input);
  const [stdout, stderr, exit] = await Promise.all([text(child.stdout), text(child.stderr), exitOf(child)]);
  return { ...exit, stdout, stderr };
}

/** Starts a process that ends with this one, unless this one is killed by SIGKILL. */
function spawnParlance(
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  nodeArgs: readonly string[] = [],
  input = '',
) {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('PARLANCE_'));
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...nodeArgs, MAIN, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...Object.fromEntries(inherited), ...env },
  });
  child.stdin.on('error', () => {}).end(input);
  const kill = () => child.kill('SIGKILL');
  const killAndEnd = () => {
    kill();
    process.exit(1);
  };
  process.on('exit', kill);
  process.on('SIGTERM', killAndEnd);
  child.once('exit', () => {
    process.off('exit', kill);
    process.off('SIGTERM', killAndEnd);
  });
  return child;
}

function exitOf(child: ChildProcess): Promise<Exit> {
  return new Promise((resolve) => child.once('close', (code, signal) => resolve({ code, signal })));
}

/** Collects the log. A line that is no JSON throws and so fails the running test. */
function readLog(child: ReturnType<typeof spawnParlance>): { readonly log: LogLine[]; readonly lines: Condition } {
  const log: LogLine[] = [];
  const lines = new Condition();
  createInterface({ input: child.stdout }).on('line', (line) => {
    log.push(JSON.parse(line) as LogLine);
    lines.notify();
  });
  return { log, lines };
}
