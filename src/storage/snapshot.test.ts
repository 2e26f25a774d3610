import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EMPTY } from './snapshot.ts';

test('the snapshot of a stream without entries is empty', () => {
  for (const [part, value] of Object.entries(EMPTY))
    assert.ok(Array.isArray(value) ? value.length === 0 : value === 0 || value === null, part);
});
