import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseName } from './parse.ts';
import { isIdentifier } from './precis.ts';

const everyCharacter = Array.from({ length: 0x110000 }, (_, code) => String.fromCodePoint(code));
const identifiers = everyCharacter.filter((character) => isIdentifier(character.normalize('NFC')));
const letters = [...'aAbBiIıİlL1mMnNvV0oOsSßΣσςΝνΥυαЯяıɩІі|\u0301\u0307\u0323\u0345-_.·ⅼﾊﾟＡﬁ한\u1112\u1161\u11ab'];
const rightToLeft = [...'אבגשָׁ1234٠٩۰۹ابتنه\u0651\u200C\u200D-.'];
const hostile = [...';,[]/~；，／ \t\r\n\0\x1b\u200B\u200E\u202E\u2066\uFEFF\u{E0001}🙂', '\uD800', '\uDC00'];

/** Strings of all of Unicode, and of the parts that make names or break rules. */
const anyText = fc.oneof(
  { weight: 3, arbitrary: textOf(identifiers) },
  { weight: 3, arbitrary: textOf(letters) },
  { weight: 2, arbitrary: textOf(rightToLeft) },
  { weight: 1, arbitrary: textOf([...letters, ...hostile]) },
  { weight: 1, arbitrary: textOf(everyCharacter) },
);

/** Separators of protocols, controls, formats, halves of pairs and blanks; joiners are allowed in their contexts. */
const HARMFUL = /[[;,\[\]\/~\p{C}\p{Z}]--[\u200C\u200D]]/v;

function textOf(characters: readonly string[]): fc.Arbitrary<string> {
  return fc.array(fc.nat(characters.length - 1), { maxLength: 8 }).map((at) => at.map((i) => characters[i]).join(''));
}

test('NAME-03 NAME-18 T13 T14 a name as shown is the same name again, and is harmless in every protocol', () => {
  let names = 0;
  fc.assert(
    fc.property(anyText, (text) => {
      const name = parseName(text);
      if (!name.ok) return;
      names += 1;
      assert.deepEqual(parseName(name.value.spelling), name);
      assert.notEqual(name.value.skeleton, '');
      assert.doesNotMatch(name.value.spelling, HARMFUL);
    }),
    { numRuns: 200_000 },
  );
  assert.ok(names > 50_000, `only ${names} names were made`);
});

test('NAME-14 T11 a name in another case, if that is a name, is the same name', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const name = parseName(text);
      if (!name.ok) return;
      // A capital iota subscript is a letter; only in NFD does it come after the marks of its vowel.
      const others = [name.value.spelling.toLowerCase(), name.value.spelling.normalize('NFD').toUpperCase()].map(
        parseName,
      );
      for (const other of others) if (other.ok) assert.equal(other.value.skeleton, name.value.skeleton);
    }),
    { numRuns: 50_000 },
  );
});
