import data from './unicode.data.json' with { type: 'json' };

/** The inside of a character class of a regular expression, from ranges like `41-5a b5` in hexadecimal. */
function classOf(ranges: string): string {
  return ranges.replace(/[0-9a-f]+/g, '\\u{$&}').replaceAll(' ', '');
}

/** The characters that were assigned in the data's version of Unicode. */
export const assigned = classOf(data.assigned);

/** Bidi classes (UAX #9) of the assigned characters: R with AL, AN, EN, NSM, and ES, CS, ET, ON and BN as neutral. */
export const bidi = {
  R: classOf(data.bidiR),
  AN: classOf(data.bidiAN),
  EN: classOf(data.bidiEN),
  NSM: classOf(data.bidiNSM),
  neutral: classOf(data.bidiNeutral),
};

/** Joining types: characters that join to the left (L and D), to the right (R and D), and those that joining skips (T). */
export const joining = {
  left: classOf(data.joiningLeft),
  right: classOf(data.joiningRight),
  transparent: classOf(data.joiningTransparent),
};

/** Characters of the canonical combining class Virama. */
export const virama = classOf(data.virama);
