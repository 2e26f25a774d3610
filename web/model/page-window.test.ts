import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { followed, isAtEnd, newer, older, PAGE_SIZE, pageOf, windowAround, windowAtEnd } from './page-window.ts';

const MOST_MESSAGES = 600;

test('WEB-47 WEB-41 however one moves, the window is in the room and has at most 600 messages', () => {
  const step = fc.oneof(
    fc.constantFrom('older', 'newer', 'end'),
    fc.record({ jump: fc.integer({ min: 1, max: 100_000 }) }),
    fc.record({ posted: fc.integer({ min: 1, max: 120 }) }),
  );
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 100_000 }), fc.array(step, { maxLength: 60 }), (begin, steps) => {
      let total = begin;
      let window = windowAtEnd(total);
      for (const each of steps) {
        if (each === 'older') window = older(window);
        else if (each === 'newer') window = newer(window, total);
        else if (each === 'end') window = windowAtEnd(total);
        else if ('jump' in each) window = windowAround(each.jump, total);
        else {
          const wasAtEnd = isAtEnd(window, total);
          total += each.posted;
          if (wasAtEnd) window = followed(window, total);
        }
        assert.ok(window.from >= 1 && window.from <= window.to && window.to <= pageOf(total));
        assert.ok((window.to - window.from + 1) * PAGE_SIZE <= MOST_MESSAGES);
      }
    }),
  );
});

test('WEB-40 an older page comes without a gap, until the first one', () => {
  let window = windowAtEnd(1_000);
  for (let page = window.from - 1; page >= 1; page--) {
    window = older(window);
    assert.equal(window.from, page);
  }
  assert.deepEqual(older(window), window);
});

test('WEB-48 the window around a message has it, and what is before and after it', () => {
  assert.deepEqual(windowAround(500, 1_000), { from: 9, to: 11 });
  assert.deepEqual(windowAround(1, 1_000), { from: 1, to: 2 });
  assert.deepEqual(windowAround(2_000, 1_000), { from: 19, to: 20 });
});
