import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { hostileMarkup } from '../../testing/hostile-markup.ts';
import { contrastOf, shownFont } from './font.ts';

const GROUNDS = ['#f4f5f7', '#1a1e24', '#ffffff', '#14171c'];
const color = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, '0')}`);
const FAMILIES = new Set([
  'Georgia, "Times New Roman", serif',
  'Arial, Helvetica, sans-serif',
  'ui-monospace, "Courier New", monospace',
  '"Comic Sans MS", "Segoe Print", cursive',
]);

test('WEB-55 T40 whatever a font says, what is shown is one of a finite set', () => {
  const text = fc.oneof(
    fc.string(),
    fc.constantFrom(...hostileMarkup()),
    fc.constantFrom('Arial', 'b;color:red', 'bius'),
  );
  const font = fc.record({ family: text, color: fc.oneof(text, color), style: text }, { requiredKeys: [] });
  fc.assert(
    fc.property(font, fc.constantFrom(...GROUNDS), (named, ground) => {
      const { fontFamily, color: shown, fontWeight, fontStyle, textDecoration, ...others } = shownFont(named, ground);
      assert.deepEqual(others, {});
      assert.ok(fontFamily === undefined || FAMILIES.has(fontFamily));
      assert.ok(shown === undefined || /^#[0-9a-f]{6}$/.test(shown));
      assert.ok([undefined, 'bold'].includes(fontWeight));
      assert.ok([undefined, 'italic'].includes(fontStyle));
      assert.ok([undefined, 'underline', 'line-through', 'underline line-through'].includes(textDecoration));
    }),
  );
});

test('WEB-56 T40 every colour is shown in a shade that can be read on its ground', () => {
  fc.assert(
    fc.property(color, fc.constantFrom(...GROUNDS), (named, ground) => {
      const { color: shown } = shownFont({ color: named }, ground);
      assert.ok(shown !== undefined && contrastOf(shown, ground) >= 4.5);
      if (contrastOf(named, ground) >= 4.5) assert.equal(shown, named);
    }),
  );
});

test('WEB-55 known families are shown as what they look like, and unknown ones not at all', () => {
  const cases = {
    'Courier New': 'ui-monospace',
    'Comic Sans MS': '"Comic',
    Verdana: 'Arial',
    'MS Sans Serif': 'Arial',
  };
  for (const [family, start] of Object.entries({ ...cases, 'Times New Roman': 'Georgia' }))
    assert.ok(shownFont({ family }, '#ffffff').fontFamily?.startsWith(start), family);
  assert.deepEqual(shownFont({ family: 'Wingdings', style: 'bi' }, '#ffffff'), {
    fontWeight: 'bold',
    fontStyle: 'italic',
  });
});
