import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseLine } from './line.ts';

function problem(text: string): string | null {
  const line = parseLine(text);
  return line.ok ? null : line.error;
}

test('TEXT-07 T13 a line has 1 to 64 code points, however many units they take', () => {
  for (const one of ['x', '😀', 'é']) {
    assert.equal(problem(one.repeat(63)), null);
    assert.equal(problem(one.repeat(64)), null);
    assert.equal(problem(one.repeat(65)), 'too-long');
  }
  assert.equal(problem('x'.repeat(129)), 'too-long');
  assert.equal(problem('x'.repeat(1_000_000)), 'too-long');
  for (const blank of ['', ' ', '\u00a0\u3000']) assert.equal(problem(blank), 'empty');
});

test('TEXT-07 T13 a line has no controls, line ends or direction marks, and no half of a pair', () => {
  for (const bad of [
    '\0',
    '\t',
    '\n',
    '\r',
    '\x7f',
    '\u0085',
    '\u2028',
    '\u2029',
    '\u202e',
    '\u202a',
    '\u2066',
    '\u2069',
  ])
    assert.equal(problem(`a${bad}b`), 'control', JSON.stringify(bad));
  for (const half of ['\ud800', '\udfff', 'a\udc00\ud800']) assert.equal(problem(half), 'encoding');
  for (const good of [' Alice ', 'Алиса', 'عائشة', '<b>', 'a\u200db']) assert.equal(problem(good), null);
});

test('TEXT-07 a line that passes is kept as it is, and passes again', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 70 }), (text) => {
      const line = parseLine(text);
      if (!line.ok) return;
      assert.equal(line.value, text);
      assert.doesNotMatch(text, /[\p{Cc}\u2028-\u202e\u2066-\u2069]/u);
      assert.ok([...text].length <= 64 && text.isWellFormed() && text.trim() !== '');
    }),
  );
});
