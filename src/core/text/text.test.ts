import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseLine, parseReason, parseText } from './text.ts';

const anyString = fc.string({
  unit: fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('\r', '\n', '\r\n', ' ', '\u{D800}', '\u{DC00}', '\0', 'a', 'é', '語', '🙂'),
  ),
  maxLength: 60,
});

/** TEXT-05 by its words, one character at a time. */
function isSeen(character: string): boolean {
  const unseen = [
    /\s/u,
    /\p{White_Space}/u,
    /\p{Default_Ignorable_Code_Point}/u,
    /\p{Cf}/u,
    /\p{Cc}/u,
    /\p{Noncharacter_Code_Point}/u,
  ];
  return !unseen.some((kind) => kind.test(character)) && !'\u2800\uFFFC\u{1D159}'.includes(character);
}

/** The same rules in another way, with a strict decoder: the parsed text, or null if it is refused. */
function reference(text: string): string | null {
  const bytes = new TextEncoder().encode(text.replaceAll('\r\n', '\n').replaceAll('\r', '\n'));
  const decoded = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  if (decoded !== text.replaceAll('\r\n', '\n').replaceAll('\r', '\n')) return null;
  if (bytes.length > 16_384 || !Array.from(decoded).some(isSeen)) return null;
  for (const character of decoded) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x20 && code !== 9 && code !== 10) return null;
    if (code >= 0x7f && code <= 0x9f) return null;
  }
  return decoded;
}

function problem(text: string): string | null {
  const parsed = parseText(text);
  return parsed.ok ? null : parsed.error;
}

test('TEXT-01 a carriage return, alone or before a newline, becomes a newline', () => {
  assert.deepEqual(parseText('a\r\nb\rc\nd\r\r\n'), { ok: true, value: 'a\nb\nc\nd\n\n' });
  assert.deepEqual(parseText('a\nb'), { ok: true, value: 'a\nb' });
});

test('TEXT-02 a text has at most 16,384 bytes of UTF-8, counted after line ends are replaced', () => {
  for (const [unit, bytes] of [
    ['a', 1],
    ['é', 2],
    ['語', 3],
    ['🙂', 4],
  ] as const) {
    const most = unit.repeat(Math.floor(16_384 / bytes));
    assert.equal(problem(most), null, unit);
    assert.equal(problem(most + unit), 'too-long', unit);
  }
  assert.equal(problem(`${'\r\n'.repeat(16_383)}a`), null);
  assert.equal(problem(`${'\r\n'.repeat(16_384)}a`), 'too-long');
});

test('TEXT-02 a huge text is refused by its length alone', () => {
  assert.equal(problem('\0'.repeat(100_000_000)), 'too-long');
});

test('TEXT-03 controls are refused, tab and newline are not', () => {
  for (let code = 0; code <= 0x9f; code += 1) {
    if (code >= 0x20 && code < 0x7f) continue;
    const allowed = code === 9 || code === 10 || code === 13;
    assert.equal(problem(`a${String.fromCharCode(code)}b`), allowed ? null : 'control', `U+${code.toString(16)}`);
  }
});

test('TEXT-04 T10 half of a surrogate pair is refused', () => {
  for (const broken of ['\uD83D', 'a\uD83D', '\uDE42a', '\uDE42\uD83D']) assert.equal(problem(broken), 'encoding');
  assert.equal(problem('\uD83D\uDE42'), null);
});

/** Characters that nobody can see, of each kind that TEXT-05 names. */
const UNSEEN = Array.from(
  ' \n\t\u00A0\u1680\u2003\u2028\u3000' +
    '\u00AD\u034F\u061C\u115F\u1160\u17B4\u180B\u180E\u200B\u200D\u2060\u2064\u3164\uFE0F\uFEFF\uFFA0' +
    '\uFFF0\uFFF9\u{1BCA0}\u{1D173}\u{E0041}\u2800\uFFFC\u{1D159}\uFFFF\uFDD0\u{1FFFE}',
);

