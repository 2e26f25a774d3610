import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { acknowledgedAfterSync } from './sync.ts';

const hasStrace = spawnSync('strace', ['-V']).status === 0;

for (const synchronous of ['full', 'normal'] as const)
  test(`STORE-30 WORLD-03 with synchronous ${synchronous} system calls show whether answers wait for the disk`, async (t) => {
    if (!hasStrace) return t.skip('strace is not installed here');
    const { acknowledged, early } = await acknowledgedAfterSync(synchronous);
    assert.equal(acknowledged, 200);
    if (synchronous === 'full') assert.deepEqual(early, []);
    else assert.ok(early.length > 100, `only ${early.length} were early`);
  });
