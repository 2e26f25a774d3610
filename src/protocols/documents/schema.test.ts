import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { downSchemas, upSchemas } from './schema.ts';

test('DOC-01 the schemas have the pinned digest; a change of the wire format changes it, and the vectors', () => {
  const shape = JSON.stringify({ up: upSchemas, down: downSchemas });
  assert.equal(
    createHash('sha256').update(shape).digest('hex'),
    '3940dc60c3a2d07da1f8ae2955c30ba1827ac0cfe883231bab38fc60931549d3',
  );
});
