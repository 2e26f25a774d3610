import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../../../testing/clock.ts';
import { Gatherings } from './gatherings.ts';

function open() {
  const clock = new FakeClock();
  let ids = 0;
  const gatherings = new Gatherings(clock, () => `id ${++ids}`);
  const called: string[] = [];
  const add = (name: string, ms = 100) => gatherings.add(ms, (id) => called.push(`${name} ${id}`));
  return { clock, called, add };
}

test('CONN-90 T6 who begins to wait in one turn shares a timer and an id; who begins later has another of both', () => {
  const { clock, called, add } = open();
  for (const name of ['a', 'b', 'c']) add(name);
  assert.equal(clock.timers, 1);
  clock.advance(40);
  add('d');
  add('e', 30);
  assert.equal(clock.timers, 3);
  clock.advance(30);
  assert.deepEqual(called.splice(0), ['e id 1']);
  clock.advance(30);
  assert.deepEqual(called.splice(0), ['a id 2', 'b id 2', 'c id 2']);
  clock.advance(40);
  assert.deepEqual(called, ['d id 3']);
  assert.equal(clock.timers, 0);
});

test('CONN-126 who ends the wait is not called, also if that happens while others are called', () => {
  const { clock, called, add } = open();
  const end = add('a');
  add('b');
  end();
  clock.advance(100);
  assert.deepEqual(called.splice(0), ['b id 1']);
  end();
  clock.turn();
  add('c');
  clock.advance(100);
  assert.deepEqual(called, ['c id 2']);
});
