import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endAfter, muteEnd, muteState } from './durations.ts';

test('WEB-99 a mute or ban ends after ten minutes, an hour or a day, or never', () => {
  assert.deepEqual(
    (['minutes', 'hour', 'day', 'for-good'] as const).map((duration) => endAfter(duration, 1_000)),
    [601_000, 3_601_000, 86_401_000, null],
  );
});

test('WEB-99 the end of a mute says whether it is over, lasts, or is for good', () => {
  assert.equal(muteState(null, 5), 'none');
  assert.equal(muteState(5, 5), 'none');
  assert.equal(muteState(muteEnd('minutes', 5), 5), 'until');
  assert.equal(muteState(muteEnd('for-good', 5), 5), 'for-good');
});
