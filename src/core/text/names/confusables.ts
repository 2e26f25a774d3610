import data from './confusables.data.json' with { type: 'json' };

/** A character, and its prototype: the text that it can be taken for (UTS #39). */
export type Confusable = { readonly character: string; readonly prototype: string };

function textOf(codes: string): string {
  return String.fromCodePoint(...codes.split(' ').map((code) => Number.parseInt(code, 16)));
}

/** Unicode's table, as far as it matters for names. */
export const confusables: readonly Confusable[] = data.alike.flatMap(([prototype = '', characters = '']) =>
  characters.split(' ').map((code) => ({ character: textOf(code), prototype: textOf(prototype) })),
);
