import { EMOJI } from './emoji-list.ts';

/** A character to pick, and what it is called in the languages of the page. */
export type Emoji = { readonly emoji: string; readonly names: readonly string[] };

const ALL: readonly Emoji[] = EMOJI.trim()
  .split('\n')
  .map((line) => {
    const [emoji = '', ...names] = line.split('|');
    return { emoji, names };
  });

/** The emoji of which a name has each of these words, or words that begin so, in whichever language; all for no words. */
export function findEmoji(query: string): readonly Emoji[] {
  const wanted = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return ALL;
  return ALL.filter(({ names }) => names.some((name) => hasWords(name, wanted)));
}

function hasWords(name: string, wanted: readonly string[]): boolean {
  const words = name.toLowerCase().split(' ');
  return wanted.every((start) => words.some((word) => word.startsWith(start)));
}
