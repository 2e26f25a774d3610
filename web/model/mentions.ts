import { segmentsOf } from './segments.ts';

/** What may follow a name in a sentence, although names may contain it. */
const AFTER = /[.,…'’\-_*]+$/u;

/** Whether a text has one of these names after `@`, in any case. Code and links mention nobody. */
export function isMentioned(text: string, names: readonly string[]): boolean {
  const wanted = new Set(names.map(folded).filter((name) => name !== ''));
  return segmentsOf(text).some((segment) => {
    if (segment.type !== 'mention') return false;
    const word = segment.text.replace(/^@/, '');
    return wanted.has(folded(word)) || wanted.has(folded(word.replace(AFTER, '')));
  });
}

function folded(name: string): string {
  return name.normalize('NFKC').toLowerCase();
}
