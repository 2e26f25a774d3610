import { startServerProcess } from '../testing/server.ts';
import { COLLECTABLE, type Measured, startSimple } from './process.ts';

/** The servers that are measured: this one, the least there can be, and what is usually written. */
export const starters: readonly (readonly [string, () => Promise<Measured>])[] = [
  ['parlance', startParlance],
  ['floor', () => startSimple('floor')],
  ['loop', () => startSimple('loop')],
];

async function startParlance(): Promise<Measured> {
  const undo: (() => Promise<void>)[] = [];
  const server = await startServerProcess({ after: (run) => void undo.push(run) }, { nodeArgs: COLLECTABLE });
  const collections = () => server.log.filter(({ event }) => event === 'collected');
  const collect = async () => {
    const seen = collections().length;
    server.kill('SIGUSR2');
    return Number((await server.line('collected', (line) => collections().indexOf(line) === seen)).bytes);
  };
  const stop = async () => {
    await server.stop();
    for (const run of undo.toReversed()) await run();
  };
  return { name: 'parlance', port: server.port, pid: server.pid, collect, stop };
}
