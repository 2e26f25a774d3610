import { type SpawnOptions, spawn } from 'node:child_process';
import { constants } from 'node:os';

/** Flags for every run of tests; a test that takes longer than its timeout fails. */
export const TEST_FLAGS = ['--disable-warning=ExperimentalWarning', '--test', '--test-timeout=120000'];

/** Loads what watches the prototypes into every process that runs tests (T4). */
export const CANARY = ['--import', new URL('../../testing/canary.ts', import.meta.url).href];

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** How a program ended: its exit code as a shell gives it, and what it said on both outputs if they were piped. */
export type Outcome = { readonly code: number; readonly output: string };

/** Runs a program of this Node to its end. It leads a process group of its own, which dies with it and with this process. */
export async function runGroup(args: readonly string[], limitMs: number, options: SpawnOptions = {}): Promise<Outcome> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options, detached: true });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => (output += text));
  const kill = () => killGroup(child.pid);
  const timer = setTimeout(kill, limitMs);
  process.on('exit', kill);
  const code = await new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (status, signal) => resolve(status ?? 128 + constants.signals[signal ?? 'SIGKILL']));
  });
  clearTimeout(timer);
  process.off('exit', kill);
  kill();
  return { code, output };
}

/**
 * Runs a program of this Node to its end, with this process's input and outputs, and gives its exit code. It is asked to
 * end when its time is over, and when this process is.
 */
export async function runHere(args: readonly string[], limitMs: number): Promise<number> {
  const child = spawn(process.execPath, args, { stdio: 'inherit', timeout: limitMs });
  for (const signal of SIGNALS) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal ?? 'SIGKILL']));
  });
}

/** From now on the signals that ask this process to end make it exit, so that what it started ends too. */
export function exitOnSignals(): void {
  for (const signal of SIGNALS) {
    process.once(signal, () => process.exit(128 + constants.signals[signal]));
  }
}

function killGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // all of it is over already
  }
}
