import { fileURLToPath } from 'node:url';
import { runParlance, type ServerProcess, startServerProcess } from '../../testing/server.ts';

/** The one account there is. */
export const KNOWN = 'alice-known';
/** The name of nobody, as long. */
export const UNKNOWN = 'bella-where';

/** How a server does: its event loop since the last time, in milliseconds, and its memory in bytes. */
export type Probe = { readonly p50: number; readonly p99: number; readonly max: number; readonly rss: number };

/** A server with one account. */
export type Target = { readonly port: number; probe(): Promise<Probe> };

/** Runs a server with one account for as long as the work takes. */
export async function withServer<T>(work: (target: Target) => Promise<T>): Promise<T> {
  const undo: (() => Promise<void>)[] = [];
  try {
    const nodeArgs = ['--import', fileURLToPath(new URL('./probe.ts', import.meta.url))];
    // Whoever only fails to log in is never logged in.
    const args = ['--deadlines-login-seconds', '86400'];
    const server = await startServerProcess({ after: (run) => void undo.push(run) }, { nodeArgs, args });
    const create = ['admin', 'user', 'create', KNOWN, '--password-stdin', '--data', server.dataDir];
    const created = await runParlance(create, {}, 'correct horse battery staple');
    if (created.code !== 0) throw new Error(created.stderr);
    return await work({ port: server.port, probe: () => probe(server) });
  } finally {
    for (const run of undo.toReversed()) await run();
  }
}

async function probe(server: ServerProcess): Promise<Probe> {
  const seen = server.log.filter(({ event }) => event === 'probed').length;
  server.kill('SIGUSR2');
  const line = await server.line('probed', (candidate) => {
    return server.log.filter(({ event }) => event === 'probed').indexOf(candidate) === seen;
  });
  const { p50, p99, max, rss } = line;
  return { p50: Number(p50), p99: Number(p99), max: Number(max), rss: Number(rss) };
}
