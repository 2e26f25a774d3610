import { foldText } from '../../src/lib/search/fold.ts';
import { parseQuery, type Phrase, type Query } from '../../src/lib/search/query.ts';
import { piecesOf, termsOfPiece } from '../../src/lib/search/terms.ts';

/** A piece of a text; `isFound` if a search was after it. */
export type FoundPiece = { readonly text: string; readonly isFound: boolean };

/** From one place in a text up to another one. */
type Range = { readonly from: number; readonly to: number };
/** A word, or a character of a run of a script without blanks, as it is compared, and where it is in the text. */
type Word = Range & { readonly folded: string; readonly run: number | null };

/** So much of a long text is shown before the first word that was found, and altogether. */
const BEFORE = 80;
const LONGEST = 400;

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Takes a text apart into what a query finds in it and what it does not, as the server compares them. */
export function foundPieces(text: string, query: string): readonly FoundPiece[] {
  const parsed = parseQuery(query);
  if (!parsed.ok) return text === '' ? [] : [{ text, isFound: false }];
  const pieces: FoundPiece[] = [];
  let done = 0;
  for (const { from, to } of joined(rangesOf(text, parsed.value))) {
    if (from > done) pieces.push({ text: text.slice(done, from), isFound: false });
    pieces.push({ text: text.slice(from, to), isFound: true }); // WEB-130
    done = to;
  }
  if (done < text.length) pieces.push({ text: text.slice(done), isFound: false });
  return pieces;
}

/** The part of a long text around the first word that was found. */
export function excerptOf(pieces: readonly FoundPiece[]): readonly FoundPiece[] {
  const length = pieces.reduce((sum, { text }) => sum + text.length, 0);
  if (length <= LONGEST) return pieces; // WEB-131
  const first = pieces.findIndex(({ isFound }) => isFound);
  const before = first < 1 ? '' : (pieces[0]?.text ?? '');
  const lead = before.length > BEFORE ? `… ${tailOf(before, BEFORE)}` : before;
  const shown: FoundPiece[] = lead === '' ? [] : [{ text: lead, isFound: false }];
  let left = LONGEST - lead.length;
  for (const { text, isFound } of pieces.slice(Math.max(first, 0))) {
    const part = headOf(text, left);
    shown.push({ text: part.length < text.length ? `${part} …` : part, isFound });
    left -= part.length;
    if (part.length < text.length) break;
  }
  return shown;
}

function rangesOf(text: string, query: Query): Range[] {
  const words = wordsOf(text);
  return query.flatMap((phrase) => words.flatMap((_, start) => phraseAt(words, start, phrase) ?? []));
}

/** The range of a phrase if it begins with this word; else null. */
function phraseAt(words: readonly Word[], start: number, { terms, prefix }: Phrase): Range | null {
  let end = 0;
  for (const [index, term] of terms.entries()) {
    const isLast = index === terms.length - 1;
    const word = words[start + index];
    if (word === undefined) return null;
    // In a run each character begins a term of two.
    const next = word.run === null || words[start + index + 1]?.run !== word.run ? undefined : words[start + index + 1];
    const own = word.folded + (next?.folded ?? '');
    if (prefix && isLast ? !own.startsWith(term) : own !== term) return null;
    end = next !== undefined && term.length > word.folded.length ? next.to : word.to;
  }
  return { from: words[start]?.from ?? 0, to: end };
}

/** The words of a text. A character of several letters, such as one with accents, is never divided. */
function wordsOf(text: string): Word[] {
  let folded = '';
  const origins: Range[] = [];
  for (const { segment, index } of graphemes.segment(text)) {
    const part = foldText(segment);
    for (let at = 0; at < part.length; at++) origins.push({ from: index, to: index + segment.length });
    folded += part;
  }
  const words: Word[] = [];
  let at = 0;
  for (const [index, piece] of piecesOf(folded).entries()) {
    at = folded.indexOf(piece.text, at);
    for (const part of piece.isRun ? piece.text : [piece.text]) {
      const range = { from: origins[at]?.from ?? 0, to: origins[at + part.length - 1]?.to ?? text.length };
      const word = piece.isRun ? part : (termsOfPiece(piece)[0] ?? part);
      words.push({ ...range, folded: word, run: piece.isRun ? index : null });
      at += part.length;
    }
  }
  return words;
}

/** In order, and those that touch or overlap as one. */
function joined(ranges: readonly Range[]): Range[] {
  const done: Range[] = [];
  for (const range of ranges.toSorted((one, other) => one.from - other.from)) {
    const last = done.at(-1);
    if (last === undefined || range.from > last.to) done.push(range);
    else done[done.length - 1] = { from: last.from, to: Math.max(last.to, range.to) };
  }
  return done;
}

/** So many characters, cut where no character is divided. */
function headOf(text: string, length: number): string {
  if (text.length <= length) return text;
  let end = 0;
  for (const { segment, index } of graphemes.segment(text.slice(0, length + 64))) {
    if (index + segment.length > length) break;
    end = index + segment.length;
  }
  return text.slice(0, end);
}

function tailOf(text: string, length: number): string {
  const part = text.slice(-length);
  const first = graphemes.segment(text).containing(text.length - part.length);
  return first === undefined ? part : text.slice(first.index);
}
