import type { Clock } from '../../core/ports.ts';

/** One press of Ctrl-C may arrive several times: from the terminal, and from each program that forwards it. */
const SAME_PRESS_MS = 500;

const IGNORED: readonly NodeJS.Signals[] = [
  'SIGUSR1',
  'SIGUSR2',
  'SIGALRM',
  'SIGVTALRM',
  'SIGPROF',
  'SIGIO',
  'SIGPWR',
  'SIGSTKFLT',
  'SIGXCPU',
  'SIGXFSZ',
];

/** The part of the process that is used. */
type SignalSource = {
  on(signal: NodeJS.Signals, receive: () => void): unknown;
  exit(code: number): void;
};

type Reactions = {
  /** Whether SIGHUP means that the terminal was closed. */
  readonly atTerminal: boolean;
  readonly stop: () => void;
  readonly reload: () => void;
};

/** Stops on the first SIGTERM, SIGINT or SIGQUIT; another one half a second later or more ends the process at once. */
export function handleSignals(source: SignalSource, clock: Pick<Clock, 'monotonic'>, reactions: Reactions): void {
  let first: number | null = null;
  let stopping = false;
  const stop = () => {
    if (!stopping) reactions.stop();
    stopping = true;
  };
  const receive = () => {
    const now = clock.monotonic();
    first ??= now;
    stop(); // SERVER-50
    if (now - first >= SAME_PRESS_MS) source.exit(1); // SERVER-53
  };
  source.on('SIGTERM', receive);
  source.on('SIGINT', receive);
  source.on('SIGQUIT', receive);
  source.on('SIGHUP', reactions.atTerminal ? stop : reactions.reload); // SERVER-125
}

/** SIGUSR1 would open Node's debugger, the others would end the process. After SIGXFSZ the write fails, which is a refusal. */
export function ignoreOtherSignals(source: Pick<SignalSource, 'on'>): void {
  for (const signal of IGNORED) source.on(signal, () => {}); // SERVER-126
}
