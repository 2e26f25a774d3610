import assert from 'node:assert/strict';
import test from 'node:test';
import { someTurns } from '../../testing/waiting.ts';
import type { Checked } from '../storage/sqlite/storage.ts';
import { storageFailure } from './storage-failure.ts';

test('SERVER-16 a store whose worker has died, or whose file is damaged, is broken; one that is sound is not', async () => {
  const failed = Promise.withResolvers<Error>();
  const checked = Promise.withResolvers<Checked>();
  const told: string[] = [];
  void storageFailure({ failed: failed.promise, checked: checked.promise }).then((words) => told.push(words));
  checked.resolve('checked');
  await someTurns();
  assert.deepEqual(told, []);
  failed.resolve(new Error('the writer ended'));
  await someTurns();
  assert.deepEqual(told, ['the database cannot be used any more (the writer ended)']);
  const damage = Promise.reject(new Error('it is damaged'));
  assert.equal(await storageFailure({ failed: new Promise(() => {}), checked: damage }), 'it is damaged');
});
