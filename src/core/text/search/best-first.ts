import { foldText } from '../../../lib/search/fold.ts';
import { isFound, type Query } from '../../../lib/search/query.ts';

/** Something that is found by its texts, in the order of their importance. */
export type Named<T> = { readonly value: T; readonly id: number; readonly texts: readonly string[] };

/** Of these the ones in which the query is found: those with the shortest text that has its first phrase come first. */
export function bestFirst<T>(query: Query, all: readonly Named<T>[], limit: number): T[] {
  const found = all.flatMap((named) =>
    isFound(query, named.texts) ? { ...named, name: nameOf(query, named.texts) } : [],
  );
  return found
    .sort((a, b) => a.name.length - b.name.length || compare(a.name, b.name) || a.id - b.id)
    .slice(0, limit)
    .map(({ value }) => value);
}

function nameOf(query: Query, texts: readonly string[]): string {
  const names = texts.filter((text) => isFound(query.slice(0, 1), [text])).map(foldText);
  return names.reduce((shortest, name) => (name.length < shortest.length ? name : shortest), names[0] ?? '');
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
