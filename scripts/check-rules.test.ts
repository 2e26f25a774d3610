import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkRules } from './check-rules.ts';

const spec = { path: 'src/core/SPEC.md', text: '# Core\n\n- **CORE-01** First (T4).\n- **CORE-02** Second.\n' };
const threats = {
  path: 'docs/threats.md',
  text: '| id | threat | what | state |\n|---|---|---|---|\n| T4 | A. | B. | applies: c2 |\n| T5 | C. | D. | with web |\n',
};

function problems(tests: string, code = '', specText = spec.text): string[] {
  return checkRules([
    { ...spec, text: specText },
    threats,
    { path: 'src/core/a.test.ts', text: tests },
    { path: 'src/core/a.ts', text: code },
  ]);
}

const ALL = "test('CORE-01 T4 one', run);\ntest(`${name}: CORE-02 two`, run);";

test('every rule and every threat that applies has a test', () => {
  assert.deepEqual(problems(ALL), []);
  assert.deepEqual(
    problems("const rules = { 'a.txt': 'CORE-01 CORE-02 T4' };\ntest(`${rules[file]} of ${file}`, run);"),
    [],
  );
});

test('an id has two or three digits', () => {
  const text = `${spec.text}- **CORE-100** Hundredth.\n`;
  assert.deepEqual(problems(`${ALL}\ntest('CORE-100 it', run);`, '// CORE-100 as SHA-256 says', text), []);
  assert.deepEqual(problems(ALL, '', text), ['src/core/SPEC.md:5: CORE-100 has no test']);
});

test('a rule and a threat without a test are found', () => {
  assert.deepEqual(problems("test('CORE-01 one', run);"), [
    'src/core/SPEC.md:4: CORE-02 has no test',
    'docs/threats.md:3: T4 applies and has no test',
  ]);
  assert.equal(problems("// test('CORE-01 T4 one', run);\ntest('two, see CORE-02', run);").length, 3);
});

test('a title with an unknown id is found', () => {
  assert.deepEqual(problems(`${ALL}\ntest('CORE-03 three', run);`), [
    'src/core/a.test.ts:3: CORE-03 is in a title and nowhere defined',
  ]);
});

test('an unknown id in a comment or in a SPEC is found', () => {
  assert.deepEqual(problems(ALL, "const text = 'CORE-77'; // UTF-16\nif (a) b(); // CORE-01, CORE-99"), [
    'src/core/a.ts:2: CORE-99 is cited and nowhere defined',
  ]);
  assert.deepEqual(problems(ALL, '', `${spec.text}\nAs T77 has it.\n`), [
    'src/core/SPEC.md:6: T77 is cited and nowhere defined',
  ]);
});

test('an unknown id in a view is found', () => {
  const view = { path: 'web/views/a.tsx', text: '// CORE-99\nexport const a = <p>CORE-98</p>;' };
  assert.deepEqual(checkRules([spec, { path: 'web/a.test.ts', text: ALL }, view]), [
    'web/a.test.ts:1: T4 is in a title and nowhere defined',
    'web/views/a.tsx:1: CORE-99 is cited and nowhere defined',
    'src/core/SPEC.md:3: T4 is cited and nowhere defined',
  ]);
});

test('a rule that is defined twice is found', () => {
  assert.deepEqual(problems(ALL, '', `${spec.text}- **CORE-01** Again.\n`), [
    'src/core/SPEC.md:5: CORE-01 is defined twice',
  ]);
});
