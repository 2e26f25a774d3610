import assert from 'node:assert/strict';
import { test } from 'node:test';
import { confusablesData } from './generate-confusables.ts';

const TABLE = [
  '\uFEFF# confusables.txt',
  '# Version: 15.0.0',
  '0430 ;\t0061 ;\tMA\t# ( а → a ) CYRILLIC SMALL LETTER A → LATIN SMALL LETTER A',
  '',
  '006D ;\t0072 006E ;\tMA\t# ( m → rn )',
  '0251 ;\t0061 ;\tMA\t# ( ɑ → a )',
  '1D41A ;\t0061 ;\tMA\t# a compatibility character: in no name',
  '00F6 ;\t0629 ;\tMA\t# a composed character: in no skeleton',
  '# total: 5',
].join('\n');

test('the confusables that can occur in names are kept and sorted, with the version', () => {
  const data = confusablesData(TABLE);
  assert.deepEqual(JSON.parse(data), {
    unicode: '15.0.0',
    alike: [
      ['61', '251 430'],
      ['72 6e', '6d'],
    ],
  });
  assert.equal(confusablesData(TABLE), data);
});

test('another file is refused', () => {
  assert.throws(() => confusablesData('0041;LATIN CAPITAL LETTER A;Lu;0;L;;;;;N;;;;0061;'), /says its version/);
});
