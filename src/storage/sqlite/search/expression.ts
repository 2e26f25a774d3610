import type { PersonId } from '../../../core/model/ids.ts';
import type { Query } from '../../../lib/search/query.ts';
import { saidBy } from '../../search-terms.ts';

/** The line that is indexed of a thing: its terms, with blanks between them; null if it has none. */
export function lineOf(terms: readonly string[]): string | null {
  return terms.length === 0 ? null : terms.join(' ');
}

/**
 * The expression of FTS5 for a query, among what has one of these marks, and of this author if one is given. Terms have no character
 * that means anything in it.
 */
export function expressionOf(query: Query, marks: readonly string[] = [], author: PersonId | null = null): string {
  const phrases = query.map(({ terms, prefix }) => quoted(terms.join(' ')) + (prefix ? ' *' : ''));
  const marked = marks.length === 0 ? [] : [`(${marks.map(quoted).join(' OR ')})`];
  return [...marked, ...(author === null ? [] : [quoted(saidBy(author))]), ...phrases].join(' AND '); // STORE-126
}

function quoted(terms: string): string {
  return `"${terms}"`; // STORE-125
}
