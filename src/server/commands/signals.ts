import type { Clock } from '../../core/ports.ts';

/** One press of Ctrl-C may arrive several times: from the terminal, and from each program that forwards it. */
const SAME_PRESS_MS = 500;

/** The part of the process that is used. */
type SignalSource = {
  on(signal: 'SIGTERM' | 'SIGINT', receive: () => void): unknown;
  exit(code: number): void;
};

/** Stops on the first SIGTERM or SIGINT; another one half a second later or more ends the process at once. */
export function stopOnSignals(source: SignalSource, clock: Pick<Clock, 'monotonic'>, stop: () => void): void {
  let first: number | null = null;
  const receive = () => {
    const now = clock.monotonic();
    if (first === null) {
      first = now;
      stop(); // SERVER-50
    } else if (now - first >= SAME_PRESS_MS) source.exit(1); // SERVER-53
  };
  source.on('SIGTERM', receive);
  source.on('SIGINT', receive);
}
