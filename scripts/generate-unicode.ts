// Prints the part of Unicode's character database that the rules of names need and JavaScript's regular expressions lack:
// `node scripts/generate-unicode.ts UnicodeData.txt DerivedJoiningType.txt > src/core/text/names/unicode.data.json`.
import { readFileSync } from 'node:fs';

type Span = { readonly first: number; readonly last: number };
type Character = Span & { readonly category: string; readonly combining: string; readonly bidi: string };

/** The categories of characters that names may contain, and the single characters of other categories. */
const CATEGORIES = /^(?:L[ulmo]|Nd|M[nc])$/;
const SINGLES = /^[!-~\u00B7\u0375\u05F3\u05F4\u06FD\u06FE\u0F0B\u200C\u200D\u3007\u30FB]$/u;

/** Reads UnicodeData.txt, in which a large block is a first and a last line. */
function readCharacters(text: string): Character[] {
  const characters: Character[] = [];
  let first: number | null = null;
  for (const line of text.split('\n')) {
    const [code = '', name = '', category = '', combining = '', bidi = ''] = line.split(';');
    if (code === '') continue;
    const last = Number.parseInt(code, 16);
    if (name.endsWith(', First>')) {
      first = last;
      continue;
    }
    characters.push({ first: first ?? last, last, category, combining, bidi });
    first = null;
  }
  return characters;
}

/** The code points of each joining type in DerivedJoiningType.txt, and the version of that file. */
function readJoining(text: string): { version: string; spans: Map<string, Span[]> } {
  const version = /^# DerivedJoiningType-([\d.]+)\.txt/.exec(text)?.[1];
  if (version === undefined) throw new Error('not a DerivedJoiningType.txt: its first line names no version');
  const spans = new Map<string, Span[]>();
  for (const [, first = '', last = first, type = ''] of text.matchAll(/^([0-9A-F]+)(?:\.\.([0-9A-F]+))?\s*; (\w)/gm)) {
    const span = { first: Number.parseInt(first, 16), last: Number.parseInt(last, 16) };
    spans.set(type, [...(spans.get(type) ?? []), span]);
  }
  return { version, spans };
}

/** The spans in ascending order, with neighbours joined: `41-5a b5`. */
function ranges(spans: readonly Span[]): string {
  const joined: { first: number; last: number }[] = [];
  for (const { first, last } of spans.toSorted((a, b) => a.first - b.first)) {
    const before = joined.at(-1);
    if (before?.last === first - 1) before.last = last;
    else joined.push({ first, last });
  }
  return joined
    .map(({ first, last }) => (first === last ? first.toString(16) : `${first.toString(16)}-${last.toString(16)}`))
    .join(' ');
}

/** Makes the data file of the two files, which must have the same version. */
export function unicodeData(characterLines: string, joiningLines: string): string {
  const { version, spans } = readJoining(joiningLines);
  const all = readCharacters(characterLines);
  const possible = all.filter(
    ({ first, category }) => CATEGORIES.test(category) || SINGLES.test(String.fromCodePoint(first)),
  );
  const bidi = (...classes: string[]) => ranges(possible.filter((character) => classes.includes(character.bidi)));
  const joining = (...types: string[]) => ranges(types.flatMap((type) => spans.get(type) ?? []));
  const data = {
    unicode: version,
    assigned: ranges(possible),
    bidiR: bidi('R', 'AL'),
    bidiAN: bidi('AN'),
    bidiEN: bidi('EN'),
    bidiNSM: bidi('NSM'),
    bidiNeutral: bidi('ES', 'CS', 'ET', 'ON', 'BN'),
    joiningLeft: joining('L', 'D'),
    joiningRight: joining('R', 'D'),
    joiningTransparent: joining('T'),
    virama: ranges(all.filter(({ combining }) => combining === '9')),
  };
  return `${JSON.stringify(data, null, 1)}\n`;
}

if (import.meta.main) {
  const [characters, joining] = process.argv.slice(2);
  if (characters === undefined || joining === undefined)
    throw new Error('give UnicodeData.txt and DerivedJoiningType.txt');
  process.stdout.write(unicodeData(readFileSync(characters, 'utf8'), readFileSync(joining, 'utf8')));
}
