import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyInsertion, addedLines, stepsOf } from './recipe.ts';

const DOCUMENT = `# How

### 1. Begin

> \`a.test.ts\`: it begins\\
> \`b.test.ts\`: and goes on

### 2. Go on

\`\`\`diff
--- a/one.ts
+++ b/one.ts
+last
--- a/two.ts
+++ b/two.ts
 here {
+  first,
+  second,
\`\`\`

text \`\`\`sh
`;

test('a document is read step by step: its insertions, and the tests that pass after each', () => {
  assert.deepEqual(stepsOf(DOCUMENT), [
    {
      insertions: [],
      passing: [
        { path: 'a.test.ts', title: 'it begins' },
        { path: 'b.test.ts', title: 'and goes on' },
      ],
    },
    {
      insertions: [
        { path: 'one.ts', after: null, lines: ['last'] },
        { path: 'two.ts', after: 'here {', lines: ['  first,', '  second,'] },
      ],
      passing: [],
    },
  ]);
  assert.throws(() => stepsOf(DOCUMENT.replace('+last', '-last')), /only insertions/);
});

test('lines are inserted at the end or after the only line that equals `after`', () => {
  const insertion = { path: 'a.ts', lines: ['new'] };
  assert.equal(applyInsertion('a\nb\n', { ...insertion, after: null }), 'a\nb\nnew\n');
  assert.equal(applyInsertion('a\nb\n', { ...insertion, after: 'a' }), 'a\nnew\nb\n');
  assert.throws(() => applyInsertion('a\nb\n', { ...insertion, after: 'c' }), /a\.ts has 0 lines that read c/);
  assert.throws(() => applyInsertion('a\na\n', { ...insertion, after: 'a' }), /a\.ts has 2 lines/);
});

test('inserted lines are returned; null if other lines were removed or changed', () => {
  assert.deepEqual(addedLines('a\nb\n', 'new\na\nb\nlast\n'), ['new', 'last']);
  assert.deepEqual(addedLines('a\nb\n', 'a\nb\n'), []);
  assert.equal(addedLines('a\nb\n', 'a\nc\n'), null);
  assert.equal(addedLines('a\nb\n', 'b\na\n'), null);
});
