import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import sharp from 'sharp';
import { parseLine } from '../../core/text/text.ts';
import { colourOfHue, generatedPicture } from './generated.ts';

/** The relative luminance of a colour (WCAG 2.2). */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

const textOf = (svg: string) => /<text [^>]*>([^<]*)<\/text>/.exec(svg)?.[1];

test('SERVER-192 white on the colour of any id has a contrast of at least 4.5', () => {
  const colours = Array.from({ length: 360 }, (_, hue) => colourOfHue(hue));
  assert.ok(new Set(colours).size > 300);
  for (const colour of colours) {
    assert.match(colour, /^#[0-9a-f]{6}$/);
    assert.ok(1.05 / (luminance(colour) + 0.05) >= 4.5, colour);
  }
});

test('SERVER-192 the first character is what a reader sees as one, in any script, as it is written', () => {
  for (const [name, first] of [
    ['Alice', 'A'],
    ['élan', 'é'],
    ['e\u0301lan', 'e\u0301'],
    ['  \u200b Bob', 'B'],
    ['שלום', 'ש'],
    ['नमस्ते', 'न'],
    ['👩‍👩‍👧 family', '👩‍👩‍👧'],
    ['🇪🇺', '🇪🇺'],
    ['한국', '한'],
    ['<b>', '&#60;'],
    ['&', '&#38;'],
    ['"', '&#34;'],
    ["'", '&#39;'],
  ] as const)
    assert.equal(textOf(generatedPicture(1, name, 'key')), first, name);
});

test('SERVER-192 the picture of any display name can be drawn', async () => {
  const names = fc.string({ unit: 'binary', minLength: 1, maxLength: 64 }).filter((name) => parseLine(name).ok);
  await fc.assert(
    fc.asyncProperty(names, fc.maxSafeNat(), async (name, person) => {
      const svg = generatedPicture(person, name, 'key');
      assert.equal(svg, generatedPicture(person, name, 'other'));
      const { format, width, height } = await sharp(Buffer.from(svg)).metadata();
      assert.deepEqual([format, width, height], ['svg', 512, 512]);
    }),
    { numRuns: 200 },
  );
});

test('SERVER-192 T25 an id that nobody has gets a picture like the others, and only with the key can one know its letter', () => {
  const ids = Array.from({ length: 500 }, (_, index) => 9_007_199_254_740_991 - index);
  const letters = (key: string) => ids.map((person) => textOf(generatedPicture(person, null, key)) ?? '');
  assert.deepEqual(letters('a'), letters('a'));
  assert.equal(new Set(letters('a')).size, 26);
  assert.notDeepEqual(letters('a'), letters('b'));
  for (const [index, letter] of letters('a').entries()) {
    const person = ids[index] ?? 0;
    assert.equal(generatedPicture(person, null, 'a'), generatedPicture(person, `${letter}nn`, 'b'));
  }
});
