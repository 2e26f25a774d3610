import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Client } from '../../../src/protocols/documents/client.ts';
import { firstMessageSince } from './day-search.ts';

/** A room whose messages have these times; null for a deleted one. It counts how often it is asked. */
function room(times: readonly (number | null)[]) {
  let questions = 0;
  const getPage = async (_: unknown, { size, page }: { readonly size: number; readonly page: number }) => {
    questions++;
    const entries = times.slice((page - 1) * size, page * size).map((time, index) => ({
      key: { type: 'msg', id: [1, (page - 1) * size + index + 1] },
      ...(time === null ? { deleted: true } : { time }),
    }));
    return { total: times.length, entries };
  };
  const find = async (time: number) =>
    firstMessageSince({ getPage } as unknown as Client, { type: 'room', id: 1 }, time);
  return { find, questions: () => questions };
}

test('WEB-140 a room is asked for single messages, and for a whole page after a deleted one', async () => {
  const times = Array.from({ length: 10_000 }, (_, index) => (index >= 4_900 && index < 5_400 ? null : index));
  const { find, questions } = room(times);
  assert.deepEqual(await find(5_100), { number: 5_401, time: 5_400 });
  assert.ok(questions() <= 35, `${questions()} questions for 500 deleted messages`);
});

test('WEB-140 without messages since the time there is none', async () => {
  assert.equal(await room([1, 2, null]).find(3), null);
  assert.equal(await room([]).find(3), null);
  assert.deepEqual(await room([null, 4]).find(3), { number: 2, time: 4 });
});
