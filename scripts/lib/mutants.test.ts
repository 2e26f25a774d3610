import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mutantsOf } from './mutants.ts';

function inverted(text: string): string[] {
  return mutantsOf({ path: 'a.ts', text }).map(({ shown }) => shown.replace(/ *\/\/.*/, ''));
}

for (const [line, expected] of [
  ['if (a === 1 && b(c)) d(); // X-01', 'if (!(a === 1 && b(c))) d();'],
  ["} else if (a === ')') b(); // X-01", ''],
  ["while (text[at] === ')') at++; // X-01", "while (!(text[at] === ')')) at++;"],
  ['const a = b < c ? d : e; // X-01', 'const a = !(b < c) ? d : e;'],
  ['f(g, ...(a ? [b] : [])); // X-01', 'f(g, ...(!(a) ? [b] : []));'],
  ["const a = b === ' ' ? c : d; // X-01", "const a = !(b === ' ') ? c : d;"],
  ['const a = () => { return b || c; }; // X-01', 'const a = () => { return !(b || c); };'],
  ['const a = b.filter((c) => c.d !== e); // X-01', 'const a = b.filter((c) => !(c.d !== e));'],
  ['const a = (b: C) => names.has(b); // X-01', 'const a = (b: C) => !(names.has(b));'],
  ['a = b >= c; // X-01', 'a = b < c;'],
  ['for (let a = 0; a < b; a++) c(a); // X-01', 'for (let a = 0; a >= b; a++) c(a);'],
  ['const a: Map<B, C> = d(e); // X-01', ''],
  ["say('if (a) b'); // X-01", ''],
  ['if (a) b(); // no rule', ''],
] as const) {
  test(`inverts the condition of ${line}`, () => {
    assert.deepEqual(inverted(line), expected === '' ? [] : [expected]);
  });
}

test('a condition on several lines is inverted as a whole', () => {
  const [mutant] = mutantsOf({ path: 'a.ts', text: 'if (\n  a\n) b();\nif (c( // X-01\n  d)) e();\n' });
  assert.equal(mutant?.text, 'if (\n  a\n) b();\nif (!(c( // X-01\n  d))) e();\n');
});

test('a line gives one mutant for each rule that it cites', () => {
  assert.deepEqual(
    mutantsOf({ path: 'a.ts', text: '\nif (a) b(); // X-01, X-02\n' }).map(({ line, id }) => [line, id]),
    [
      [2, 'X-01'],
      [2, 'X-02'],
    ],
  );
});
