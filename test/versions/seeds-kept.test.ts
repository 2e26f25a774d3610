import { test } from 'node:test';
import { runSeeds } from './seeds.ts';

test('VIEW-21 seed 493: a guest who was invisible comes back to the members of a direct', async () => {
  await runSeeds(493, 1);
});
