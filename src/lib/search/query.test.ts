import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { foldText } from './fold.ts';
import { isFound, parseQuery } from './query.ts';
import { termsOf } from './terms.ts';

function finds(query: string, ...texts: string[]): boolean {
  const parsed = parseQuery(query);
  assert.ok(parsed.ok, query);
  return isFound(parsed.value, texts);
}

/** Each query finds each text of its line. */
function allFound(pairs: readonly (readonly [query: string, ...texts: string[]])[]): void {
  for (const [query, ...texts] of pairs) for (const text of texts) assert.ok(finds(query, text), `${query} in ${text}`);
}

function noneFound(pairs: readonly (readonly [query: string, ...texts: string[]])[]): void {
  for (const [query, ...texts] of pairs)
    for (const text of texts) assert.ok(!finds(query, text), `${query} in ${text}`);
}

test('TEXT-20 case, accents, vowel points and forms do not matter, in either direction', () => {
  const same = [
    ['Straße', 'STRASSE', 'strasse', 'straſſe', 'STRAẞE'],
    ['Łódź', 'LODZ', 'lo\u0301dz\u0301'],
    ['Smørrebrød', 'SMORREBROD'],
    ['Ærø', 'aero'],
    ['Σίσυφος', 'ΣΙΣΥΦΟΣ', 'σισυφοσ'],
    ['Ёлка', 'ЕЛКА'],
    ['Việt Đức', 'viet duc'],
    ['İstanbul ısı', 'ISTANBUL ISI'],
    ['مُحَمَّد', 'محمد', 'محمـد'],
    ['أحمد', 'احمد'],
    ['مدرسة', 'مدرسه'],
    ['שָׁלוֹם', 'שלום'],
    ['ﬁne', 'fine', 'ｆｉｎｅ', 'fi\u00adne', 'f\u200bine'],
    ['ｶﾞｯｺｳ', 'ガッコウ', 'カ\u3099ッコウ'],
    ['한국', '한국'.normalize('NFD')],
  ];
  for (const texts of same)
    for (const one of texts) for (const other of texts) assert.ok(finds(one, other), `${one} in ${other}`);
});

test('TEXT-20 what is another letter stays another one', () => {
  noneFound([
    ['が', 'か'],
    ['कुल', 'कल'],
    ['हिन्द', 'हन्द'],
    ['ب', 'ت'],
    ['ж', 'з'],
  ]);
});

test('TEXT-21 TEXT-22 words are found in any script with blanks, by their beginnings', () => {
  allFound([
    ['prog', 'the Programme of today'],
    ['today the', 'the Programme of today'],
    ['मुख्य', 'यह मुख्य बात है'],
    ['मु', 'यह मुख्य बात है'],
    ['встреча', 'Встречаемся в 10'],
    ['10', 'Встречаемся в 10'],
    ['مدرس', 'هذه المدرسة مدرسة'],
    ['გამარ', 'გამარჯობა'],
    ['ሰላም', 'ሰላም ለእናንተ'],
    ['👍', 'fine 👍🏽'],
    ['👩‍👩‍👧', 'us: 👩‍👩‍👧‍👦'],
  ]);
  noneFound([
    ['gramme', 'the Programme of today'],
    ['today tomorrow', 'the Programme of today'],
    ['👎', 'fine 👍🏽'],
    ['👧‍👩', 'us: 👩‍👩‍👧‍👦'],
  ]);
});

test('TEXT-21 in scripts without blanks, and in Hangul, every part of a text is found, from one character on', () => {
  const texts = [
    '今天我们去北京开会',
    '東京タワーに行きました',
    'พรุ่งนี้เจอกันที่สถานี',
    'ພົບກັນມື້ອື່ນ',
    'ខ្ញុំទៅសាលា',
    'မနက်ဖြန်တွေ့မယ်',
    '중학교에서 만나요',
    'བཀྲ་ཤིས་',
  ];
  for (const text of texts) {
    const [first = ''] = text.split(' ');
    const characters = [...first];
    for (let from = 0; from < characters.length; from++) {
      for (let to = from + 1; to <= characters.length; to++) {
        const part = characters.slice(from, to).join('');
        if (parseQuery(part).ok) assert.ok(finds(part, text), `${part} in ${text}`);
      }
    }
  }
  noneFound([
    ['京北', '今天我们去北京开会'],
    ['北开', '今天我们去北京开会'],
    ['นี้ที่', 'พรุ่งนี้เจอกันที่สถานี'],
    ['교학', '중학교에서 만나요'],
  ]);
  allFound([
    ['我是Bob', '其实我是Bob呀'],
    ['Bob呀', '其实我是Bob呀'],
    ['是bo', '其实我是Bob呀'],
    ['北京 开会', '今天我们去北京开会'],
  ]);
  noneFound([['我Bob', '其实我是Bob呀']]);
});

