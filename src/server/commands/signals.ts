import type { Clock } from '../../core/ports.ts';

/** One press of Ctrl-C may arrive several times: from the terminal, and from each program that forwards it. */
const SAME_PRESS_MS = 500;

/** The part of the process that is used. */
type SignalSource = {
  on(signal: 'SIGTERM' | 'SIGINT' | 'SIGHUP' | 'SIGUSR1' | 'SIGUSR2', receive: () => void): unknown;
  exit(code: number): void;
};

type Reactions = {
  /** Whether SIGHUP means that the terminal was closed. */
  readonly atTerminal: boolean;
  readonly stop: () => void;
  readonly reload: () => void;
};

/** Stops on the first SIGTERM or SIGINT; another one half a second later or more ends the process at once. */
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
  source.on('SIGHUP', reactions.atTerminal ? stop : reactions.reload); // SERVER-125
}

/** SIGUSR1 would open Node's debugger, SIGUSR2 would end the process. */
export function ignoreOtherSignals(source: Pick<SignalSource, 'on'>): void {
  source.on('SIGUSR1', () => {}); // SERVER-126
  source.on('SIGUSR2', () => {}); // SERVER-126
}
