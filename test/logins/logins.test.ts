import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flood } from './flood.ts';
import { timeNames } from './timing.ts';
import { withServer } from './with-server.ts';

const title =
  'SERVER-72 SERVER-73 SERVER-75 T17 T19 T38 wrong passwords take as long for names that nobody has, and a flood of them is refused';

test(title, async () => {
  await withServer(async (target) => {
    const { known, unknown, t } = await timeNames(target, 12, 1);
    // Of so few the fastest are the least disturbed by whatever else the machine does; `npm run logins` compares medians.
    const ratio = Math.min(...known) / Math.min(...unknown);
    assert.ok(ratio > 0.75 && ratio < 1.33, `the fastest of each are ${ratio} times one another`);
    assert.ok(Math.abs(t) < 4.5, `Welch's t is ${t}`);

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
