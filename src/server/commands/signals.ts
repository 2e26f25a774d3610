import type { Clock } from '../../core/ports.ts';

/** One press of Ctrl-C may arrive several times: from the terminal, and from each program that hands it on. */
const SAME_PRESS_MS = 500;

/** What is needed of the process. */
type Signalled = {
  on(signal: 'SIGTERM' | 'SIGINT', hear: () => void): unknown;
  exit(code: number): void;
};

/** The first SIGTERM or SIGINT asks to stop; one that comes half a second later or more ends the process at once. */
export function stopOnSignals(signalled: Signalled, clock: Pick<Clock, 'monotonic'>, stop: () => void): void {
  let first: number | null = null;
  const hear = () => {
    const now = clock.monotonic();
    if (first === null) {
      first = now;
      stop(); // SERVER-50
    } else if (now - first >= SAME_PRESS_MS) signalled.exit(1); // SERVER-53
  };
  signalled.on('SIGTERM', hear);
  signalled.on('SIGINT', hear);
}
