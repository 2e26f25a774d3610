import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../../../testing/clock.ts';
import { MemoryBus } from '../../bus/memory/bus.ts';
import { singleNodeBus } from '../../bus/single/bus.ts';
import type { Attempt, BusMessage } from '../../core/model/bus-message.ts';
import { AttemptExchange } from './attempt-exchange.ts';

const attemptOf = (index: number): Attempt => ({ type: 'registered', address: `address${index}` });

test('CONN-173 what counted in a turn is told together, in order, in messages of at most 32 KiB', () => {
  const clock = new FakeClock();
  const bus = new MemoryBus();
  const messages: BusMessage[] = [];
  bus.join().subscribe('nodes', (message) => messages.push(message));
  const heard: Attempt[] = [];
  const own: Attempt[] = [];
  const other = new AttemptExchange({ node: 'b', bus: bus.join(), clock }, (attempt) => heard.push(attempt));
  const exchange = new AttemptExchange({ node: 'a', bus: bus.join(), clock }, (attempt) => own.push(attempt));
  const few = [1, 2, 3].map(attemptOf);
  for (const attempt of few) exchange.tell(attempt);
  assert.deepEqual(messages, []);
  clock.turn();
  assert.deepEqual(messages.splice(0), [{ type: 'attempts', node: 'a', attempts: few }]);
  const many = Array.from({ length: 2_000 }, (_, index) => attemptOf(index));
  for (const attempt of many) exchange.tell(attempt);
  clock.turn();
  for (const message of messages) assert.ok(JSON.stringify(message).length <= 32_768 + 512);
  assert.ok(messages.length > 1 && messages.length < 5, `${messages.length} messages`);
  assert.deepEqual([heard, own], [[...few, ...many], []]);
  other.close();
  exchange.tell(attemptOf(1));
  clock.turn();
  assert.equal(heard.length, few.length + many.length);
});

test('CONN-173 a node that is the only one tells nothing', () => {
  const clock = new FakeClock();
  let published = 0;
  const bus = { ...singleNodeBus, publish: () => (published += 1) };
  new AttemptExchange({ node: 'a', bus, clock }, () => {}).tell(attemptOf(1));
  clock.turn();
  assert.equal(published, 0);
});
