import { importsOf } from './imports.ts';
import type { SourceFile } from './tree.ts';

/** The test files that a file is or that import it, directly or over others. */
export function testsOf(path: string, files: readonly SourceFile[]): string[] {
  const importers = importersOf(files);
  const reached = new Set([path]);
  for (const file of reached) for (const importer of importers.get(file) ?? []) reached.add(importer);
  return [...reached].filter((file) => file.endsWith('.test.ts')).sort();
}

/** For each file that is imported, the files that import it. */
function importersOf(files: readonly SourceFile[]): Map<string, string[]> {
  const edges = files.flatMap((file) => importsOf(file).map(({ target }) => ({ target, path: file.path })));
  const grouped = Map.groupBy(edges, ({ target }) => target);
  return new Map([...grouped].map(([target, group]) => [target, group.map(({ path }) => path)]));
}
