import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { downSchemas, upSchemas } from './schema.ts';

test('DOC-01 the schemas have the pinned digest; a change of the wire format changes it, and the vectors', () => {
  const shape = JSON.stringify({ up: upSchemas, down: downSchemas });
  assert.equal(
    createHash('sha256').update(shape).digest('hex'),
    'c315180c09064bc4c3203e023b1cf077ac5c77ad6f1c4eca691e4b1c27c1261b',
  );
});
