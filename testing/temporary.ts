import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Runs functions at the end, as the context of a test does. */
export type Cleanup = { after(run: () => Promise<void>): void };

/** A new directory that is removed at the end, on disk, or in memory if the system can. */
export function temporaryDirectory(cleanup: Cleanup, where: 'disk' | 'memory' = 'disk'): string {
  const parent = where === 'memory' && existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
  const directory = mkdtempSync(join(parent, 'parlance-'));
  cleanup.after(async () => rmSync(directory, { recursive: true, force: true }));
  return directory;
}
