import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../../../testing/clock.ts';
import { memoryPair } from '../../../testing/transports/memory-link.ts';
import type { Event } from '../../core/model/events.ts';
import { Outbox } from '../output/outbox.ts';
import { FlushScheduler } from '../output/flush-scheduler.ts';
import type { Variant } from '../variant.ts';
import type { Receiver } from './cursor.ts';
import { TypingBroadcast } from './typing-broadcast.ts';

const conversation = { type: 'group', name: 'garden', lobby: false } as const;
const person = (id: number) => ({ id, name: `p${id}` });

function typing(id: number, isTyping = true, room = 7): Event {
  return { type: 'person-typing', room, conversation, person: person(id), isTyping };
}

function posted(id: number, room = 7): Event {
  const times = { clientTime: null, serverTime: 1, editedAt: null, deletedAt: null };
  const message = { id: 'm', room, number: 1, position: 2, author: person(id), text: 'hi', ...times, edits: [] };
  return { type: 'message-posted', room, position: 2, conversation, message };
}

const left = (id: number): Event => ({ type: 'person-left', person: person(id), departure: { type: 'left' } });
const leftRoom = (id: number, room = 7): Event => ({
  type: 'member-left',
  room,
  position: 3,
  conversation,
  person: id,
});

/** A broadcast with receivers of two variants, which write `+` and `-` with the id. */
function open() {
  const clock = new FakeClock();
  const broadcast = new TypingBroadcast(clock);
  const scheduler = new FlushScheduler(clock);
  let encoded = 0;
  const variant = (key: string): Variant => ({
    key,
    showsOwnMoves: false,
    showsChangesAsMessages: false,
    event(event) {
      encoded++;
      assert.ok(event.type === 'person-typing');
      return new TextEncoder().encode(`${event.isTyping ? '+' : '-'}${event.person.id}`);
    },
    message: () => null,
  });
  const variants = [variant('one'), variant('two')] as const;
  const receiver = (hides: (event: Event) => boolean = () => false, kind: 0 | 1 = 0) => {
    const { link, peer } = memoryPair(clock);
    const tooSlow = () => assert.fail('too slow');
    const outbox = new Outbox(link, scheduler, tooSlow, () => {});
    const one: Receiver = {
      variant: variants[kind],
      outbox,
      hasWaitingReply: false,
      hides,
      tooSlow,
      caughtUp: () => {},
    };
    link.listen({
      data: () => {},
      unreadable: () => {},
      halfClosed: () => {},
      alive: () => {},
      proved: () => {},
      drained: () => outbox.drained(),
      closed: () => {},
    });
    const took = () => {
      clock.turn();
      return new TextDecoder().decode(peer.take());
    };
    return { one, link, peer, outbox, took };
  };
  return { clock, broadcast, receiver, encodings: () => encoded };
}

test('CONN-140 CONN-141 typing is for the receivers that watch the room and do not hide it', () => {
  const { clock, broadcast, receiver } = open();
  const [ann, ben, cas] = [receiver(), receiver((event) => 'person' in event && event.person !== 3), receiver()];
  const end = broadcast.watch(7, () => ann.one);
  broadcast.watch(7, () => ben.one);
  broadcast.watch(8, () => cas.one);
  broadcast.observe([typing(3)]);
  assert.deepEqual([ann.took(), ben.took(), cas.took()], ['+3', '', '']);
  end();
  clock.advance(1_000);
  broadcast.observe([typing(4)]);
  broadcast.observe([typing(4, true, 8), typing(4, true, 9)]);
  assert.deepEqual([ann.took(), cas.took()], ['', '+4']);
});

test('CONN-140 the receiver is asked for by the kind of room, and a session without a connection has none', () => {
  const { broadcast, receiver } = open();
  const ann = receiver();
  const kinds: boolean[] = [];
  broadcast.watch(7, (isDirect) => {
    kinds.push(isDirect);
    return isDirect ? ann.one : null;
  });
  broadcast.observe([typing(3)]);
  assert.equal(ann.took(), '');
  const direct = { type: 'direct', people: [person(3), person(4)] } as const;
  broadcast.watch(8, (isDirect) => (isDirect ? ann.one : null));
  broadcast.observe([{ type: 'person-typing', room: 8, conversation: direct, person: person(3), isTyping: true }]);
  assert.deepEqual([kinds, ann.took()], [[false], '+3']);
});

