import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { pushSchemas, replySchemas, upSchemas } from './schema.ts';

test('TAG-01 the schemas have the pinned digest; a change of the wire format changes it, and the vectors', () => {
  const shape = JSON.stringify({ up: upSchemas, push: pushSchemas, reply: replySchemas });
  assert.equal(
    createHash('sha256').update(shape).digest('hex'),
    'b48a47d01a37291670c964e5b5d5d028f2d5dfdc740d8f2157f8376fddf20078',
  );
});
