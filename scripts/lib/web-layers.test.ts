import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkLayers } from '../check-layers.ts';

const problemsOf = (path: string, text: string) => checkLayers([{ path, text }]);

for (const [path, text] of [
  [
    'web/main.tsx',
    "import { a } from './views/page.tsx';\nimport { b } from './state/b.ts';\nimport { render } from 'preact';\na(b);",
  ],
  [
    'web/views/a.tsx',
    "import { b } from './room/b.tsx';\nimport { c } from '../model/c.ts';\nimport 'preact/hooks';\nb(c);",
  ],
  ['web/views/room/a.tsx', "const { b } = await import('../b.tsx');"],
  ['web/state/a.ts', "import type { B } from '../../src/protocols/documents/client.ts';\nimport '@preact/signals';"],
  ['web/model/a.ts', "import { b } from '../../src/lib/b.ts';\nb();"],
  ['web/model/a.test.ts', "import { test } from 'node:test';\nimport '../views/a.tsx';\ntest();"],
] as const) {
  test(`may be imported by ${path}: ${text.replaceAll('\n', ' ')}`, () => assert.deepEqual(problemsOf(path, text), []));
}

for (const [path, text, complaint] of [
  ['web/model/a.ts', "import { b } from '../text/b.ts';", 'web/model is below web/text'],
  ['web/text/a.ts', "import type { B } from '../state/b.ts';", 'web/text is below web/state'],
  ['web/state/a.ts', "import { b } from '../views/b.tsx';", 'web/state is below web/views'],
  ['web/views/a.tsx', "import { b } from '../main.tsx';", 'web/views is below web/main.tsx'],
  [
    'web/views/a.tsx',
    "import type { B } from '../../src/protocols/documents/client/copy.ts';",
    'of src web imports only',
  ],
  ['web/state/a.ts', "import { b } from '../../src/core/world.ts';", 'of src web imports only'],
  ['web/state/a.ts', "import { b } from '../../src/protocols/c2/client.ts';", 'of src web imports only'],
  ['web/state/a.ts', "import { b } from '../../testing/condition.ts';", 'web imports only itself and src'],
  ['web/model/a.ts', "import { signal } from '@preact/signals';", 'web/model imports no package'],
  ['web/text/a.ts', "import { h } from 'preact';", 'web/text imports no package'],
  ['web/state/a.ts', "import { hash } from 'node:crypto';", 'no package but preact'],
  ['web/views/a.tsx', "import { useState } from 'preact/compat';", 'no package but preact'],
  ['web/other/a.ts', "import { b } from './b.ts';", 'has no place in web'],
  ['web/model/a.ts', "import { b } from './b.test.ts';", 'only tests import tests'],
  ['web/views/index.ts', "export { a } from './a.tsx';", 'only re-exports'],
  ['src/lib/a.ts', "import { b } from '../../web/model/b.ts';", 'src imports nothing from outside src'],
] as const) {
  test(`${complaint}: ${text} in ${path}`, () => {
    const problems = problemsOf(path, text);
    assert.equal(problems.length, 1, problems.join('\n'));
    assert.ok(problems[0]?.includes(complaint), problems[0]);
  });
}

test('cycles in web fail too', () => {
  const file = (name: string, other: string) => ({
    path: `web/views/${name}.tsx`,
    text: `import { ${other} } from './${other}.tsx';\n${other}();`,
  });
  assert.match(String(checkLayers([file('a', 'b'), file('b', 'a')])), /an import cycle: web\/views\/a\.tsx/);
});
