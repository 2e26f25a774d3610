import { foldText } from '../../src/lib/search/fold.ts';

/** Where words of a name begin. */
const WORD = /[\p{L}\p{M}\p{N}]+/gu;
const BLANKS = /\p{White_Space}+/u;

/** Of these the ones that a query means, the best first; those that fit equally well stay in their order. */
export function quickMatches<T>(
  query: string,
  all: readonly T[],
  namesOf: (one: T) => readonly string[],
): readonly T[] {
  const wanted = foldText(query).trim();
  if (wanted === '') return all;
  return all
    .flatMap((one) => {
      const ranks = namesOf(one).flatMap((name) => rankOf(wanted, foldText(name)) ?? []);
      return ranks.length === 0 ? [] : { one, rank: Math.min(...ranks) };
    })
    .toSorted((a, b) => a.rank - b.rank) // WEB-135
    .map(({ one }) => one);
}

/** How well a name fits: it begins so (0), its words do (1), their first letters do (2), or it is within (3); null if not at all. */
function rankOf(wanted: string, name: string): number | null {
  if (name.startsWith(wanted)) return 0;
  const words = name.match(WORD) ?? [];
  if (wanted.split(BLANKS).every((part) => words.some((word) => word.startsWith(part)))) return 1;
  const initials = words.map((word) => [...word][0]).join('');
  if (initials.includes(wanted)) return 2;
  return name.includes(wanted) ? 3 : null;
}
