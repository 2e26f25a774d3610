import assert from 'node:assert/strict';
import { test } from 'node:test';
import { protocols } from './index.ts';

test('every protocol knows what a person can type to try it by its first bytes, and no other does', () => {
  for (const { name, example } of protocols) {
    if (example === null) continue;
    const bytes = new TextEncoder().encode(`${example}\n`);
    const taking = protocols.filter(({ sniff }) => sniff(bytes) === 'yes');
    assert.deepEqual(
      taking.map((one) => one.name),
      [name],
    );
  }
});
