import { cpSync, mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { ROOT } from './tree.ts';

const LEFT_OUT = new Set(['node_modules', '.git', 'data', 'dist']);

/** A copy of the project in a new folder, to be changed and removed; it shares the dependencies, so nothing may be installed in it. */
export function copyOfProject(): string {
  const copy = mkdtempSync(join(tmpdir(), 'parlance-copy-'));
  cpSync(ROOT, copy, { recursive: true, filter: (source) => !LEFT_OUT.has(relative(ROOT, source)) });
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}
