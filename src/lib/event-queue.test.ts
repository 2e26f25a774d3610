import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EventQueue } from './event-queue.ts';

const queueOf = (limit: number) => new EventQueue<string>(limit, (count) => `missed ${count}`);

async function rest(queue: EventQueue<string>): Promise<string[]> {
  const values: string[] = [];
  for await (const value of queue) values.push(value);
  return values;
}

test('values are read in order, whether the read or the value comes first', async () => {
  const queue = queueOf(8);
  const reader = queue[Symbol.asyncIterator]();
  const early = [reader.next(), reader.next()];
  for (const value of ['a', 'b', 'c', 'd']) queue.push(value);
  queue.end(null);
  queue.push('late');
  assert.deepEqual(await Promise.all(early), [
    { done: false, value: 'a' },
    { done: false, value: 'b' },
  ]);
  assert.deepEqual(await rest(queue), ['c', 'd']);
  assert.deepEqual(await rest(queue), []);
});

test('over the limit the oldest values are dropped, and their number is read in their place', async () => {
  const queue = queueOf(2);
  for (const value of ['a', 'b', 'c', 'd']) queue.push(value);
  const reader = queue[Symbol.asyncIterator]();
  assert.deepEqual(await reader.next(), { done: false, value: 'missed 2' });
  queue.push('e');
  queue.end(null);
  assert.deepEqual(await rest(queue), ['missed 1', 'd', 'e']);
});

test('an error is thrown once, after the unread values', async () => {
  const queue = queueOf(2);
  queue.push('a');
  queue.end(new Error('over'));
  queue.end(null);
  const reader = queue[Symbol.asyncIterator]();
  assert.deepEqual(await reader.next(), { done: false, value: 'a' });
  await assert.rejects(reader.next(), /^Error: over$/);
  assert.deepEqual(await reader.next(), { done: true, value: undefined });
});

test('waiting readers receive the end', async () => {
  const queue = queueOf(2);
  const reader = queue[Symbol.asyncIterator]();
  const [first, second] = [reader.next(), reader.next()];
  queue.end(new Error('over'));
  await assert.rejects(first, /over/);
  assert.deepEqual(await second, { done: true, value: undefined });
});

test('leaving a loop keeps the rest for the next', async () => {
  const queue = queueOf(4);
  for (const value of ['a', 'b', 'c']) queue.push(value);
  for await (const value of queue) if (value === 'a') break;
  queue.end(null);
  assert.deepEqual(await rest(queue), ['b', 'c']);
});
