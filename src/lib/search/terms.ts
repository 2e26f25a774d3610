import { foldText } from './fold.ts';

/** Longer words are cut: nobody types them. */
const MAX_WORD = 64;

/** The scripts whose words have no blanks between them, and Hangul, whose words carry their particles. */
const SCRIPTS =
  'Hani Hira Kana Bopo Yiii Hang Tang Thai Laoo Khmr Mymr Tibt Tale Talu Lana Tavt Ahom Cham Java Bali'.split(' ');
const LETTERS = '[\\p{L}\\p{M}\\p{N}]';
const CONTINUOUS = `[${LETTERS}&&[${SCRIPTS.map((script) => `\\p{scx=${script}}`).join('')}]]`;
const PICTURES = '[\\p{Extended_Pictographic}\\p{Regional_Indicator}]';
const PIECES = new RegExp(`(${CONTINUOUS}+)|[${LETTERS}--${CONTINUOUS}]+|${PICTURES}`, 'gv');

/** A piece of a folded text: a word or a picture, or a run of characters of a script without blanks. */
export type Piece = { readonly text: string; readonly isRun: boolean };

/** The pieces of a folded text, in order. What is between them is not searched. */
export function piecesOf(folded: string): Piece[] {
  return Array.from(folded.matchAll(PIECES), ([text, run]) => ({ text, isRun: run !== undefined }));
}

/**
 * The terms by which a text is found, in order. A word is one term. In a run each character begins a term of two, so that any
 * part of the run is a series of terms.
 */
export function termsOf(text: string): string[] {
  return piecesOf(foldText(text)).flatMap(termsOfPiece);
}

export function termsOfPiece({ text, isRun }: Piece): string[] {
  if (!isRun) return [text.length > MAX_WORD ? [...text].slice(0, MAX_WORD).join('') : text]; // TEXT-25
  const characters = [...text];
  return characters.map((character, index) => character + (characters[index + 1] ?? '')); // TEXT-21
}
