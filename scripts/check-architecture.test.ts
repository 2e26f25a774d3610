import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkArchitecture } from './check-architecture.ts';

const files: { readonly [path: string]: string } = {
  'src/a.ts':
    'export function run(): void {}\nclass A {\n  async #step<T>(one: T) {}\n  get size() { return 1; }\n}\n// ghost()\n',
};
const questions = (answer: string) => Array.from({ length: 12 }, () => `| Where? | ${answer} |`).join('\n');
const problemsOf = (page: string) => checkArchitecture(page, (path) => files[path] ?? null);

test('files, functions, methods and classes that exist pass', () => {
  const page = '`src/a.ts:run`, `src/a.ts:A`, `src/a.ts:#step`, `src/a.ts:size` and `npm test`\n';
  assert.deepEqual(problemsOf(`${page}${questions('`src/a.ts`')}`), []);
});

test('a file that is gone and a function that is gone or only mentioned fail', () => {
  const page = `\`src/b.ts\` \`web/c.tsx\` \`src/a.ts:walk\` \`src/a.ts:ghost\`\n${questions('`src/a.ts`')}`;
  assert.deepEqual(problemsOf(page), [
    'src/b.ts: there is no such file',
    'web/c.tsx: there is no such file',
    'src/a.ts: it defines no walk',
    'src/a.ts: it defines no ghost',
  ]);
});

test('too few questions fail, and one with two files or none', () => {
  assert.deepEqual(problemsOf('| Where? | `src/a.ts` |'), ['it answers 1 questions, not 12']);
  assert.deepEqual(problemsOf(`${questions('`src/a.ts`')}\n| Who? | \`src/a.ts\` \`src/a.ts\` |\n| How? | so |`), [
    '2 questions have not one file for an answer',
  ]);
});
