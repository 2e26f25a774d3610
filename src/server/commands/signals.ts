import type { Clock } from '../../core/ports.ts';

/** One press of Ctrl-C may arrive several times: from the terminal, and from each program that hands it on. */
const SAME_PRESS_MS = 500;

/** The first SIGTERM or SIGINT asks to stop; one that comes half a second later or more ends the process at once. */
export function stopOnSignals(clock: Clock, stop: () => Promise<void>): void {
  let first: number | null = null;
  const hear = () => {
    const now = clock.monotonic();
    if (first === null) {
      first = now;
      void stop(); // SERVER-53
    } else if (now - first >= SAME_PRESS_MS) process.exit(1); // SERVER-53
  };
  process.on('SIGTERM', hear);
  process.on('SIGINT', hear);
}
