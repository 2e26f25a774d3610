import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where to leave what has to be done in the end: the context of a test, or something like it. */
export type Cleanup = { after(run: () => Promise<void>): void };

/** A new directory that is removed in the end, on a disk or, where there is such a thing, in memory. */
export function temporaryDirectory(cleanup: Cleanup, where: 'disk' | 'memory' = 'disk'): string {
  const parent = where === 'memory' && existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
  const directory = mkdtempSync(join(parent, 'parlance-'));
  cleanup.after(async () => rmSync(directory, { recursive: true, force: true }));
  return directory;
}
