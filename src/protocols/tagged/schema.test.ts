import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { pushSchemas, replySchemas, upSchemas } from './schema.ts';

test('TAG-01 the schemas have the pinned digest; a change of the wire format changes it, and the vectors', () => {
  const shape = JSON.stringify({ up: upSchemas, push: pushSchemas, reply: replySchemas });
  assert.equal(
    createHash('sha256').update(shape).digest('hex'),
    '10532290773aa83af74cc5772cb537fef7d4e87592d2faba78563ddbf9630fcd',
  );
});
