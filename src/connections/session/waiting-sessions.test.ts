import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Carried } from './connection-control.ts';
import { WaitingSessions } from './waiting-sessions.ts';

test('CONN-132 T33 when all that wait watch too many documents, those that wait longest leave memory', () => {
  const waiting = new WaitingSessions();
  const forgotten: number[] = [];
  const session = (index: number, watches: number): Carried => {
    const forget = () => {
      forgotten.push(index);
      waiting.delete(one);
    };
    const one = { login: { watches, forget } } as unknown as Carried;
    return one;
  };
  const first = session(0, 1_999);
  waiting.add(first);
  for (let index = 1; index < 100; index++) waiting.add(session(index, 1_999));
  assert.deepEqual(forgotten, [], '200,000 in all');
  waiting.delete(first);
  waiting.add(session(100, 1_999));
  assert.deepEqual(forgotten, [], 'one has been resumed');
  waiting.add(session(101, 4_000));
  assert.deepEqual(forgotten, [1, 2, 3]);
  waiting.add(session(102, 1_000_000));
  assert.equal(forgotten.at(-1), 101, 'the newest one stays');
});
