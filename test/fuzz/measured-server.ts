import { fileURLToPath } from 'node:url';
import { type ServerProcess, startServerProcess } from '../../testing/server.ts';
import { withCleanup } from '../with-cleanup.ts';
import { descriptorsOf as descriptorsNow, eventually } from '../zeromq/server-state.ts';

type Usage = { readonly heap: number; readonly descriptors: number };

/** Arguments of Node for a server that `heapOf` can measure. */
export const GC_ARGS = ['--expose-gc', '--import', fileURLToPath(new URL('./gc.ts', import.meta.url))];

/** Runs this with a server that can be measured; rejects if the server ends meanwhile. */
export function withMeasuredServer<T>(run: (server: ServerProcess) => Promise<T>): Promise<T> {
  return withCleanup(async (cleanup) => {
    const server = await startServerProcess(cleanup, { nodeArgs: GC_ARGS });
    const ended = server.exited.then((exit) => {
      throw new Error(`the server ended (${JSON.stringify(exit)}): ${server.stderr()}`);
    });
    return Promise.race([ended, run(server)]);
  });
}

/** The bytes in use on the server's heap after a garbage collection. */
export async function heapOf(server: ServerProcess): Promise<number> {
  const collections = () => server.log.filter(({ event }) => event === 'collected');
  const before = collections().length;
  server.kill('SIGUSR2');
  return Number((await server.line('collected', (line) => collections().indexOf(line) === before)).heapUsed);
}

/** The number of open descriptors, once it has not changed for 3 s: closing takes up to 2 s. */
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

/** Heap and descriptors, once the connections of attackers are closed: then there are as many descriptors as `before`. */
export async function measured(server: ServerProcess, before: number): Promise<Usage> {
  const descriptors = await eventually(() => descriptorsNow(server), before);
  return { heap: await heapOf(server), descriptors };
}

/** How the usage of a server changed. */
export type Growth = {
  readonly heapGrowthBytes: number;
  readonly descriptorsBefore: number;
  readonly descriptorsAfter: number;
};

export function growthOf(before: Usage, after: Usage): Growth {
  const heapGrowthBytes = after.heap - before.heap;
  return { heapGrowthBytes, descriptorsBefore: before.descriptors, descriptorsAfter: after.descriptors };
}
