import { err, ok, type Result } from '../result.ts';
import { foldText } from './fold.ts';
import { piecesOf, termsOf, termsOfPiece } from './terms.ts';

const MAX_BYTES = 256;
const MAX_PHRASES = 16;
const QUOTES = /["“”„«»]/u;
const BLANKS = /\p{White_Space}+/u;

const encoder = new TextEncoder();

/** Terms that must follow each other; with `prefix` it is enough that a term begins with the last one. */
export type Phrase = { readonly terms: readonly string[]; readonly prefix: boolean };

/** What is searched for: all of these phrases. */
export type Query = readonly Phrase[];

/** Reads what a person types into a search; there is at least one phrase. Nothing in it is syntax but quotation marks. */
export function parseQuery(text: string): Result<Query, 'empty' | 'too-long'> {
  const isLong = text.length > MAX_BYTES || encoder.encode(text).length > MAX_BYTES;
  if (isLong) return err('too-long'); // TEXT-24
  const parts = foldText(text).split(QUOTES);
  const phrases = parts.flatMap((part, index) => {
    const isQuoted = index % 2 === 1 && index < parts.length - 1; // TEXT-23
    const chunks = isQuoted ? [part] : part.split(BLANKS); // TEXT-22
    return chunks.flatMap((chunk) => phraseOf(chunk, isQuoted) ?? []);
  });
  if (phrases.length > MAX_PHRASES) return err('too-long'); // TEXT-24
  return phrases.length === 0 ? err('empty') : ok(phrases); // TEXT-24
}

/** Whether all phrases of a query are among the terms of one of these texts. */
export function isFound(query: Query, texts: readonly string[]): boolean {
  const all = texts.map(termsOf);
  return query.every((phrase) => all.some((terms) => isAmong(phrase, terms)));
}

/** The phrase that part of a folded query asks for; null if it has nothing that could be found. */
function phraseOf(folded: string, isQuoted: boolean): Phrase | null {
  const pieces = piecesOf(folded);
  const last = pieces.at(-1);
  if (last === undefined) return null;
  const terms = pieces.flatMap(termsOfPiece);
  if (!last.isRun) return { terms, prefix: !isQuoted }; // TEXT-22 TEXT-23
  // The run of the text may go on where that of the query ends, so its last character is no term of its own.
  const isSingle = [...last.text].length === 1;
  return { terms: isSingle ? terms : terms.slice(0, -1), prefix: isSingle }; // TEXT-21
}

function isAmong({ terms, prefix }: Phrase, all: readonly string[]): boolean {
  const last = terms.length - 1;
  const fits = (term: string, index: number, start: number) => {
    const found = all[start + index] ?? '';
    return prefix && index === last ? found.startsWith(term) : found === term; // TEXT-22
  };
  return all.some((_, start) => terms.every((term, index) => fits(term, index, start)));
}
