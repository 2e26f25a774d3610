import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { downSchemas, upSchemas } from './schema.ts';

test('DOC-01 the schemas have the pinned digest; a change of the wire format changes it, and the vectors', () => {
  const shape = JSON.stringify({ up: upSchemas, down: downSchemas });
  assert.equal(
    createHash('sha256').update(shape).digest('hex'),
    'a3508c726e1a18bef0460ed7ba2fa230dcf6ea21710187528081d72d3473fd2e',
  );
});
