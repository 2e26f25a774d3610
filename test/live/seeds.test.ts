import { test } from 'node:test';
import { runSeeds } from './seeds.ts';

test('DOC-106 DOC-181 DOC-182 DOC-183 DOC-184 DOC-185 DOC-187 DOC-188 DOC-192 DOC-195 DOC-204 DOC-220 DOC-221 DOC-224 on a bad network what is watched is fresh soon after it, and every message is posted once, seeds 1 to 25', async (t) => {
  const tally = await runSeeds(1, 25);
  t.diagnostic(tally.listed('connected'));
});
