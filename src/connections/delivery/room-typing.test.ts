import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../../../testing/clock.ts';
import { seededRandom } from '../../../testing/random.ts';
import type { TypingEvent } from '../../core/model/events.ts';
import { RoomTyping } from './room-typing.ts';

function typing(id: number, isTyping = true): TypingEvent {
  const conversation = { type: 'group', name: 'garden', lobby: false } as const;
  return { type: 'person-typing', room: 7, conversation, person: { id, name: `p${id}` }, isTyping };
}

/** A room, and what its receivers are told: the time, and of each person `+` or `-`. */
function open() {
  const clock = new FakeClock();
  const told: string[] = [];
  let ends = 0;
  const room = new RoomTyping(
    clock,
    (events) =>
      told.push(
        [clock.monotonic(), ...events.map(({ person, isTyping }) => `${isTyping ? '+' : '-'}${person.id}`)].join(' '),
      ),
    () => ends++,
  );
  return { clock, room, told, ends: () => ends };
}

test('CONN-142 the first is told at once; what comes within a second is told together, of each person the last', () => {
  const { clock, room, told } = open();
  room.note(typing(1));
  clock.advance(200);
  room.note(typing(2));
  room.note(typing(1, false));
  room.note(typing(3));
  clock.advance(500);
  room.note(typing(3, false));
  room.note(typing(2, false));
  room.note(typing(2));
  clock.advance(299);
  assert.deepEqual(told, ['0 +1']);
  clock.advance(1);
  assert.deepEqual(told, ['0 +1', '1000 +2 -1'], 'and 3 was never told');
  clock.advance(5_000);
  room.note(typing(2));
  assert.deepEqual(told.slice(2), ['6000 +2'], 'at once again after a second of silence');
});

test('CONN-142 in any order of events each person is told at most once a second, and at last what was said last', () => {
  for (let seed = 1; seed <= 50; seed++) {
    const random = seededRandom(seed);
    const { clock, room, told } = open();
    const last = new Map<number, { said: string; at: number }>();
    for (let step = 0; step < 200; step++) {
      const [id, isTyping] = [random.below(5), random.next() < 0.6];
      last.set(id, { said: `${isTyping ? '+' : '-'}${id}`, at: clock.monotonic() });
      room.note(typing(id, isTyping));
      clock.advance(random.below(400));
    }
    clock.advance(1_000);
    const times = told.map((line) => Number(line.split(' ')[0]));
    assert.ok(
      times.every((time, index) => index === 0 || time - (times[index - 1] ?? 0) >= 1_000),
      `seed ${seed}: ${times.join()}`,
    );
    for (const [id, { said, at }] of last) {
      const about = told.findLast((line) => [`+${id}`, `-${id}`].some((one) => line.split(' ').includes(one)));
      const [time = '0', ...all] = about?.split(' ') ?? [];
      const isForgotten = about === undefined || at + 1_000 - Number(time) >= 6_000; // It may have waited for a second.
      assert.ok(all.includes(said) || (isForgotten && said === `-${id}`), `seed ${seed}: ${id}`);
    }
  }
});

test('CONN-143 CONN-144 the end is told of those who were told to be typing, once, and of nobody else', () => {
  const { clock, room, told } = open();
  room.note(typing(2, false));
  room.stopped(2);
  assert.deepEqual(told, []);
  room.note(typing(1));
  room.note(typing(2));
  room.stopped(2);
  room.stopped(1);
  room.stopped(3);
  clock.advance(1_000);
  assert.deepEqual(told, ['0 +1', '1000 -1']);
  clock.advance(1_000);
  room.stopped(1);
  room.note(typing(1, false));
  assert.equal(told.length, 2);
});

test('CONN-144 T33 after 6 s without renewal nothing of a room is left, and no end is told', () => {
  const { clock, room, told, ends } = open();
  room.note(typing(1));
  clock.advance(3_000);
  room.note(typing(2));
  clock.advance(3_000);
  assert.deepEqual([...room.people], [1, 2]);
  room.note(typing(2));
  assert.deepEqual([...room.people], [2], 'the first is forgotten');
  room.stopped(1);
  clock.advance(5_999);
  assert.equal(ends(), 0);
  clock.advance(1);
  assert.deepEqual([ends(), clock.timers], [1, 0]);
  assert.deepEqual(told, ['0 +1', '3000 +2', '6000 +2']);
});

test('CONN-144 T33 at most 20 people at a time are told to be typing, and no more are remembered', () => {
  const { clock, room, told } = open();
  for (let id = 1; id <= 10_000; id++) room.note(typing(id));
  clock.advance(1_000);
  const names = (told[0] ?? '').split(' ').length + (told[1] ?? '').split(' ').length - 2;
  assert.deepEqual([names, room.people.size, told.length, clock.timers], [20, 20, 2, 1]);
  room.stopped(5);
  room.note(typing(21));
  clock.advance(1_000);
  assert.equal(told[2], '2000 -5');
  room.note(typing(21));
  clock.advance(1_000);
  assert.equal(told[3], '3000 +21', 'there is room for one more');
});
