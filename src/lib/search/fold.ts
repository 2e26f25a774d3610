const ASCII = /^[\x00-\x7f]*$/;

/** What is left out: accents, the vowel points of Semitic scripts, and characters that nobody sees. Voice marks of kana stay. */
const LEFT_OUT =
  /[[\p{M}&&\p{sc=Inherited}]--[\u3099\u309A]]|[\p{Mn}&&[\p{sc=Hebrew}\p{sc=Arabic}\p{sc=Syriac}]]|[\p{Default_Ignorable_Code_Point}\p{Cf}\u0640]/gv;

/** Letters that people type for each other and that Unicode does not decompose. */
const LETTERS: ReadonlyMap<string, string> = new Map([
  ['ς', 'σ'],
  ['ß', 'ss'],
  ['æ', 'ae'],
  ['œ', 'oe'],
  ['ø', 'o'],
  ['ł', 'l'],
  ['đ', 'd'],
  ['ð', 'd'],
  ['þ', 'th'],
  ['ħ', 'h'],
  ['ŧ', 't'],
  ['ى', 'ي'],
  ['ی', 'ي'],
  ['ک', 'ك'],
  ['ة', 'ه'],
]);
const LETTER = new RegExp(`[${[...LETTERS.keys()].join('')}]`, 'gu');

/** A text as searches compare it: without case, accents and differences of form. A folded text is its own folding. */
export function foldText(text: string): string {
  if (ASCII.test(text)) return text.toLowerCase();
  const letters = text.normalize('NFKD').toUpperCase().toLowerCase().normalize('NFKD'); // TEXT-20
  return letters
    .replace(LEFT_OUT, '') // TEXT-20
    .replace(LETTER, (letter) => LETTERS.get(letter) ?? letter) // TEXT-20
    .normalize('NFC');
}
