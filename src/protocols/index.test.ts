import assert from 'node:assert/strict';
import { test } from 'node:test';
import { protocols } from './index.ts';

test('the example of each protocol is detected as that protocol, and as no other', () => {
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
