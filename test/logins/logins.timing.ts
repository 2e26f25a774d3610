import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flood } from './flood.ts';
import { compareFastest } from './timing.ts';
import { withServer } from './with-server.ts';

const MAX_RATIO = 1.2;
const MAX_PAIRS = 300;

const title =
  'SERVER-72 SERVER-73 SERVER-75 T17 T19 T38 wrong passwords take as long for unknown names as for known ones, and a flood of them is refused';

test(title, async () => {
  await withServer(async (target) => {
    // `npm run logins` compares the medians of 1,000 pairs.
    const ratio = await compareFastest(target, MAX_RATIO, MAX_PAIRS, 1);
    assert.ok(ratio <= MAX_RATIO, `the fastest attempts differ by a factor of ${ratio}`);

    const { results, measurements } = await flood(target, 500, 1);
    const { [401]: wrong = 0, [503]: refused = 0, ...others } = Object.fromEntries(results);
    assert.deepEqual(others, {});
    assert.equal(wrong + refused, 500);
    assert.ok(wrong > 10 && refused > 100, `${wrong} x 401, ${refused} x 503`);
    const { p50 = Number.NaN, rss = Number.NaN } = measurements.at(-1) ?? {};
    assert.ok(p50 < 20, `the event loop was ${p50} ms late half of the time`);
    assert.ok(rss < 400 * 2 ** 20, `${rss} bytes`);
  });
});
