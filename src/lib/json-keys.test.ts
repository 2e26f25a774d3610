import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { topLevelKeys } from './json-keys.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

function keysOf(text: string): string {
  const found = topLevelKeys(bytes(text));
  return found === null ? 'none' : `${[...found.keys].join()}${found.ended ? '.' : ''}`;
}

test('the keys are those of the first object, not of nested or later ones', () => {
  for (const [text, found] of [
    ['', ''],
    [' \r\n\t', ''],
    ['{', ''],
    ['{}', '.'],
    [' {"a":1}', 'a.'],
    ['{"a":{"b":["c",{"d":1}],"e":2},"f":"g","h":["i"]}{"j":1}', 'a,f,h.'],
    ['{"a":1,"b', 'a'],
    ['{"a":1,"b\\"', 'a'],
    ['{"a":1,"b"', 'a,b'],
    ['{"a":"}\\"","\\u0062" : 1 }', 'a,b.'],
    ['{"__proto__":1,"a":2}', '__proto__,a.'],
    ['{"a":1,}', 'a.'],
    ['{a:1}', '.'],
    ['{"\\x":1}', '"\\x".'],
    ['[{"a":1}]', 'none'],
    ['x', 'none'],
    ['\ufeff{}', 'none'],
    ['"a"', 'none'],
  ])
    assert.equal(keysOf(text ?? ''), found, text);
});

test('all keys of any complete object are found, and no others in an incomplete one', () => {
  const object = fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue());
  fc.assert(
    fc.property(object, fc.nat(200), (made, cut) => {
      const text = JSON.stringify(made);
      const whole = topLevelKeys(bytes(`${text}{"other":1}`));
      assert.deepEqual([...(whole?.keys ?? [])].sort(), Object.keys(JSON.parse(text)).sort());
      assert.equal(whole?.ended, true);
      const part = topLevelKeys(bytes(text).slice(0, cut));
      for (const key of part?.keys ?? []) assert.ok(whole?.keys.has(key));
    }),
  );
});
