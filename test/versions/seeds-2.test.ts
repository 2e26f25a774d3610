import { test } from 'node:test';
import { runSeeds } from './seeds.ts';

test('DOC-60 DOC-61 DOC-62 DOC-64 DOC-65 DOC-66 DOC-80 VIEW-06 VIEW-07 VIEW-08 VIEW-20 VIEW-26 VIEW-27 VIEW-30 VIEW-32 VIEW-33 VIEW-35 VIEW-38 VIEW-39 old and patch make new, seeds 26 to 50', async (t) => {
  const tally = await runSeeds(26, 25);
  t.diagnostic(tally.listed('pairs'));
});
