import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EventQueue } from './event-queue.ts';

const feedOf = (limit: number) => new EventQueue<string>(limit, (count) => `missed ${count}`);

async function rest(feed: EventQueue<string>): Promise<string[]> {
  const values: string[] = [];
  for await (const value of feed) values.push(value);
  return values;
}

test('values are read in order, whether the reader or the value comes first', async () => {
  const feed = feedOf(8);
  const reader = feed[Symbol.asyncIterator]();
  const early = [reader.next(), reader.next()];
  for (const value of ['a', 'b', 'c', 'd']) feed.push(value);
  feed.end(null);
  feed.push('late');
  assert.deepEqual(await Promise.all(early), [
    { done: false, value: 'a' },
    { done: false, value: 'b' },
  ]);
  assert.deepEqual(await rest(feed), ['c', 'd']);
  assert.deepEqual(await rest(feed), []);
});

test('over the limit the oldest make room and their number stands in their place', async () => {
  const feed = feedOf(2);
  for (const value of ['a', 'b', 'c', 'd']) feed.push(value);
  const reader = feed[Symbol.asyncIterator]();
  assert.deepEqual(await reader.next(), { done: false, value: 'missed 2' });
  feed.push('e');
  feed.end(null);
  assert.deepEqual(await rest(feed), ['missed 1', 'd', 'e']);
});

test('an error is thrown once, after what is unread', async () => {
  const feed = feedOf(2);
  feed.push('a');
  feed.end(new Error('over'));
  feed.end(null);
  const reader = feed[Symbol.asyncIterator]();
  assert.deepEqual(await reader.next(), { done: false, value: 'a' });
  await assert.rejects(reader.next(), /^Error: over$/);
  assert.deepEqual(await reader.next(), { done: true, value: undefined });
});

test('readers who wait hear of the end', async () => {
  const feed = feedOf(2);
  const reader = feed[Symbol.asyncIterator]();
  const [first, second] = [reader.next(), reader.next()];
  feed.end(new Error('over'));
  await assert.rejects(first, /over/);
  assert.deepEqual(await second, { done: true, value: undefined });
});

test('leaving a loop keeps the rest for the next', async () => {
  const feed = feedOf(4);
  for (const value of ['a', 'b', 'c']) feed.push(value);
  for await (const value of feed) if (value === 'a') break;
  feed.end(null);
  assert.deepEqual(await rest(feed), ['b', 'c']);
});
