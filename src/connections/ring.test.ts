import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Ring, Shown } from './ring.ts';

function shown(position: number): Shown {
  return new Shown({ type: 'room-created', room: 1, position, place: { type: 'group', name: 'lobby', lobby: true } });
}

test('CONN-12 a ring keeps the last 256 events, and what is missing or older is not there', () => {
  const ring = new Ring(10);
  const events = Array.from({ length: 300 }, (_, index) => shown(11 + index));
  for (const event of events) if ('position' in event.event) ring.add(event.event.position, event);
  assert.equal(ring.head, 310);
  assert.equal(ring.at(310), events.at(-1));
  assert.equal(ring.at(55), events[44]);
  assert.equal(ring.at(54), undefined);
  assert.equal(ring.at(311), undefined);
});

test('CONN-12 after a gap only what came behind it is there, and what is known already changes nothing', () => {
  const ring = new Ring(10);
  ring.add(11, shown(11));
  const behind = shown(13);
  ring.add(13, behind);
  ring.add(12, shown(12));
  assert.deepEqual([ring.head, ring.at(11), ring.at(12), ring.at(13)], [13, undefined, undefined, behind]);
  ring.moved(12);
  assert.equal(ring.at(13), behind);
  ring.moved(14);
  assert.deepEqual([ring.head, ring.at(13), ring.at(14)], [14, undefined, undefined]);
});
