import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { downSchemas, upSchemas } from './schema.ts';

test('DOC-01 the schemas have the pinned digest; a change of the wire format changes it, and the vectors', () => {
  const shape = JSON.stringify({ up: upSchemas, down: downSchemas });
  assert.equal(
    createHash('sha256').update(shape).digest('hex'),
    'a72a9dec5c775be0a4348acdd71f3be465b09ef2d9f1ab3b832f1b33c836436d',
  );
});
