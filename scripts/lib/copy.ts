import { cpSync, mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { ROOT } from './tree.ts';

const LEFT_OUT = new Set(['node_modules', '.git', 'data', 'dist']);

/** Copies the project to a new folder and returns its path. The copy shares `node_modules`: do not install anything in it. */
export function copyProject(): string {
  const copy = mkdtempSync(join(tmpdir(), 'parlance-copy-'));
  cpSync(ROOT, copy, { recursive: true, filter: (source) => !LEFT_OUT.has(relative(ROOT, source)) });
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}
