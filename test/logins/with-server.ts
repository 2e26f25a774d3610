import { fileURLToPath } from 'node:url';
import { runParlance, type ServerProcess, startServerProcess } from '../../testing/server.ts';
import { withCleanup } from '../with-cleanup.ts';

/** The only account. */
export const KNOWN = 'alice-known';
/** A name of the same length without an account. */
export const UNKNOWN = 'bella-where';

/** The delays of a server's event loop since the last collection, in milliseconds, and its memory in bytes. */
export type Measurement = { readonly p50: number; readonly p99: number; readonly max: number; readonly rss: number };

/** A server with one account. */
export type Target = {
  readonly port: number;
  measure(): Promise<Measurement>;
  /** Collects garbage and returns the bytes in use on the heap. */
  collect(): Promise<number>;
};

export function withServer<T>(work: (target: Target) => Promise<T>): Promise<T> {
  return withCleanup(async (cleanup) => {
    const nodeArgs = ['--expose-gc', '--import', fileURLToPath(new URL('./measure.ts', import.meta.url))];
    // The clients of these tests never log in, and must not be disconnected for it.
    const args = ['--deadlines-login-seconds', '86400'];
    const server = await startServerProcess(cleanup, { nodeArgs, args });
    const create = ['admin', 'user', 'create', KNOWN, '--password-stdin', '--data', server.dataDir];
    const created = await runParlance(create, {}, 'correct horse battery staple');
    if (created.code !== 0) throw new Error(created.stderr);
    return work({
      port: server.port,
      measure: async () => {
        const { p50, p99, max, rss } = await signalled(server, 'SIGUSR2', 'measured');
        return { p50: Number(p50), p99: Number(p99), max: Number(max), rss: Number(rss) };
      },
      collect: async () => Number((await signalled(server, 'SIGHUP', 'collected')).heapUsed),
    });
  });
}

/** The next line of this event in the server's log, after a signal. */
async function signalled(server: ServerProcess, signal: NodeJS.Signals, event: string) {
  const lines = () => server.log.filter((line) => line.event === event);
  const before = lines().length;
  server.kill(signal);
  return server.line(event, (line) => lines().indexOf(line) === before);
}
