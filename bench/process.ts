import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const TICK_US = 10_000;

/** The CPU time of a process so far: all threads, user and system, in microseconds (Linux). */
export function cpuMicroseconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_US;
}

/** The resident memory of a process in KiB (Linux). */
export function residentKiB(pid: number): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
}

/** A server under measurement. */
export type Server = {
  readonly name: string;
  readonly port: number;
  readonly pid: number;
  /** Collects garbage and returns the live bytes, on the heap and in buffers outside of it. */
  collect(): Promise<number>;
  stop(): Promise<void>;
};

/** The flags of a node process that collects garbage on a signal. */
export const COLLECTABLE: readonly string[] = [
  '--expose-gc',
  '--import',
  fileURLToPath(new URL('./servers/collect.ts', import.meta.url)),
];

/** Starts one of `servers/` in its own process. */
export async function startReferenceServer(name: string): Promise<Server> {
  const child: ChildProcess = fork(fileURLToPath(new URL(`./servers/${name}.ts`, import.meta.url)), {
    execArgv: ['--disable-warning=ExperimentalWarning', ...COLLECTABLE],
    silent: true,
  });
  const [address] = (await once(child, 'message')) as [{ port: number }];
  const { pid = 0, stdout } = child;
  if (stdout === null) throw new Error('a child without output');
  const lines = createInterface({ input: stdout });
  const collect = async () => {
    const collected = once(lines, 'line') as Promise<[string]>;
    child.kill('SIGUSR2');
    return Number(JSON.parse((await collected)[0]).bytes);
  };
  const stop = async () => {
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  return { name, port: address.port, pid, collect, stop };
}
