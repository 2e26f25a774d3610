import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkLayers } from './check-layers.ts';

const CLIENT = 'src/protocols/c2/client.ts';

function problemsOf(path: string, text: string, ...others: { path: string; text: string }[]): string[] {
  return checkLayers([{ path, text }, ...others]);
}

test('a folder imports from below and from itself', () => {
  assert.deepEqual(
    problemsOf('src/core/a.ts', "import { b } from '../lib/b.ts';\nimport { c } from './c.ts';\nb(c);"),
    [],
  );
  assert.deepEqual(problemsOf('src/server/a.ts', "import { b } from '../storage/memory/b.ts';\nb();"), []);
  assert.deepEqual(problemsOf('src/protocols/index.ts', "import { c2 } from './c2/index.ts';\nc2();"), []);
});

for (const [path, text, complaint] of [
  ['src/core/a.ts', "import type { B } from '../transports/b.ts';", 'core is below transports'],
  ['src/lib/a.ts', "export * from '../core/b.ts';\nb();", 'lib is below core'],
  ['src/core/a.ts', "const b = await import('../server/b.ts');", 'core is below server'],
  ['src/core/a.ts', "import {\n  b,\n} from '../views/b.ts';", 'core is below views'],
  ['src/core/a.ts', "import { hash } from 'node:crypto';", 'core imports no package and nothing of Node'],
  ['src/core/a.ts', "import pino from 'pino';", 'core imports no package and nothing of Node'],
  ['src/connections/a.ts', "import { b } from '../storage/memory/b.ts';", 'only server imports storage'],
  ['src/transports/a.ts', "import { b } from '../bus/memory/b.ts';", 'only server imports bus'],
  ['src/storage/memory/a.ts', "import { b } from '../sqlite/b.ts';", 'storage/memory and storage/sqlite do not know'],
  ['src/protocols/c2/a.ts', "import { b } from '../tagged/b.ts';", 'protocols/c2 and protocols/tagged do not know'],
  ['src/core/a.ts', "import { b } from '../../testing/b.ts';", 'src imports nothing from outside src'],
  ['src/core/a.ts', "import { b } from './b.test.ts';", 'only tests import tests'],
  ['src/core/model/a.ts', "import { b } from '../engine/b.ts';", 'core/model is below core/engine'],
  ['src/core/state/a.ts', "import type { B } from '../world.ts';", 'core/state is below core/world.ts'],
  ['src/transports/a.ts', "import { b } from './accept/b.ts';", 'transports/a.ts is below transports/accept'],
  ['src/connections/output/a.ts', "import { b } from '../hub.ts';", 'connections/output is below connections/hub.ts'],
  ['src/other/a.ts', "import { b } from './b.ts';", 'no place among the layers'],
  ['src/core/index.ts', "// all\nexport { a } from './a.ts';\nexport type * from './b.ts';", 'only re-exports'],
] as const) {
  test(`${complaint}: ${text.replaceAll('\n', ' ')}`, () => {
    const problems = problemsOf(path, text);
    assert.equal(problems.length, 1, problems.join('\n'));
    assert.ok(problems[0]?.includes(complaint), problems[0]);
  });
}

test('import cycles fail, also of types', () => {
  const file = (name: string, text: string) => ({ path: `src/core/model/${name}.ts`, text });
  const [a, b] = [file('a', "import type { B } from './b.ts';"), file('b', "import { c } from './c.ts';\nc();")];
  assert.deepEqual(checkLayers([a, b, file('c', 'export const c = 1;')]), []);
  assert.deepEqual(checkLayers([a, b, file('c', "import type { A } from './a.ts';")]), [
    'an import cycle: src/core/model/a.ts -> src/core/model/b.ts -> src/core/model/c.ts -> src/core/model/a.ts',
  ]);
});

test('tests and suites may import anything, comments and texts import nothing', () => {
  assert.deepEqual(problemsOf('src/core/a.test.ts', "import { b } from '../../testing/b.ts';"), []);
  assert.deepEqual(problemsOf('src/core/a.suite.ts', "import { b } from '../server/b.ts';"), []);
  assert.deepEqual(problemsOf('src/core/a.ts', "/*\nimport { b } from '../server/b.ts';\n*/\nexport const a = 1;"), []);
});

test('the faces of protocols may re-export', () => {
  assert.deepEqual(problemsOf('src/protocols/c2/index.ts', "export { c2 } from './c2.ts';"), []);
});

test('a client needs nothing that a browser lacks, also over its codec', () => {
  const codec = { path: 'src/protocols/c2/codec.ts', text: "import { b } from '../../core/b.ts';\nb();" };
  const needs = (text: string) => problemsOf(CLIENT, text, codec).map((problem) => problem.split(':')[0]);
  assert.deepEqual(needs("import type { A } from '../../core/a.ts';\nimport { b } from '../../lib/b.ts';"), []);
  assert.deepEqual(needs("import { connect } from 'node:net';"), [CLIENT]);
  assert.deepEqual(needs("import { a } from '../../core/a.ts';"), [CLIENT]);
  assert.deepEqual(needs("import { write } from './codec.ts';"), [codec.path]);
  const listing = problemsOf('src/listing/client.ts', "import { connect } from 'node:net';");
  assert.match(String(listing), /runs in browsers/);
});
