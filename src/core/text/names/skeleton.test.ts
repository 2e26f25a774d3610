import assert from 'node:assert/strict';
import { test } from 'node:test';
import { confusables } from './confusables.ts';
import { parseName } from './parse.ts';
import { skeletonOf } from './skeleton.ts';

/** The entries of version 15.0 that NAME-16 leaves out. */
const LEFT_OUT = [...'νυβꞵηƽðɓɗɖɠƙƥƭƴꭴБГᎱⲄҐҒҊ𑣕𑣆𑣜𑣄'];

function assertSame(...names: string[]): void {
  for (const name of names) assert.equal(skeletonOf(name), skeletonOf(names[0] ?? ''), `${names[0]} and ${name}`);
}

function assertDistinct(...names: string[]): void {
  assert.equal(new Set(names.map(skeletonOf)).size, names.length, names.join(' '));
}

test('NAME-14 T11 case makes no difference', () => {
  assertSame('Anna', 'anna', 'ANNA');
  assertSame('ΝΊΚΟΣ', 'νίκος', 'νίκοσ');
  assertSame('IŞIK', 'işik', 'ışık', 'İŞİK');
  assertSame('straße', 'STRASSE', 'STRAẞE');
  assertSame('Ꭰ', 'ꭰ');
});

test('NAME-15 T13 T11 names that look alike are the same', () => {
  assertSame('paypal', 'раураl', 'PAYPAL', 'pаypа1', 'РАУРАL');
  assertSame('Nick', 'Νісk', 'nick', 'NICK');
  assertSame('Tom', 'TOM', 'ТОМ', 'T0rn');
  assertSame('scope', 'ѕсоре');
  assertSame('o0', 'OO', '00', 'oо');
});

test('NAME-15 T13 every character of the table is the same as its prototype, except the entries left out', () => {
  const apart = confusables.filter(({ character, prototype }) => skeletonOf(character) !== skeletonOf(prototype));
  assert.ok(confusables.length > 1_600);
  assert.deepEqual(new Set(apart.map(({ character }) => character)), new Set(LEFT_OUT));
});

test('NAME-15 T13 where both an entry and its prototype are names, they are one name', () => {
  let names = 0;
  for (const { character, prototype } of confusables) {
    const one = parseName(`x${character}x`);
    const other = parseName(`x${prototype}x`);
    if (!one.ok || !other.ok || LEFT_OUT.includes(character)) continue;
    names += 1;
    assert.equal(one.value.skeleton, other.value.skeleton, `${character} and ${prototype}`);
  }
  assert.ok(names > 1_000, `${names}`);
});

test('NAME-16 ASCII characters are the same only by case, as 1, i, l and |, as 0 and o, or as two kinds of quotes', () => {
  assertDistinct(...'abcdefghjklmnopqrstuvwxyz23456789!"#$%&()*+-.:<=>?@\\^_`{}');
  assertSame('I', 'i', 'l', '1', '|');
  assertSame('O', 'o', '0');
  assertSame("'", '`');
  assertDistinct('lin', 'liv', 'may', 'mau', 'rat', 'tar', 'bet', 'ßet');
});

test('NAME-16 capitals that look like ASCII come before small letters that do', () => {
  assertSame('Ν', 'N', 'ν');
  assertSame('Υ', 'Y', 'υ');
  assertDistinct('ν', 'v');
  assertDistinct('υ', 'u');
});

test('NAME-17 T13 joiners and second dots make no difference', () => {
  assertSame('क\u094D\u200Dष', 'क\u094D\u200Cष', 'क\u094Dष');
  assertSame('i', 'i\u0307', 'ı\u0307', 'İ', 'ı', '\u0456\u0307');
  assertSame('j', 'j\u0307');
  assertSame('i\u0323', 'i\u0323\u0307');
  assertDistinct('z', 'z\u0307');
});

test('NAME-18 T13 a skeleton is its own skeleton, for all of the table and the first 12,288 code points', () => {
  const codePoints = Array.from({ length: 0x3000 }, (_, code) => String.fromCodePoint(code));
  const table = confusables.flatMap(({ character, prototype }) => [character, prototype]);
  for (const text of [...codePoints, ...table]) assert.equal(skeletonOf(skeletonOf(text)), skeletonOf(text), text);
  assertSame('ẞ', 'ß', 'ss');
});