test('TEXT-22 the words of one part follow each other; those of several may be anywhere', () => {
  allFound([
    ["don't", 'I don’t know'],
    ['example.com/pa', 'see https://example.com/path'],
    ['1.2.3', 'version 1.2.3-rc'],
    ['path example', 'see https://example.com/path'],
    ['C++', 'c and more'],
  ]);
  noneFound([
    ['path.example', 'see https://example.com/path'],
    ['com.example', 'see https://example.com/path'],
    ['example.c.path', 'see https://example.com/path'],
  ]);
});

test('TEXT-23 words between quotation marks follow each other, and the last is whole', () => {
  const text = 'meet me at the old bridge tonight';
  allFound([
    ['"old bridge"', text],
    ['“old bridge”', text],
    ['„old bridge“ meet', text],
    ['«OLD, bridge» ton', text],
    ['"old bri', text],
    ['old" bri', text],
    ['"学校"', '小学校です'],
  ]);
  noneFound([
    ['"bridge old"', text],
    ['"old bri"', text],
    ['"old tonight"', text],
    ['"old bridge" "bridg"', text],
  ]);
});

test('TEXT-22 each part is found in one of the texts, and no part reaches from one into the next', () => {
  assert.ok(finds('ada love', 'Lovelace', 'Ada'));
  assert.ok(!finds('"ada lovelace"', 'Ada', 'Lovelace'));
  assert.ok(!finds('ada byron', 'Ada', 'Lovelace'));
});

test('TEXT-24 a query has at most 256 bytes and 16 parts, and something that can be found', () => {
  for (const text of ['', ' \n', '?!', '"" \u200b', '\u0301', '\ud800', '()*^:-+{}'])
    assert.deepEqual(parseQuery(text), { ok: false, error: 'empty' }, text);
  const parts = (count: number) => Array.from({ length: count }, () => 'ab').join(' ');
  for (const text of ['x'.repeat(257), '学'.repeat(86), parts(17), '\ufdfa'.repeat(85), 'x'.repeat(1e6)])
    assert.deepEqual(parseQuery(text), { ok: false, error: 'too-long' }, text.slice(0, 20));
  for (const text of ['x'.repeat(256), `${'学'.repeat(85)}!`, parts(16)])
    assert.ok(parseQuery(text).ok, text.slice(0, 20));
});

test('TEXT-25 of a long word the first 64 characters count', () => {
  assert.deepEqual(termsOf('a'.repeat(1_000)), ['a'.repeat(64)]);
  assert.deepEqual(
    termsOf('𝕏\u{10480}'.repeat(50)).map((term) => [...term].length),
    [64],
  );
  assert.ok(finds(`${'a'.repeat(64)}b`, 'a'.repeat(200)));
});

const anything = fc.string({ unit: 'binary', maxLength: 80 });

test('TEXT-20 a folded text is its own folding, and a text in any form has the same terms', () => {
  fc.assert(
    fc.property(anything, (text) => {
      assert.equal(foldText(foldText(text)), foldText(text));
      for (const form of ['NFC', 'NFD', 'NFKC', 'NFKD']) assert.deepEqual(termsOf(text.normalize(form)), termsOf(text));
    }),
    { seed: 20 },
  );
});

test('TEXT-21 TEXT-24 whatever a person types can be read, and a query finds the text that it was copied from', () => {
  fc.assert(
    fc.property(anything, fc.nat(), fc.nat(), (text, from, length) => {
      const query = parseQuery(text);
      if (query.ok) assert.ok(isFound(query.value, [text]));
      for (const term of termsOf(text))
        assert.match(term, /^[\p{L}\p{M}\p{N}\p{Extended_Pictographic}\p{Regional_Indicator}]+$/u);
      const characters = [...text.replace(/["“”„«»]/gu, '')];
      const start = from % (characters.length + 1);
      parseQuery(characters.slice(start, start + length).join(''));
    }),
    { seed: 21, numRuns: 500 },
  );
});