test('CONN-143 posting, leaving the room and leaving end what was told, each in its room', () => {
  const { clock, broadcast, receiver } = open();
  const ann = receiver();
  for (const room of [7, 8]) broadcast.watch(room, () => ann.one);
  for (const [end, expected] of [
    [posted(3), '-3'],
    [posted(3, 8), ''],
    [posted(4), ''],
    [leftRoom(3), '-3'],
    [leftRoom(3, 8), ''],
    [left(3), '-3'],
    [left(4), ''],
  ] as const) {
    broadcast.observe([typing(3)]);
    assert.equal(ann.took(), '+3', end.type);
    clock.advance(1_000);
    broadcast.observe([end]);
    assert.equal(ann.took(), expected, end.type);
    clock.advance(6_000);
    assert.equal(clock.timers, 0);
  }
  broadcast.observe([typing(3), typing(3, true, 8), left(3)]);
  assert.equal(ann.took(), '+3+3');
  clock.advance(1_000);
  assert.equal(ann.took(), '-3-3', 'in all rooms');
  clock.advance(1_000);
  broadcast.observe([posted(3), typing(3)]);
  assert.equal(ann.took(), '+3', 'who types after the message is still typing');
});

test('CONN-145 T33 who has not taken what was written gets no typing, then or later, and is no slow reader for that', () => {
  const { clock, broadcast, receiver } = open();
  const [ann, ben] = [receiver(), receiver()];
  for (const one of [ann, ben]) broadcast.watch(7, () => one.one);
  ann.peer.stopReading();
  ann.outbox.push(new Uint8Array(10));
  clock.turn();
  for (let second = 0; second < 5_000; second++) {
    broadcast.observe([typing(3, second % 2 === 0)]);
    clock.advance(1_000);
  }
  assert.equal(ann.link.unsentBytes, 10);
  assert.equal(ben.took().length, 10_000);
  ann.peer.resumeReading();
  assert.equal(ann.took().length, 10);
  broadcast.observe([typing(3)]);
  assert.equal(ann.took(), '+3');
});

test('CONN-145 what waits for the end of the turn is no reason to drop typing', () => {
  const { broadcast, receiver } = open();
  const ann = receiver();
  broadcast.watch(7, () => ann.one);
  ann.outbox.push(new TextEncoder().encode('answer '));
  broadcast.observe([typing(3)]);
  assert.equal(ann.took(), 'answer +3');
});

test('CONN-147 CONN-142 T6 a thousand receivers of two variants cost two encodings and one write each a second', () => {
  const { clock, broadcast, receiver, encodings } = open();
  const all = Array.from({ length: 1_000 }, (_, index) => receiver(undefined, index % 2 === 0 ? 0 : 1));
  for (const { one } of all) broadcast.watch(7, () => one);
  broadcast.observe([typing(1)]);
  clock.turn();
  assert.equal(encodings(), 2);
  assert.equal(new Set(all.map(({ link }) => link.writes[0])).size, 2, 'all of a variant are written the same bytes');
  for (let id = 2; id <= 10; id++) broadcast.observe([typing(id), typing(id)]);
  clock.advance(1_000);
  assert.equal(encodings(), 2 + 2 * 9);
  assert.ok(all.every(({ link }) => link.writes.length === 2));
});

test('CONN-144 T33 a room that nobody watches any more, or in which nobody types any more, is forgotten', () => {
  const { clock, broadcast, receiver } = open();
  const ann = receiver();
  broadcast.observe([typing(1)]);
  assert.equal(clock.timers, 0);
  const end = broadcast.watch(7, () => ann.one);
  broadcast.observe([typing(1), typing(2)]);
  assert.equal(clock.timers, 1);
  end();
  end();
  assert.equal(clock.timers, 0);
  clock.advance(1_000);
  assert.equal(ann.took(), '+1');
  broadcast.watch(7, () => ann.one);
  broadcast.observe([posted(1)]);
  assert.equal(ann.took(), '', 'nothing is known of before');
});
