import { posix } from 'node:path';
import { importsOf } from './imports.ts';
import type { SourceFile } from './tree.ts';

/** The test files that import a file, directly or through others; a test file counts itself. */
export function testsOf(path: string, files: readonly SourceFile[]): string[] {
  const importers = importersOf(files);
  const reached = new Set([path]);
  for (const file of reached) for (const importer of importers.get(file) ?? []) reached.add(importer);
  return [...reached].filter(isTestFile).sort();
}

/**
 * The test files among the changed files, those that import one directly, and for changed data those in the nearest
 * folder above it that has tests.
 */
export function touchedTests(changed: readonly string[], files: readonly SourceFile[]): string[] {
  const importers = importersOf(files);
  const tests = files.map(({ path }) => path).filter(isTestFile);
  const touched = changed.flatMap((path) =>
    /\.tsx?$/.test(path) ? [path, ...(importers.get(path) ?? [])] : testsNearData(posix.dirname(path), tests),
  );
  return [...new Set(touched)].filter((path) => tests.includes(path)).sort();
}

function testsNearData(folder: string, tests: readonly string[]): readonly string[] {
  if (folder === '.') return [];
  const near = tests.filter((test) => posix.dirname(test) === folder);
  return near.length > 0 ? near : testsNearData(posix.dirname(folder), tests);
}

function isTestFile(path: string): boolean {
  return path.endsWith('.test.ts');
}

/** For each file that is imported, the files that import it. */
function importersOf(files: readonly SourceFile[]): Map<string, string[]> {
  const edges = files.flatMap((file) => importsOf(file).map(({ target }) => ({ target, path: file.path })));
  const grouped = Map.groupBy(edges, ({ target }) => target);
  return new Map([...grouped].map(([target, group]) => [target, group.map(({ path }) => path)]));
}
