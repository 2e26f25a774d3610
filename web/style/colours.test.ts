import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const SHEET = readFileSync(new URL('./colours.css', import.meta.url), 'utf8');
const COLOUR = /--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);/g;

/** Each ground, and the texts that stand on it. */
const TEXTS: { readonly [ground: string]: readonly string[] } = {
  page: ['text', 'quiet', 'strong', 'problem'],
  surface: ['text', 'quiet', 'strong', 'problem'],
  raised: ['text', 'quiet', 'strong', 'problem'],
  hover: ['text', 'quiet', 'strong'],
  chosen: ['text', 'quiet', 'strong'],
  code: ['text', 'strong'],
  mention: ['text', 'quiet', 'strong'],
  'problem-ground': ['text', 'problem'],
  strong: ['on-strong'],
  'strong-hover': ['on-strong'],
};

/** Each ground, and the edges and marks on it without which one would not know a control or a state. */
const MARKS: { readonly [ground: string]: readonly string[] } = {
  page: ['field', 'strong', 'online', 'away', 'busy'],
  surface: ['field', 'strong', 'online', 'away', 'busy'],
  raised: ['field', 'strong', 'online', 'away', 'busy'],
  hover: ['strong'],
  chosen: ['strong'],
};

/** The relative luminance of a colour, as WCAG defines it. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/** Pairs of colours whose contrast is too low in light or in dark. */
function tooLow(sheet: string, pairs: typeof TEXTS, least: number): string[] {
  const colours = new Map(
    Array.from(sheet.matchAll(COLOUR), ([, name = '', light = '', dark = '']) => [name, [light, dark]]),
  );
  return Object.entries(pairs).flatMap(([ground, others]) =>
    others.flatMap((other) =>
      ['light', 'dark'].flatMap((theme, index) => {
        const [one, two] = [colours.get(ground)?.[index], colours.get(other)?.[index]];
        assert.ok(one !== undefined && two !== undefined, `${other} on ${ground} is not among the colours`);
        const found = contrast(one, two);
        return found < least ? [`${other} on ${ground} in ${theme}: ${found.toFixed(2)}`] : [];
      }),
    ),
  );
}

test('WEB-161 every text has a contrast of at least 4.5 to its ground, in light and in dark', () => {
  assert.deepEqual(tooLow(SHEET, TEXTS, 4.5), []);
});

test('WEB-161 every edge of a control and every mark has a contrast of at least 3', () => {
  assert.deepEqual(tooLow(SHEET, MARKS, 3), []);
});

test('WEB-161 every colour is in one of the tables, but for lines that only adorn', () => {
  const known = new Set([TEXTS, MARKS].flatMap((pairs) => Object.entries(pairs).flat(2)));
  const names = Array.from(SHEET.matchAll(COLOUR), ([, name = '']) => name);
  assert.deepEqual(
    names.filter((name) => !known.has(name) && name !== 'line'),
    [],
  );
});

test('WEB-161 contrast is computed as WCAG does, and a colour that is too near is found', () => {
  assert.equal(contrast('#000000', '#ffffff'), 21);
  assert.equal(contrast('#777777', '#ffffff').toFixed(2), '4.48');
  const grey = '--page: light-dark(#ffffff, #000000);\n--text: light-dark(#777777, #777777);';
  assert.deepEqual(tooLow(grey, { page: ['text'] }, 4.5), ['text on page in light: 4.48']);
});

test('WEB-161 no style sheet has a colour of its own', () => {
  for (const [, name = ''] of readFileSync(new URL('./main.css', import.meta.url), 'utf8').matchAll(
    /'\.\/([\w-]+)\.css'/g,
  )) {
    if (name === 'colours') continue;
    const sheet = readFileSync(new URL(`./${name}.css`, import.meta.url), 'utf8').replace(/\/\*[^]*?\*\//g, '');
    assert.deepEqual(sheet.match(/#[0-9a-f]{3,8}\b(?![^{]*\{)/gi) ?? [], [], name);
  }
});
