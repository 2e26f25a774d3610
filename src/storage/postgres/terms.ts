import type { PersonId } from '../../core/model/ids.ts';
import type { Message } from '../../core/model/message.ts';
import type { RowChange } from '../../core/model/rows.ts';
import type { Query } from '../../lib/search/query.ts';
import { accountTerms, messageTerms, roomTerms, saidBy } from '../search-terms.ts';

/** What is indexed of a message, as the text of a tsvector. */
export function termsOfMessage(message: Message): string {
  return storedTerms(messageTerms(message));
}

/** What is indexed of a row, as the text of a tsvector; null for a table without terms. */
export function termsOfRow({ table, row }: Extract<RowChange, { op: 'put' }>): string | null {
  if (table === 'room') return storedTerms(roomTerms(row));
  return table === 'account' ? storedTerms(accountTerms(row)) : null;
}

/**
 * The text of a tsquery that finds everything that a query finds, among what has one of these marks, and of this author if one is
 * given. It finds more: the order of terms is not compared.
 */
export function tsqueryOf(query: Query, marks: readonly string[], author: PersonId | null): string {
  const terms = query.flatMap(({ terms, prefix }) =>
    terms.map((term, index) => quoted(term) + (prefix && index === terms.length - 1 ? ':*' : '')),
  );
  const marked = marks.length === 0 ? [] : [`(${marks.map(quoted).join(' | ')})`];
  const said = author === null ? [] : [quoted(saidBy(author))];
  return [...marked, ...said, ...new Set(terms)].join(' & ');
}

/** Positions are left out: PostgreSQL keeps few of them for a term, so phrases are compared elsewhere. */
function storedTerms(terms: readonly string[]): string {
  return [...new Set(terms)].map(quoted).join(' ');
}

/** Terms have no quotation mark and no backslash. */
function quoted(term: string): string {
  return `'${term}'`; // STORE-125
}
