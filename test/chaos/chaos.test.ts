import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Tally } from '../versions/tally.ts';
import { runSeed } from './seed.ts';

const SCALE = 0.1;
const SEEDS = [1, 2, 3, 4];

for (const seed of SEEDS) {
  test(`WORLD-03 CONN-10 CONN-44 DOC-222 DOC-224 TAG-97 on bad networks nothing that was acknowledged is lost, nothing is posted twice, all are shown one order, and nobody is stuck (seed ${seed})`, async (t) => {
    const tally = new Tally();
    assert.deepEqual(await runSeed(seed, SCALE, tally), []);
    t.diagnostic(tally.listed());
    for (const what of ['acknowledged', 'unknown', 'unsent'])
      assert.ok(tally.of(`everybody: ${what}`) > 0, `never ${what}`);
  });
}
