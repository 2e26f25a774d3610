import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { pushSchemas, statusSchema, upSchemas } from './schema.ts';

test('CODE-01 the schemas have the pinned digest; a change of the wire format changes it, and the vectors', () => {
  const shape = JSON.stringify({ up: upSchemas, status: statusSchema, push: pushSchemas });
  assert.equal(
    createHash('sha256').update(shape).digest('hex'),
    '6da04b6a6b857e27aac27fc665199a6bc44e8f7c1bb4df46c575fbcd2cd6f574',
  );
});
