import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';

/** Flags for every run of tests; a test or a group of them that takes longer than its timeout fails, on a busy machine too. */
export const TEST_FLAGS = ['--disable-warning=ExperimentalWarning', '--test', '--test-timeout=600000'];

/** Loads what watches the prototypes into every process that runs tests (T4). */
export const CANARY = ['--import', new URL('../../testing/canary.ts', import.meta.url).href];

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** How a program ended: its exit code as a shell gives it, and what it said on both outputs. */
export type Outcome = { readonly code: number; readonly output: string };

/**
 * Runs a program of this Node to its end. It leads a process group of its own, which is over with it, with its time, and
 * with this process, which the usual signals end.
 */
export async function runGroup(args: readonly string[], limitMs: number, cwd: string): Promise<Outcome> {
  const child = spawn(process.execPath, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  const kill = () => killGroup(child.pid);
  const end = (signal: NodeJS.Signals) => process.exit(codeOf(null, signal));
  const timer = setTimeout(kill, limitMs);
  process.on('exit', kill);
  for (const signal of SIGNALS) process.on(signal, end);
  child.on('exit', kill);
  const code = await endOf(child, 'close');
  clearTimeout(timer);
  process.off('exit', kill);
  for (const signal of SIGNALS) process.off(signal, end);
  return { code, output };
}

/**
 * Runs a program to its end, with this process's input and outputs, and gives its exit code. It is asked to end when its
 * time is over, and when this process is.
 */
export async function runHere(program: string, args: readonly string[], limitMs: number): Promise<number> {
  const child = spawn(program, args, { stdio: 'inherit', timeout: limitMs });
  for (const signal of SIGNALS) process.on(signal, () => child.kill(signal));
  return endOf(child, 'exit');
}

function endOf(child: ChildProcess, event: 'exit' | 'close'): Promise<number> {
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on(event, (code: number | null, signal: NodeJS.Signals | null) => resolve(codeOf(code, signal)));
  });
}

function codeOf(code: number | null, signal: NodeJS.Signals | null): number {
  return code ?? 128 + constants.signals[signal ?? 'SIGKILL'];
}

function killGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // all of it is over already
  }
}
