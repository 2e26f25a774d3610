import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { downSchemas, upSchemas } from './schema.ts';

test('C2-01 the schemas have the pinned digest; a change of the wire format changes it, and the vectors', () => {
  const shape = JSON.stringify({ up: upSchemas, down: downSchemas });
  assert.equal(
    createHash('sha256').update(shape).digest('hex'),
    'e226fb18b7c82bc4a41f7f2f94eda70199f6bf0dcdc576e81d56f7f6d2f2d914',
  );
});
