import type { Clock, Log } from '../../core/ports.ts';
import { reasonOf } from '../../lib/reason.ts';
import type { Blobs } from '../../storage/blobs.ts';

const PAUSE_MS = 60 * 60 * 1_000;

/**
 * Deletes pictures that no account names, at once and then every hour. While it cannot be read which ones accounts name,
 * nothing is deleted. Returns the function that ends this.
 */
export function sweepHourly(
  blobs: Pick<Blobs, 'sweep'>,
  named: () => Promise<ReadonlySet<string>>,
  clock: Clock,
  log: Log,
): () => void {
  let stopped = false;

  async function sweep(): Promise<void> {
    try {
      let names: Promise<ReadonlySet<string>> | null = null;
      await blobs.sweep(async (digests) => {
        const known = await (names ??= named());
        return digests.filter((digest) => known.has(digest)); // SERVER-185
      });
    } catch (error) {
      if (!stopped) log.warn('picture-sweep-failed', { reason: reasonOf(error) });
    }
    if (!stopped) cancel = clock.after(PAUSE_MS, () => void sweep());
  }

  let cancel = () => {};
  void sweep();
  return () => {
    stopped = true;
    cancel();
  };
}