test('TEXT-05 a text in which nothing can be seen is refused, however its characters are mixed', () => {
  for (const blank of ['', '\r\n\t', ...UNSEEN, UNSEEN.join(''), UNSEEN.toReversed().join('').repeat(9)])
    assert.equal(problem(blank), 'empty', JSON.stringify(blank));
  for (const one of ['a', '.', '\u0301', '\u00B4', '🙂', '語', '\uE000', '\u2801'])
    for (const unseen of UNSEEN)
      assert.deepEqual(parseText(`${unseen}${one}${unseen}`), { ok: true, value: `${unseen}${one}${unseen}` });
});

test('TEXT-03 TEXT-04 TEXT-05 T10 parsing agrees with a strict decoder', () => {
  fc.assert(
    fc.property(anyString, (text) => {
      const parsed = parseText(text);
      assert.equal(parsed.ok ? parsed.value : null, reference(text));
    }),
    { numRuns: 20_000 },
  );
});

test('TEXT-01 T10 parsing again changes nothing', () => {
  fc.assert(
    fc.property(anyString, (text) => {
      const once = parseText(text);
      if (once.ok) assert.deepEqual(parseText(once.value), once);
    }),
    { numRuns: 5_000 },
  );
});

test('TEXT-06 a reason is one line of at most 200 code points without direction controls', () => {
  const wrong: [string, string][] = [
    ['', 'empty'],
    ['  ', 'empty'],
    ['\u200b\u3164', 'empty'],
    ['a'.repeat(201), 'too-long'],
    ['🙂'.repeat(201), 'too-long'],
    ['a'.repeat(100_000_000), 'too-long'],
    ['a\nb', 'control'],
    ['a\rb', 'control'],
    ['a\tb', 'control'],
    ['a\u2028b', 'control'],
    ['a\u202Eb', 'control'],
    ['a\u2066b', 'control'],
    ['a\0b', 'control'],
    ['a\uD83D', 'encoding'],
  ];
  for (const [text, error] of wrong)
    assert.deepEqual(parseReason(text), { ok: false, error }, JSON.stringify(text.slice(0, 9)));
  for (const text of ['🙂'.repeat(200), 'flooding, again; bye', 'שלום\u200F!']) {
    assert.deepEqual(parseReason(text), { ok: true, value: text });
  }
});

function lineProblem(text: string): string | null {
  const line = parseLine(text);
  return line.ok ? null : line.error;
}

test('TEXT-07 T13 a line has 1 to 64 code points, however many units they take', () => {
  for (const one of ['x', '😀', 'é']) {
    assert.equal(lineProblem(one.repeat(63)), null);
    assert.equal(lineProblem(one.repeat(64)), null);
    assert.equal(lineProblem(one.repeat(65)), 'too-long');
  }
  assert.equal(lineProblem('x'.repeat(129)), 'too-long');
  assert.equal(lineProblem('x'.repeat(1_000_000)), 'too-long');
  for (const blank of ['', ' ', '\u00a0\u3000', '\u200b', '\u3164', '\u2800\u115f'])
    assert.equal(lineProblem(blank), 'empty');
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
    assert.equal(lineProblem(`a${bad}b`), 'control', JSON.stringify(bad));
  for (const half of ['\ud800', '\udfff', 'a\udc00\ud800']) assert.equal(lineProblem(half), 'encoding');
  for (const good of [' Alice ', 'Алиса', 'عائشة', '<b>', 'a\u200db']) assert.equal(lineProblem(good), null);
});

test('TEXT-07 a line that passes is kept as it is, and passes again', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 70 }), (text) => {
      const line = parseLine(text);
      if (!line.ok) return;
      assert.equal(line.value, text);
      assert.doesNotMatch(text, /[\p{Cc}\u2028-\u202e\u2066-\u2069]/u);
      assert.ok([...text].length <= 64 && text.isWellFormed() && Array.from(text).some(isSeen));
    }),
  );
});
