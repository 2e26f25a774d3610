import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pureTests } from './pure.ts';

const base = { path: 'src/a/base.ts', text: "import { createHash } from 'node:crypto';" };

function isPure(text: string, ...others: { path: string; text: string }[]): boolean {
  return pureTests([base, { path: 'src/a/b.test.ts', text }, ...others]).length === 1;
}

test('a test is pure if it imports only harmless modules', () => {
  assert.equal(isPure("import { test } from 'node:test';\nimport fc from 'fast-check';\nimport './base.ts';"), true);
  assert.equal(isPure("import type { Socket } from 'node:net';\nimport { isIP, isIPv6 } from 'node:net';"), true);
  assert.equal(isPure("import { readFileSync, type Stats } from 'node:fs';\nimport data from './a.json';"), true);
});

test('a test that imports sockets, files, processes, workers or an unknown package is not pure', () => {
  for (const name of ['net', 'fs', 'fs/promises', 'child_process', 'worker_threads', 'sqlite', 'http'])
    assert.equal(isPure(`import { a } from 'node:${name}';`), false, name);
  assert.equal(isPure("import { isIP, connect } from 'node:net';"), false);
  assert.equal(isPure("import { WebSocket } from 'ws';"), false);
  assert.equal(isPure("await import('node:net');"), false);
});

test('indirect imports count', () => {
  const opener = { path: 'src/a/opener.ts', text: "import { connect } from 'node:net';" };
  assert.equal(
    isPure("import { a } from './over.ts';", opener, { path: 'src/a/over.ts', text: "export * from './opener.ts';" }),
    false,
  );
  assert.equal(isPure("import type { A } from './opener.ts';", opener), true);
});
