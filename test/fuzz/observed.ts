import { fileURLToPath } from 'node:url';
import { type ServerProcess, startServerProcess } from '../../testing/server.ts';
import { descriptorsOf as descriptorsNow, eventually } from '../zeromq/server.ts';

/** Starts a server whose heap can be looked at, and runs this with it; rejects if the server ends meanwhile. */
export async function withObserved<T>(run: (server: ServerProcess) => Promise<T>): Promise<T> {
  const undo: (() => Promise<void>)[] = [];
  const cleanup = { after: (end: () => Promise<void>) => void undo.push(end) };
  try {
    const nodeArgs = ['--expose-gc', '--import', fileURLToPath(new URL('./gc.ts', import.meta.url))];
    const server = await startServerProcess(cleanup, { nodeArgs });
    const ended = server.exited.then((exit) => {
      throw new Error(`the server ended (${JSON.stringify(exit)}): ${server.stderr()}`);
    });
    return await Promise.race([ended, run(server)]);
  } finally {
    for (const end of undo.toReversed()) await end();
  }
}

/** The server's heap after a collection, and its descriptors, once the attackers' connections are gone: as many as `before`. */
export async function collected(
  server: ServerProcess,
  times: number,
  before: number,
): Promise<{ heap: number; descriptors: number }> {
  const descriptors = await eventually(() => descriptorsNow(server), before);
  server.kill('SIGUSR2');
  const collections = () => server.log.filter(({ event }) => event === 'collected');
  const line = await server.line('collected', (candidate) => collections().indexOf(candidate) === times - 1);
  return { heap: Number(line.heapUsed), descriptors };
}

/** How many descriptors are open, once that has not changed for 3 s: closing takes up to 2 s. */
export async function descriptorsOf(server: ServerProcess): Promise<number> {
  let last = await descriptorsNow(server);
  for (let same = 0; same < 60; ) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    const now = await descriptorsNow(server);
    same = now === last ? same + 1 : 0;
    last = now;
  }
  return last;
}
