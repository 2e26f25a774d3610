import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A file of the project; the path is relative to its root, with `/`. */
export type SourceFile = { readonly path: string; readonly text: string };

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The folders of the project's own code. */
export const FOLDERS = ['src', 'web', 'testing', 'test', 'scripts', 'bench', 'examples'];

/** How the path of code ends; only code of `web/` with markup in it ends in the second. */
export const CODE = ['.ts', '.tsx'];

/** The files in these folders whose path ends in `ending`, or in one of several, sorted by path. */
export function readTree(
  folders: readonly string[],
  ending: string | readonly string[],
  root: string = ROOT,
): SourceFile[] {
  const paths = folders.filter((folder) => existsSync(join(root, folder))).flatMap((folder) => filesIn(root, folder));
  const wanted = paths.filter((path) => [ending].flat().some((each) => path.endsWith(each))).sort();
  return wanted.map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}

/** True for a test, one that measures time, a suite that several tests share, and a program that a test starts. */
export function isTest(path: string): boolean {
  return /\.(test|timing|suite|child)\.ts$/.test(path);
}

/** Prints the problems and sets the exit code; without problems prints `good`. */
export function finish(problems: readonly string[], good: string): void {
  for (const problem of problems) process.stdout.write(`${problem}\n`);
  if (problems.length === 0) process.stdout.write(`${good}\n`);
  else process.exitCode = 1;
}

function filesIn(root: string, folder: string): string[] {
  const entries = readdirSync(join(root, folder), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return files.map((entry) =>
    join(entry.parentPath, entry.name).slice(root.length).replaceAll('\\', '/').replace(/^\//, ''),
  );
}
