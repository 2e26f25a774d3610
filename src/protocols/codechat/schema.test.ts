import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { pushSchemas, statusSchema, upSchemas } from './schema.ts';

test('CODE-01 the schemas have the pinned digest; a change of the wire format changes it, and the vectors', () => {
  const shape = JSON.stringify({ up: upSchemas, status: statusSchema, push: pushSchemas });
  assert.equal(
    createHash('sha256').update(shape).digest('hex'),
    '514186097b6880dc85acbc273a2ecce481d74376509b2108d9a0e042d9096b87',
  );
});
