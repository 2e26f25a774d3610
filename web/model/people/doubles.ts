/** The display names that more than one of these people has. The eye does not tell capitals apart, so they are the same here. */
export function doubleNames(people: Iterable<{ readonly display_name: string }>): ReadonlySet<string> {
  const counts = new Map<string, number>();
  for (const { display_name: name } of people) counts.set(folded(name), (counts.get(folded(name)) ?? 0) + 1);
  return new Set([...counts].filter(([, count]) => count > 1).map(([name]) => name)); // WEB-109
}

/** Whether somebody else in the list has the same display name. */
export function isDouble(doubles: ReadonlySet<string>, name: string): boolean {
  return doubles.has(folded(name));
}

/** Whether the name has the text in it, without regard to case, accents and width. */
export function hasInName(name: string, text: string): boolean {
  return folded(name).includes(folded(text.trim())); // WEB-107
}

function folded(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}
