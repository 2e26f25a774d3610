import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EncodedEvent, ReplayBuffer } from './replay-buffer.ts';

function encoded(position: number): EncodedEvent {
  return new EncodedEvent({
    type: 'room-created',
    room: 1,
    position,
    conversation: { type: 'group', name: 'lobby', lobby: true },
  });
}

test('CONN-12 a replay buffer has the last 256 events, and no missing or older ones', () => {
  const replay = new ReplayBuffer(10);
  const events = Array.from({ length: 300 }, (_, index) => encoded(11 + index));
  for (const event of events) if ('position' in event.event) replay.add(event.event.position, event);
  assert.equal(replay.head, 310);
  assert.equal(replay.at(310), events.at(-1));
  assert.equal(replay.at(55), events[44]);
  assert.equal(replay.at(54), undefined);
  assert.equal(replay.at(311), undefined);
});

test('CONN-12 after a gap the buffer has only what came after it, and events that are known change nothing', () => {
  const replay = new ReplayBuffer(10);
  replay.add(11, encoded(11));
  const behind = encoded(13);
  replay.add(13, behind);
  replay.add(12, encoded(12));
  assert.deepEqual([replay.head, replay.at(11), replay.at(12), replay.at(13)], [13, undefined, undefined, behind]);
  replay.reset(12);
  assert.equal(replay.at(13), behind);
  replay.reset(14);
  assert.deepEqual([replay.head, replay.at(13), replay.at(14)], [14, undefined, undefined]);
});
