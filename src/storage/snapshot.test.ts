import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EMPTY } from './snapshot.ts';

test('nothing is in the snapshot of a stream in which nothing has happened', () => {
  for (const [part, value] of Object.entries(EMPTY))
    assert.ok(Array.isArray(value) ? value.length === 0 : value === 0 || value === null, part);
});
