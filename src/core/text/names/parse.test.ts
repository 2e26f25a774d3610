import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseName } from './parse.ts';

/** The result of `parseName`: the shown form, or `!` and the problem. */
function outcome(text: string): string {
  const name = parseName(text);
  return name.ok ? name.value.spelling : `!${name.error}`;
}

function assertShown(...names: string[]): void {
  for (const name of names) assert.equal(outcome(name), name, JSON.stringify(name));
}

function assertRefused(problem: string, ...names: string[]): void {
  for (const name of names) assert.equal(outcome(name), `!${problem}`, JSON.stringify(name));
}

test('NAME-01 a name has 1 to 32 code points as it is shown', () => {
  assertRefused('empty', '');
  assertShown('a', 'a'.repeat(32), '\u{20000}'.repeat(32));
  assertRefused('too-long', 'a'.repeat(33), '\u{20000}'.repeat(33));
  assert.equal(outcome('e\u0301'.repeat(32)), 'é'.repeat(32));
  assert.equal(outcome('ᾂ'.normalize('NFD').repeat(32)), 'ᾂ'.repeat(32));
});

test('NAME-02 T13 a text that is far too long is refused unread', () => {
  assertRefused('too-long', ' '.repeat(257));
  assertRefused('character', ' '.repeat(32));
  assert.equal(outcome('e\u0301'.repeat(50_000_000)), '!too-long');
});

test('NAME-03 a name is shown as written, in NFC and in the usual width', () => {
  assertShown('Anna', 'ZOË', 'ΝΊΚΟΣ', 'Iİıi', 'x.y_z-0', "o'neil");
  assert.equal(outcome('Zoe\u0308'), 'Zoë');
  assert.equal(outcome('Ａｎｎａ１'), 'Anna1');
  assert.equal(outcome('ﾔﾏﾀﾞ'), 'ヤマダ');
  assert.equal(outcome('\u1112\u1161\u11ab'), '한');
  assert.equal(outcome('\u212A'), 'K');
});

test('NAME-04 T13 a name has letters, digits, marks and visible ASCII, and nothing else', () => {
  assertShown('ſ'.normalize('NFKC'), '山田', '김철수', 'नेहा', 'สมชาย', '\u06FD', '\u0F0B', '〇', 'ʻokina');
  assertRefused(
    'character',
    'a b',
    ' a',
    'a\u00A0b',
    'a\u3000b',
    'a\nb',
    'a\r',
    'a\tb',
    'a\0',
    'a\x1B',
    'a\x7F',
    'a\x85',
  );
  assertRefused('character', '🙂', '№', '★', 'a—b', '«a»', 'a\u20DD', 'Ⅷ', '①', 'ᾈ');
  assertRefused('character', 'a\u200Bb', 'a\u00ADb', 'a\u034Fb', 'a\u3164', 'a\uFEFF', 'a\uFE0F', 'a\u{E0061}');
  assertRefused('character', 'a\u202Eb', 'a\u2066b', 'a\u200E', 'a\u061C');
  assertRefused('character', '\u1112', '\uA960', '\u0640', '\u07FA', '\u302E', '\u3031');
});

test('NAME-04 T10 half of a surrogate pair is refused', () => {
  assertRefused('character', '\uD83D', 'a\uDE42', '\uDE42\uD83D');
});

test('NAME-05 T13 a name in modifier letters, with which an account was once taken over, is refused', () => {
  assertRefused('character', 'ᴮᴵᴳᴮᴵᴿᴰ', 'ﬁn', '𝐚𝐧𝐧𝐚', 'ª', 'ĳ', 'Ⓐ', '\uFFA1');
});

test('NAME-06 characters newer than Unicode 15.0 are refused, whatever the runtime knows', () => {
  // Garay capital letter a and Latin capital letter s with diagonal stroke (16.0); CJK extension J (17.0).
  assertRefused('character', '\u{10D50}', '\uA7CC', '\u{323B0}', '\u0378');
  assertShown('\u{1E4D0}', '\u{31350}');
});

test('NAME-07 T13 joiners are allowed only where they have an effect', () => {
  assertShown(
    'क\u094D\u200Dष',
    'क\u094D\u200Cष',
    '\u0646\u0627\u0645\u0647\u200C\u0627\u06CC',
    '\u0628\u0651\u200C\u0651\u0628',
  );
  assertRefused(
    'context',
    'ad\u200Cmin',
    'ad\u200Dmin',
    '\u200Da',
    'a\u200C',
    '\u0628\u200D\u0628',
    '\u0627\u200C\u0628',
  );
  assertRefused('context', '\u0628\u200C', '\u200C\u0628', '\u0628\u200Ca');
});

test('NAME-08 dots, keraia, geresh and gershayim are allowed only in their contexts', () => {
  assertShown('l·l', 'PARAL·LEL', '\u0375α', 'א\u05F3ב', 'א\u05F4ב', 'ア・ア', 'あ・', '・山');
  assertRefused('context', '·', 'l·a', 'a·l', '\u0375a', 'α\u0375', '\u05F3א', 'a\u05F4', '・', 'a・b');
});

test('NAME-09 T13 a name does not mix the two sets of Arabic digits', () => {
  assertShown('ا٣٤', 'ا۳۴');
  assertRefused('context', 'ا٣۴', 'ا۴٣');
});

test('NAME-10 T13 a name has one direction', () => {
  assertShown('שלום', 'محمد', 'שלום1', 'שָׁ', 'א-ב', '1a', '-');
  assertRefused('direction', '1א', '-א', 'aא', 'אa', 'אaא', 'א-', '\u05B0א', '٣', 'a٣');
});

test('NAME-11 T13 a name does not mix European and Arabic numbers', () => {
  assertShown('ا1', 'ا٣');
  assertRefused('direction', 'ا1٣', 'ا٣1', 'ا٣ب1');
});

test('NAME-12 T14 characters that separate or mark names in protocols are refused, in any width', () => {
  for (const separator of ';,[]/~') assertRefused('character', separator, `a${separator}b`);
  assertRefused('character', 'a；b', 'a，b', '［a', 'a］', 'a／b', 'a～', 'a\u037Eb');
  assertShown('a:b', '{a}', '<a>', '(a)', 'a|b', '"a"', 'a\\b', '@a', '#a', '&a');
});

test('NAME-13 T13 reserved names are reserved in every case and look', () => {
  assertRefused('reserved', 'lobby', 'server', 'system', 'admin', 'Lobby', 'SERVER', 'System', 'ADMIN', 'ａｄｍｉｎ');
  assertRefused('reserved', 'adm1n', 'admln', 'adm|n', 'ADMİN', 'admın', 'admi\u0307n', 'adrnin', 'l0bby', 'IobbY');
  assertRefused('reserved', 'аdmin', 'аdmіn', 'ѕystem', 'ЅУЅТЕМ', 'ѕеrvеr', 'lоbbу', 'ΑDΜΙΝ');
  assertShown('admins', 'administrator', 'lobby2', 'servers');
});

test('NAME-10 NAME-04 a refusal names the first problem: characters, then contexts, then directions', () => {
  assertRefused('character', '1א ', 'a·b/');
  assertRefused('context', '1א·');
});
