import assert from 'node:assert/strict';
import test from 'node:test';
import { connectionLimit, fdLimit } from './fd-limit.ts';

test('SERVER-17 T37 as many connections as wanted, at most 64 fewer than there are descriptors', () => {
  assert.equal(connectionLimit(20_000, 1_024), 960);
  assert.equal(connectionLimit(500, 1_024), 500);
  assert.equal(connectionLimit(20_000, 30), 1);
  assert.equal(connectionLimit(20_000, 'unlimited'), 20_000);
  assert.equal(connectionLimit(20_000, undefined), 20_000);
});

test('SERVER-17 T37 the limit of this process comes from the system', () => {
  const limit = connectionLimit(1_000_000_000, fdLimit());
  assert.ok(limit >= 1 && limit <= 1_000_000_000);
  assert.equal(connectionLimit(1, fdLimit()), 1);
});
