/** A character without its case: upper and lower case, and both small sigmas, fold to the same text. */
export function fold(character: string): string {
  return character.toUpperCase().toLowerCase();
}
