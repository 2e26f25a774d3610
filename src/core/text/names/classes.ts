import type { Confusable } from './confusables.ts';

const ASCII = /^[!-~]/;

/**
 * For each folded character that can be taken for others: the text that represents them all. Looks and case together would
 * make r, u, y, z and t one class by way of other scripts (Greek nu looks like N in upper and like v in lower case). So an
 * entry is left out if it would join two ASCII characters that do not look alike.
 */
export function representatives(confusables: readonly Confusable[]): ReadonlyMap<string, string> {
  const parents = new Map<string, string>();
  const sequences = new Map<string, string>();
  const ordered = confusables.toSorted((a, b) => rank(a) - rank(b));

  const rootOf = (character: string): string => {
    const parent = parents.get(character);
    return parent === undefined ? character : rootOf(parent);
  };

  for (const { character, prototype } of ordered) {
    const source = rootOf(fold(character));
    const target = rootOf(foldAll(prototype));
    if ([...target].length > 1 || source === target) continue;
    if (!ASCII.test(source)) parents.set(source, target);
    else if (!ASCII.test(target)) parents.set(target, source);
    else if (ASCII.test(character)) parents.set(source, target); // NAME-16
  }

  for (const { character, prototype } of ordered) {
    const target = foldAll(prototype);
    const source = rootOf(fold(character));
    if ([...target].length === 1 || sequences.has(source)) continue;
    if (!ASCII.test(source) || ASCII.test(character)) sequences.set(source, target); // NAME-16
  }

  const members = new Set([...parents.keys(), ...parents.values(), ...sequences.keys()]);
  return new Map([...members].map((member) => [member, sequences.get(rootOf(member)) ?? rootOf(member)]));
}

/** The surest likenesses first: of ASCII itself, then capitals with ASCII, small letters, the other capitals. */
function rank({ character, prototype }: Confusable): number {
  if (ASCII.test(character)) return 0;
  if (character === character.toLowerCase()) return 2;
  return ASCII.test(prototype) ? 1 : 3;
}

/** A character without its case: upper and lower case, and both small sigmas, fold to the same text. */
export function fold(character: string): string {
  return character.toUpperCase().toLowerCase();
}

function foldAll(text: string): string {
  return [...text.normalize('NFD')].map(fold).join('');
}
