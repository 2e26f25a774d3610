/** The font that a message names, as it comes from the server: any text may be in it. */
export type NamedFont = { readonly family?: string; readonly color?: string; readonly style?: string };

/** What is shown of a font: each value is one of a fixed set, or a colour of six hexadecimal digits. */
export type ShownFont = {
  readonly fontFamily?: string;
  readonly color?: string;
  readonly fontWeight?: 'bold';
  readonly fontStyle?: 'italic';
  readonly textDecoration?: 'underline' | 'line-through' | 'underline line-through';
};

/** The fonts of this machine that a family is shown in. */
const LOCAL = {
  serif: 'Georgia, "Times New Roman", serif',
  'sans-serif': 'Arial, Helvetica, sans-serif',
  monospace: 'ui-monospace, "Courier New", monospace',
  cursive: '"Comic Sans MS", "Segoe Print", cursive',
} as const;

/** What a family looks like, by a word of its name; the first that occurs counts. */
const LOOKS: readonly (readonly [word: RegExp, look: keyof typeof LOCAL])[] = [
  [/mono|courier|consol|menlo|terminal|fixedsys|lucida console|typewriter|\bcode\b/, 'monospace'],
  [/comic|script|hand|cursive|brush|chancery|marker|segoe print|papyrus/, 'cursive'],
  [
    /sans|arial|helvetica|verdana|tahoma|calibri|segoe|trebuchet|impact|roboto|futura|gothic|lucida grande/,
    'sans-serif',
  ],
  [/serif|times|georgia|garamond|palatino|cambria|bookman|baskerville|didot|roman|century|antiqua/, 'serif'],
];

/** The contrast that text must have to be read easily. */
const LEAST_CONTRAST = 4.5;

/** What is shown of a message's font on this ground, a colour of six hexadecimal digits (T40). */
export function shownFont({ family, color, style }: NamedFont, ground: string): ShownFont {
  const look = family === undefined ? undefined : LOOKS.find(([word]) => word.test(family.toLowerCase()))?.[1];
  const readable = color === undefined ? null : readableColour(color, ground);
  const lines = [...(style?.includes('u') ? ['underline'] : []), ...(style?.includes('s') ? ['line-through'] : [])];
  return {
    ...(look !== undefined && { fontFamily: LOCAL[look] }), // WEB-55
    ...(readable !== null && { color: readable }), // WEB-56
    ...(style?.includes('b') && { fontWeight: 'bold' }),
    ...(style?.includes('i') && { fontStyle: 'italic' }),
    ...(lines.length > 0 && { textDecoration: lines.join(' ') as NonNullable<ShownFont['textDecoration']> }),
  };
}

/** The colour, or the one of its shades next to it that can be read on the ground; null for what is no colour. */
function readableColour(color: string, ground: string): string | null {
  const [from, under] = [parse(color), parse(ground)];
  if (from === null || under === null) return null;
  const to = luminance(under) > 0.18 ? 0 : 255;
  for (let step = 0; step <= 16; step++) {
    const shade = from.map((part) => Math.round(part + ((to - part) * step) / 16));
    if (contrast(shade, under) >= LEAST_CONTRAST)
      return `#${shade.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
  }
  return null;
}

/** The contrast of two colours by WCAG, from 1 to 21. */
export function contrastOf(one: string, other: string): number {
  const [a, b] = [parse(one), parse(other)];
  return a === null || b === null ? 1 : contrast(a, b);
}

function contrast(one: readonly number[], other: readonly number[]): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(parts: readonly number[]): number {
  const [red = 0, green = 0, blue = 0] = parts.map((part) => {
    const value = part / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function parse(color: string): readonly number[] | null {
  if (!/^#[0-9a-f]{6}$/i.test(color)) return null;
  return [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
}
