import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isFound, parseQuery } from '../../src/lib/search/query.ts';
import { excerptOf, foundPieces } from './found-words.ts';

/** The text with what is found in brackets. */
function marked(text: string, query: string): string {
  return foundPieces(text, query)
    .map(({ text, isFound }) => (isFound ? `[${text}]` : text))
    .join('');
}

test('WEB-130 what the server finds is marked, whatever its case, accents and form', () => {
  const cases = [
    ['the Programme of today', 'prog', 'the [Programme] of today'],
    ['die Straße und die STRASSE', 'strasse', 'die [Straße] und die [STRASSE]'],
    ['Cafe\u0301 Łódź', 'cafe lodz', '[Cafe\u0301] [Łódź]'],
    ['ﬁne ｆｉｎｅ fine', 'fine', '[ﬁne] [ｆｉｎｅ] [fine]'],
    ['see https://example.com/path', 'example.com', 'see https://[example.com]/path'],
    ['meet at the old bridge, old friend', '"old bridge"', 'meet at the [old bridge], old friend'],
    ['old bridge, old friend', 'old bri', '[old] [bridge], [old] friend'],
    ['今天我们去北京开会', '北京', '今天我们去[北京]开会'],
    ['今天我们去北京开会', '京', '今天我们去北[京]开会'],
    ['我是Bob呀', 'bob', '我是[Bob]呀'],
    ['مُحَمَّد هنا', 'محمد', '[مُحَمَّد] هنا'],
    ['fine 👍🏽', '👍', 'fine [👍🏽]'],
    ['nothing here', 'else', 'nothing here'],
    ['<b>bold</b>', 'b', '<[b]>[bold]</[b]>'],
    ['', 'a', ''],
    ['only ?!', '?!', 'only ?!'],
  ] as const;
  for (const [text, query, expected] of cases) assert.equal(marked(text, query), expected);
});

test('WEB-130 the pieces are the text, and where something is found something is marked', () => {
  const words = fc.constantFrom(
    'old',
    'Straße',
    'é',
    'e\u0301',
    '北京',
    '京',
    '👍🏽',
    ' ',
    '.',
    'ﬁ',
    'a',
    'A',
    'İ',
    '한국',
    'ς',
    '\u00ad',
  );
  const text = fc.array(words, { maxLength: 12 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(text, text, (text, query) => {
      const pieces = foundPieces(text, query);
      assert.equal(pieces.map(({ text }) => text).join(''), text);
      assert.ok(pieces.every(({ text }) => text !== ''));
      const parsed = parseQuery(query);
      if (parsed.ok && isFound(parsed.value, [text])) assert.ok(pieces.some(({ isFound }) => isFound));
      if (!parsed.ok) assert.ok(pieces.every(({ isFound }) => !isFound));
    }),
    { seed: 130, numRuns: 500 },
  );
});

test('WEB-131 of a long text the part around the first word is shown', () => {
  const long = `${'before '.repeat(100)}needle${' after'.repeat(200)}`;
  const text = excerptOf(foundPieces(long, 'needle'))
    .map(({ text }) => text)
    .join('');
  assert.match(text, /^… .*before needle after.* …$/);
  assert.ok(text.length < 410);
  const short = foundPieces('a needle', 'needle');
  assert.equal(excerptOf(short), short);
  const emoji = excerptOf(foundPieces(`${'👩‍👩‍👧‍👦'.repeat(50)} needle`, 'needle'))[0]?.text ?? '';
  assert.match(emoji, /^… (👩‍👩‍👧‍👦)+ $/u);
});
