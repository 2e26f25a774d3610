import type { Upload } from '../../core/model/file.ts';
import type { Clock, Log, Storage } from '../../core/ports.ts';
import type { Files } from '../../core/services/files.ts';
import { cautiousTime } from '../../lib/cautious-time.ts';
import { reasonOf } from '../../lib/reason.ts';
import type { Blobs } from '../../storage/blobs.ts';

const PAUSE_MS = 10 * 60 * 1_000;
/** A file waits for its message for this long. */
const UNSENT_MS = 60 * 60 * 1_000;
const AT_ONCE = 64;

type SweepSources = {
  readonly files: Pick<Files, 'drop'>;
  readonly storage: Pick<Storage, 'uploadsBefore' | 'namedDigests'>;
  readonly blobs: Pick<Blobs, 'sweep'>;
  readonly clock: Clock;
  readonly log: Log;
};

/**
 * Ends uploads that were not sent in an hour and deletes bytes that no file has, at once and then every ten minutes. While
 * storage cannot be read nothing is deleted. Returns the function that ends this.
 */
export function sweepFiles({ files, storage, blobs, clock, log }: SweepSources): () => void {
  const time = cautiousTime(clock);
  let stopped = false;

  async function sweep(): Promise<void> {
    try {
      await dropUnsent();
      await blobs.sweep((digests) => storage.namedDigests(digests)); // SERVER-279
    } catch (error) {
      if (!stopped) log.warn('file-sweep-failed', { reason: reasonOf(error) });
    }
    if (!stopped) cancel = clock.after(PAUSE_MS, () => void sweep());
  }

  async function dropUnsent(): Promise<void> {
    for (;;) {
      const uploads = await storage.uploadsBefore(time() - UNSENT_MS, AT_ONCE); // SERVER-278
      await Promise.all(uploads.map(drop));
      if (uploads.length < AT_ONCE) return;
    }
  }

  function drop(upload: Upload): Promise<void> {
    return new Promise((resolve, reject) =>
      files.drop(upload, (result) => (result.ok ? resolve() : reject(new Error(result.error.type)))),
    );
  }

  let cancel = () => {};
  void sweep();
  return () => {
    stopped = true;
    cancel();
  };
}
