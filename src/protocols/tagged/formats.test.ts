import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { seededRandom } from '../../../testing/random.ts';
import { completeFont, readBody, readFont, readTimestamp, writeBody, writeTimestamp } from './formats.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** A strict reference: base64 by RFC 4648, bit by bit, and UTF-8 by the strict decoder of Node. */
function reference(base64: string): string | null {
  const letters = base64.replace(/=+$/, '');
  const padding = base64.length - letters.length;
  if (padding > 0 && base64.length % 4 !== 0) return null;
  if (padding > 2 || letters.length % 4 === 1 || [...letters].some((letter) => !ALPHABET.includes(letter))) return null;
  const bits = [...letters].map((letter) => ALPHABET.indexOf(letter).toString(2).padStart(6, '0')).join('');
  const whole = bits.length - (bits.length % 8);
  if (bits.slice(whole).includes('1')) return null;
  const bytes = Uint8Array.from((bits.slice(0, whole).match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

test('TAG-12 TAG-13 T10 base64 is read exactly if a strict reference reads it', () => {
  const letters = fc.constantFrom(...'AQgwYWJjZz/+9=', '=', '==', '-', '_', ' ', '\n', 'é', '\0');
  const loose = fc.array(letters, { maxLength: 12 }).map((made) => made.join(''));
  const nearly = fc.string({ unit: 'binary' }).map((text) =>
    Buffer.from(text)
      .toString('base64')
      .replace(/=*$/, (end) => end.slice(1)),
  );
  fc.assert(
    fc.property(fc.oneof(loose, nearly), (base64) => assert.equal(readBody(base64), reference(base64), base64)),
    { numRuns: 5000 },
  );
});

test('TAG-12 TAG-13 every text reads back, padded or without padding', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const base64 = writeBody(text);
      assert.equal(base64, Buffer.from(text).toString('base64'));
      assert.equal(readBody(base64), text);
      assert.equal(readBody(base64.replace(/=+$/, '')), text);
    }),
  );
  assert.throws(() => writeBody('a\ud800'), TypeError);
});

/** Timestamps counted day by day in the calendar, without `Date`. */
function isReal(year: number, month: number, day: number, hour: number, minute: number, second: number): boolean {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
  return day >= 1 && day <= days && hour < 24 && minute < 60 && second < 60;
}

test('TAG-14 T9 T10 a timestamp is read exactly if the calendar has it, and is written the same', () => {
  const random = seededRandom(5);
  const pad = (value: number, length = 2) => String(value).padStart(length, '0');
  for (let round = 0; round < 20_000; round++) {
    const parts = [
      random.below(10_000),
      random.below(14),
      random.below(33),
      random.below(26),
      random.below(62),
      random.below(62),
    ] as const;
    const [year, month, day, hour, minute, second] = parts;
    const text = `${pad(year, 4)}-${pad(month)}-${pad(day)}T${pad(hour)}:${pad(minute)}:${pad(second)}.${pad(random.below(1000), 3)}Z`;
    const ms = readTimestamp(text);
    assert.equal(ms !== null, isReal(...parts), text);
    if (ms !== null) assert.equal(writeTimestamp(ms), text);
  }
});

test('TAG-14 T9 no other format is read, even if a lenient reader accepts it', () => {
  const loose = fc.string({ unit: fc.constantFrom(...'0123456789-:.TZ+ zt'), maxLength: 30 });
  fc.assert(
    fc.property(loose, (text) => {
      if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[.][0-9]{3}Z$/.test(text))
        assert.equal(readTimestamp(text), null);
    }),
  );
  assert.equal(readTimestamp('2014-06-16T20:13:59.128Z'), 1_402_949_639_128);
  for (const ms of [Number.NaN, 253_402_300_800_000, -62_167_219_200_001])
    assert.throws(() => writeTimestamp(ms), RangeError);
});

/** Values that have been put into fonts to break pages, or that are nearly valid. */
const attacks: readonly string[] = JSON.parse(readFileSync(new URL('vectors/fonts.json', import.meta.url), 'utf8'));

test('TAG-15 T40 every font that is read is safe', () => {
  const part = fc.oneof(fc.constantFrom(...attacks), fc.string({ unit: 'binary' }), fc.jsonValue());
  const byDefault = { family: 'Segoe UI', color: '#000000', style: 'bi' };
  fc.assert(
    fc.property(fc.record({ family: part, color: part, style: part, weight: part }, { requiredKeys: [] }), (made) => {
      const parts = readFont(made);
      const { family, color, style, ...rest } = completeFont(parts, byDefault);
      assert.match(family, /^[\p{L}\p{M}\p{Nd} -]{1,40}$/u);
      assert.doesNotMatch(family, /\p{Default_Ignorable_Code_Point}|\p{C}/u);
      assert.match(color, /^#[0-9A-Fa-f]{6}$/);
      assert.match(style, /^b?i?u?s?$/);
      assert.deepEqual(rest, {});
      for (const attack of attacks)
        if (!/^[A-Za-z0-9 -]{1,40}$|^#[0-9a-f]{6}$/.test(attack))
          assert.ok(attack === '' || ![family, color].includes(attack), JSON.stringify(attack));
    }),
    { numRuns: 3000 },
  );
});

test('TAG-15 a family may be written in any script, with the marks that it needs, and has at most 40 characters', () => {
  const names = [
    'Segoe UI',
    'ＭＳ Ｐゴシック',
    '游ゴシック体',
    '宋体',
    '맑은 고딕',
    'Прямой',
    'Αριάλ',
    'דוד',
    'خط عربي',
    'देवनागरी',
    'ไทย 4',
  ];
  for (const family of [...names, 'e\u0301', '𝒜'.repeat(40), '語'.repeat(40), '٣', ' -'])
    assert.deepEqual(readFont({ family }), { family }, family);
  for (const family of ['𝒜'.repeat(41), '語'.repeat(41), '', '語\u200b', 'ㅤ', '語;', '語\n', '①'])
    assert.deepEqual(readFont({ family }), {}, JSON.stringify(family));
});

test('TAG-17 missing parts of a font come from the default', () => {
  const byDefault = { family: 'Segoe UI', color: '#000000', style: 'bi' };
  assert.deepEqual(completeFont({}, byDefault), byDefault);
  assert.deepEqual(completeFont({ style: '', color: '#ffffff' }, byDefault), {
    family: 'Segoe UI',
    color: '#ffffff',
    style: '',
  });
  assert.deepEqual(completeFont({ family: 'Arial' }, byDefault), { ...byDefault, family: 'Arial' });
});
