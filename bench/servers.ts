import { startServerProcess } from '../testing/server.ts';
import { COLLECTABLE, type Server, startReferenceServer } from './process.ts';

/** The measured servers: Parlance, the least that any server must do, and a usual loop over the members. */
export const serverStarters: readonly (readonly [string, () => Promise<Server>])[] = [
  ['parlance', startParlance],
  ['minimal', () => startReferenceServer('minimal')],
  ['naive', () => startReferenceServer('naive')],
];

/** Starts the server in its own process. */
export async function startParlance(): Promise<Server> {
  const cleanups: (() => Promise<void>)[] = [];
  const server = await startServerProcess({ after: (run) => void cleanups.push(run) }, { nodeArgs: COLLECTABLE });
  const collections = () => server.log.filter(({ event }) => event === 'collected');
  const collect = async () => {
    const seen = collections().length;
    server.kill('SIGUSR2');
    return Number((await server.line('collected', (line) => collections().indexOf(line) === seen)).bytes);
  };
  const stop = async () => {
    await server.stop();
    for (const run of cleanups.toReversed()) await run();
  };
  return { name: 'parlance', port: server.port, pid: server.pid, collect, stop };
}
