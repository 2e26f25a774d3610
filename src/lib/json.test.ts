import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseJson } from './json.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const hex = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'));

/** Texts as in the JSON Parsing Test Suite. */
const good = [
  '[]',
  '{}',
  ' [ ] ',
  '[true,false,null]',
  '"x"',
  '""',
  '-0',
  '[0e+1,0E-2,1.5e10,-123.456,20e1]',
  '[123456789012345678901234567890]',
  '[1e-400]',
  '{"a":1,"b":[{},{"a":{"a":2}}]}',
  '{"":0}',
  '{"\\u0061":1,"b\\n":2}',
  '{"a":"a","b":"a"}',
  '[{"a":1},{"a":1}]',
  '["a","a"]',
  '["\\u0060\\u012a\\u12AB","\\ud83c\\udf88","\\"\\\\\\/\\b\\f\\n\\r\\t"]',
  '["\\u0000","\\u2028","\u2028","\u007f","🎈","\ufffe","a/*b*/c"]',
  '["{[","}]",",:"]',
  '\t\r\n[1 , 2\t]\n',
  '{"__proto__":1,"constructor":{"prototype":2},"toString":3,"hasOwnProperty":4}',
  `{"a":"${'x'.repeat(60_000)}"}`,
  `[${'-1234567890.123456789012345678e10,'.slice(0, 32)}]`,
  `${'['.repeat(16)}${']'.repeat(16)}`,
  `{${Array.from({ length: 256 }, (_, index) => `"${index}":0`).join()}}`,
  `[${Array.from({ length: 256 }, () => '{"a":0}').join()}]`,
];

const notJson: readonly string[] = JSON.parse(readFileSync(new URL('vectors/not-json.json', import.meta.url), 'utf8'));

const bad: readonly (readonly [text: string, reason: string])[] = [
  ...notJson.map((text) => [text, 'not JSON'] as const),
  ['{"a":1,"a":1}', 'a key comes twice'],
  ['{"a":1,"\\u0061":2}', 'a key comes twice'],
  ['{"a":{},"b":[],"a":2}', 'a key comes twice'],
  ['{"__proto__":1,"__proto__":2}', 'a key comes twice'],
  ['["\\ud800"]', 'a string is not well-formed Unicode'],
  ['{"\\udc00":1}', 'a string is not well-formed Unicode'],
  ['["\\ud800\\u0041"]', 'a string is not well-formed Unicode'],
  ['["\\udc00\\ud800"]', 'a string is not well-formed Unicode'],
  ['[1e400]', 'a number is too large'],
  ['[-1E999999]', 'a number is too large'],
  [`[${'1'.repeat(33)}]`, 'a number is longer than 32 characters'],
  [`[0.${'0'.repeat(60_000)}1]`, 'a number is longer than 32 characters'],
  [`${'['.repeat(17)}${']'.repeat(17)}`, 'nested more than 16 deep'],
  ['['.repeat(60_000), 'nested more than 16 deep'],
  ['{"a":'.repeat(20), 'nested more than 16 deep'],
  [`{${Array.from({ length: 257 }, (_, index) => `"${index}":0`).join()}}`, 'too many keys'],
  [`[${Array.from({ length: 257 }, () => '{"a":0}').join()}]`, 'too many keys'],
];

test('T3 T9 T10 valid texts are parsed as by JSON.parse', () => {
  for (const text of good) assert.deepEqual(parseJson(bytes(text)), { ok: true, value: JSON.parse(text) }, text);
});

test('T3 T9 T10 invalid texts and those over a limit are refused, in words that repeat none of them', () => {
  for (const [text, error] of bad) {
    const isJson = error !== 'not JSON';
    assert.deepEqual(parseJson(bytes(text)), { ok: false, error: { reason: error, isJson } }, text.slice(0, 80));
    assert.ok(error.length <= 64);
  }
});

test('T3 the number of keys can be set', () => {
  assert.deepEqual(parseJson(bytes('{"a":{"b":1}}'), 2), { ok: true, value: { a: { b: 1 } } });
  assert.deepEqual(parseJson(bytes('{"a":{"b":1}}'), 1), {
    ok: false,
    error: { reason: 'too many keys', isJson: true },
  });
});

test('T10 bytes that are not UTF-8 are refused, also if they would end the JSON', () => {
  for (const broken of ['22ff22', '22c0af22', '22eda08022', '22f09f8e22', '22e2822822', '5b225d22c3', 'fffe5b005d00'])
    assert.deepEqual(parseJson(hex(broken)), { ok: false, error: { reason: 'not UTF-8', isJson: false } }, broken);
});

test('T4 `__proto__` and `constructor` are keys like any other', () => {
  const read = parseJson(bytes('{"__proto__":{"polluted":true},"constructor":1}'));
  assert.ok(read.ok);
  const value = read.value as { [key: string]: unknown };
  assert.deepEqual(Object.keys(value), ['__proto__', 'constructor']);
  assert.equal(Object.getPrototypeOf(value), Object.prototype);
  assert.equal(value.polluted, undefined);
});

/** Values within the limits, with well-formed strings. */
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { depthSize: 'small', maxDepth: 6 },
    fc.oneof(
      fc.boolean(),
      fc.constant(null),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.string({ unit: 'binary' }),
    ),
    fc.array(tie('any'), { maxLength: 4 }),
    fc.dictionary(fc.string({ unit: 'binary' }), tie('any'), { maxKeys: 3 }),
  ),
})).any;

test('T3 T10 any value within the limits is parsed as by JSON.parse', () => {
  fc.assert(
    fc.property(value, fc.constantFrom(0, 1, '\t'), (made, indent) => {
      const text = JSON.stringify(made, null, indent);
      assert.deepEqual(parseJson(bytes(text)), { ok: true, value: JSON.parse(text) });
    }),
    { numRuns: 1000 },
  );
});

test('T3 T10 nothing is parsed that JSON.parse refuses, and nothing throws', () => {
  const piece = fc.constantFrom(...'{}[],:"\\ue1-.0 a\n', '"a"', '"a":', 'true', 'null', '\\u0061', '\\ud800', '1e9');
  fc.assert(
    fc.property(
      fc.oneof(
        fc.array(piece, { maxLength: 30 }).map((made) => bytes(made.join(''))),
        fc.uint8Array(),
      ),
      (made) => {
        const read = parseJson(made);
        if (read.ok) assert.deepEqual(read.value, JSON.parse(new TextDecoder().decode(made)));
        else assert.ok(read.error.reason.length > 0);
      },
    ),
    { numRuns: 5000 },
  );
});

test('T3 the worst texts of 64 KiB take less than 100 ms', () => {
  const worst = [
    '['.repeat(65_000),
    `{"${'\\u0061'.repeat(10_000)}":1}`,
    `[${'1'.repeat(65_000)}]`,
    `[${'"",'.repeat(21_000)}0]`,
    `{"a":"${'\\\\'.repeat(32_000)}"}`,
    `[${'0,'.repeat(32_000)}0]`,
  ];
  for (const text of worst) {
    const made = bytes(text);
    let best = Number.POSITIVE_INFINITY;
    // Other work only adds to a time: what is really too slow is so every time.
    for (let round = 0; round < 20 && best >= 100_000; round++) {
      const before = process.cpuUsage();
      parseJson(made);
      const { user, system } = process.cpuUsage(before);
      best = Math.min(best, user + system);
    }
    assert.ok(best < 100_000, `${text.slice(0, 20)}: ${best} us`);
  }
});
