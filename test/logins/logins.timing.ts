import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flood } from './flood.ts';
import { compareFastest } from './timing.ts';
import { withServer } from './with-server.ts';

const ENOUGH = 1.2;
const MOST_PAIRS = 300;

const title =
  'SERVER-72 SERVER-73 SERVER-75 T17 T19 T38 wrong passwords take as long for names that nobody has, and a flood of them is refused';

test(title, async () => {
  await withServer(async (target) => {
    // `npm run logins` compares the medians of a thousand.
    const ratio = await compareFastest(target, ENOUGH, MOST_PAIRS, 1);
    assert.ok(ratio <= ENOUGH, `the fastest of each are ${ratio} times one another`);

    const { results, probes } = await flood(target, 500, 1);
    const { [401]: wrong = 0, [503]: refused = 0, ...others } = Object.fromEntries(results);
    assert.deepEqual(others, {});
    assert.equal(wrong + refused, 500);
    assert.ok(wrong > 10 && refused > 100, `${wrong} x 401, ${refused} x 503`);
    const { p50 = Number.NaN, rss = Number.NaN } = probes.at(-1) ?? {};
    assert.ok(p50 < 20, `the event loop was ${p50} ms late half of the time`);
    assert.ok(rss < 400 * 2 ** 20, `${rss} bytes`);
  });
});
