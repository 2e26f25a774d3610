import data from './unicode.data.json' with { type: 'json' };

/** The inside of a character class of a regular expression, from ranges like `41-5a b5` in hexadecimal. */
function classOf(ranges: string): string {
  return ranges.replace(/[0-9a-f]+/g, '\\u{$&}').replaceAll(' ', '');
}

/** What a name may hold at all, as Unicode had assigned it in the version of the data. */
export const assigned = classOf(data.assigned);

/** Bidi classes (UAX #9) of the assigned characters: R with AL, AN, EN, NSM, and ES, CS, ET, ON and BN as neutral. */
export const bidi = {
  R: classOf(data.bidiR),
  AN: classOf(data.bidiAN),
  EN: classOf(data.bidiEN),
  NSM: classOf(data.bidiNSM),
  neutral: classOf(data.bidiNeutral),
};

/** Joining types: what joins to the left (L and D), what joins to the right (R and D), and what joining passes over (T). */
export const joining = {
  left: classOf(data.joiningLeft),
  right: classOf(data.joiningRight),
  transparent: classOf(data.joiningTransparent),
};

/** Characters of the canonical combining class Virama. */
export const virama = classOf(data.virama);
