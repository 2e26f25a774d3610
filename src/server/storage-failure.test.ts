import assert from 'node:assert/strict';
import test from 'node:test';
import { waitForIo } from '../../testing/condition.ts';
import type { Checked } from '../storage/sqlite/storage.ts';
import { storageFailure } from './storage-failure.ts';

test('SERVER-16 a store fails when a worker has died or the file is damaged, and not when it is sound', async () => {
  const failed = Promise.withResolvers<Error>();
  const checked = Promise.withResolvers<Checked>();
  const told: string[] = [];
  void storageFailure({ failed: failed.promise, checked: checked.promise }).then((words) => told.push(words));
  checked.resolve('checked');
  await waitForIo();
  assert.deepEqual(told, []);
  failed.resolve(new Error('the writer ended'));
  await waitForIo();
  assert.deepEqual(told, ['the database cannot be used any more (the writer ended)']);
  const damage = Promise.reject(new Error('it is damaged'));
  assert.equal(await storageFailure({ failed: new Promise(() => {}), checked: damage }), 'it is damaged');
});
