import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unicodeData } from './generate-unicode.ts';

const CHARACTERS = [
  '0020;SPACE;Zs;0;WS;;;;;N;;;;;',
  '0021;EXCLAMATION MARK;Po;0;ON;;;;;N;;;;;',
  '0031;DIGIT ONE;Nd;0;EN;;1;1;1;N;;;;;',
  '0061;LATIN SMALL LETTER A;Ll;0;L;;;;;N;;;0041;;0041',
  '0062;LATIN SMALL LETTER B;Ll;0;L;;;;;N;;;0042;;0042',
  '00A7;SECTION SIGN;Po;0;ON;;;;;N;;;;;',
  '0301;COMBINING ACUTE ACCENT;Mn;230;NSM;;;;;N;;;;;',
  '05D0;HEBREW LETTER ALEF;Lo;0;R;;;;;N;;;;;',
  '0628;ARABIC LETTER BEH;Lo;0;AL;;;;;N;;;;;',
  '0661;ARABIC-INDIC DIGIT ONE;Nd;0;AN;;1;1;1;N;;;;;',
  '094D;DEVANAGARI SIGN VIRAMA;Mn;9;NSM;;;;;N;;;;;',
  '3400;<CJK Ideograph Extension A, First>;Lo;0;L;;;;;N;;;;;',
  '4DBF;<CJK Ideograph Extension A, Last>;Lo;0;L;;;;;N;;;;;',
  '',
].join('\n');

const JOINING = [
  '# DerivedJoiningType-15.0.0.txt',
  '0628          ; D # Lo       ARABIC LETTER BEH',
  '0627          ; R # Lo       ARABIC LETTER ALEF',
  'A872          ; L # Lo       PHAGS-PA SUPERFIXED LETTER RA',
  '0300..036F    ; T # Mn [112] COMBINING GRAVE ACCENT..',
].join('\n');

test('the data has ranges of the characters that names need, with neighbours joined', () => {
  assert.deepEqual(JSON.parse(unicodeData(CHARACTERS, JOINING)), {
    unicode: '15.0.0',
    assigned: '21 31 61-62 301 5d0 628 661 94d 3400-4dbf',
    bidiR: '5d0 628',
    bidiAN: '661',
    bidiEN: '31',
    bidiNSM: '301 94d',
    bidiNeutral: '21',
    joiningLeft: '628 a872',
    joiningRight: '627-628',
    joiningTransparent: '300-36f',
    virama: '94d',
  });
});

test('another file is refused', () => {
  assert.throws(() => unicodeData(CHARACTERS, CHARACTERS), /names no version/);
});
