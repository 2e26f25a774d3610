import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { firstSince } from './first-since.ts';

/** What `firstSince` finds among messages with these times, and how often it asked. */
async function find(times: readonly (number | null)[], time: number) {
  let questions = 0;
  const number = await firstSince(times.length, time, async (asked) => {
    questions++;
    assert.ok(asked >= 1 && asked <= times.length);
    return times[asked - 1] ?? null;
  });
  return { number, questions };
}

const time = fc.integer({ min: 0, max: 40 });
const maybeDeleted = fc.option(time, { freq: 3 });

test('WEB-140 the first message since a time is found, also between deleted ones', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(time), fc.array(fc.boolean()), time, async (unsorted, deleted, time) => {
      const times = unsorted.toSorted((a, b) => a - b).map((one, index) => (deleted[index] === true ? null : one));
      const index = times.findIndex((one) => one !== null && one >= time);
      assert.equal((await find(times, time)).number, index < 0 ? null : index + 1);
    }),
    { seed: 140, numRuns: 500 },
  );
});

test('WEB-141 where times step back, the message found was sent since the time and the one before it was not', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(maybeDeleted), time, async (times, time) => {
      const { number } = await find(times, time);
      const dated = times.slice(0, number === null ? times.length : number - 1).findLast((one) => one !== null);
      if (number !== null) assert.ok((times[number - 1] ?? -1) >= time);
      assert.ok(dated === undefined || dated === null || dated < time);
    }),
    { seed: 141, numRuns: 500 },
  );
});

test('WEB-140 among 100,000 messages it takes at most 17 questions', async () => {
  const times = Array.from({ length: 100_000 }, (_, index) => index);
  for (const time of [0, 1, 49_999, 50_000, 77_777, 99_999, 100_000]) {
    const { number, questions } = await find(times, time);
    assert.equal(number, time < 100_000 ? time + 1 : null);
    assert.ok(questions <= 17, `${questions} for ${time}`);
  }
});
