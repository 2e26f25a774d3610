import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { lockDirectory } from './lock.ts';
import { temporaryDirectory } from '../../../testing/temporary.ts';

test('STORE-37 a directory is locked once, also within one process, until it is unlocked', (context) => {
  const directory = temporaryDirectory(context);
  const release = lockDirectory(directory);
  assert.throws(() => lockDirectory(directory), new RegExp(`${directory} is in use by process ${process.pid}\\.`));
  release();
  lockDirectory(directory)();
});

test('STORE-37 the pid file of a dead process is ignored', (context) => {
  const directory = temporaryDirectory(context);
  writeFileSync(join(directory, 'lock.pid'), '1\n');
  lockDirectory(directory)();
});

test('STORE-37 without a pid file the error names no process', (context) => {
  const directory = temporaryDirectory(context);
  const release = lockDirectory(directory);
  rmSync(join(directory, 'lock.pid'));
  assert.throws(() => lockDirectory(directory), /in use by another process\./);
  release();
});
