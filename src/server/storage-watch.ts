import type { Clock, Log } from '../core/ports.ts';
import type { ServerStorage } from '../storage/server-storage.ts';
import { completesWithin } from './completes-within.ts';

const PAUSE_MS = 2_000;
const LATE_MS = 5_000;

/**
 * Asks every 2 s whether anything keeps the storage from writing, and logs when that changes, also while nobody writes.
 * Returns the function that ends the watch.
 */
export function watchStorage(storage: Pick<ServerStorage, 'obstacle'>, clock: Clock, log: Log): () => void {
  let known: string | null = null;
  let stopped = false;

  function report(obstacle: string | null): void {
    if (obstacle === known || stopped) return;
    known = obstacle;
    if (obstacle === null) log.info('storage-available');
    else log.error('storage-unavailable', { reason: obstacle }); // SERVER-90
  }

  async function check(): Promise<void> {
    const asking = storage.obstacle().then(report);
    if (!(await completesWithin(LATE_MS, clock, asking))) report('the store does not answer');
    await asking;
    cancel = clock.after(PAUSE_MS, () => void check());
  }

  let cancel = clock.after(PAUSE_MS, () => void check());
  return () => {
    stopped = true;
    cancel();
  };
}
