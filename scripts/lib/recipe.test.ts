import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inserted, linesAdded, stepsOf } from './recipe.ts';

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

test('a document is read step by step: what is put where, and which tests turn green', () => {
  assert.deepEqual(stepsOf(DOCUMENT), [
    {
      insertions: [],
      greens: [
        { path: 'a.test.ts', title: 'it begins' },
        { path: 'b.test.ts', title: 'and goes on' },
      ],
    },
    {
      insertions: [
        { path: 'one.ts', after: null, lines: ['last'] },
        { path: 'two.ts', after: 'here {', lines: ['  first,', '  second,'] },
      ],
      greens: [],
    },
  ]);
  assert.throws(() => stepsOf(DOCUMENT.replace('+last', '-last')), /only insertions/);
});

test('lines are put at the end or after the one line that reads so', () => {
  const insertion = { path: 'a.ts', lines: ['new'] };
  assert.equal(inserted('a\nb\n', { ...insertion, after: null }), 'a\nb\nnew\n');
  assert.equal(inserted('a\nb\n', { ...insertion, after: 'a' }), 'a\nnew\nb\n');
  assert.throws(() => inserted('a\nb\n', { ...insertion, after: 'c' }), /a\.ts has 0 lines that read c/);
  assert.throws(() => inserted('a\na\n', { ...insertion, after: 'a' }), /a\.ts has 2 lines/);
});

test('the lines that were added are told; where others are gone or changed it is not so', () => {
  assert.deepEqual(linesAdded('a\nb\n', 'new\na\nb\nlast\n'), ['new', 'last']);
  assert.deepEqual(linesAdded('a\nb\n', 'a\nb\n'), []);
  assert.equal(linesAdded('a\nb\n', 'a\nc\n'), null);
  assert.equal(linesAdded('a\nb\n', 'b\na\n'), null);
});
