import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MessageEntry, RoomEntry } from '../../src/protocols/documents/client.ts';
import { noticeOf, type NoticeRules } from './notice.ts';

const ROOM = 3;
const SELF = 1;

function roomOf(changes: Partial<RoomEntry> = {}): RoomEntry {
  return {
    key: { type: 'room', id: ROOM },
    name: 'tea',
    direct: false,
    unread: 1,
    last_msg: null,
    members: [],
    members_total: 2,
    number: 9,
    seen: 7,
    seen_by: 0,
    ...changes,
  };
}

function messageOf(number: number, text: string, sender = 2): MessageEntry {
  return {
    key: { type: 'msg', id: [ROOM, number] },
    sender: { key: { type: 'user', id: sender }, name: `person${sender}` },
    time: 0,
    text,
    edited: null,
  };
}

function rulesOf(changes: Partial<NoticeRules> = {}): NoticeRules {
  return {
    notifications: 'mentions',
    mutedRooms: [],
    watchedRooms: new Set(),
    self: SELF,
    names: ['ana'],
    isBlocked: (person) => person === 66,
    ...changes,
  };
}

test('WEB-10 one is told of direct messages and mentions, or of all, or of nothing', () => {
  const plain = [messageOf(8, 'hello')];
  const mention = [messageOf(8, 'hello @Ana')];
  const notice = { room: ROOM, number: 8, sender: 'person2' };
  assert.equal(noticeOf(roomOf(), plain, rulesOf()), null);
  assert.deepEqual(noticeOf(roomOf(), mention, rulesOf()), { ...notice, text: 'hello @Ana' });
  assert.deepEqual(noticeOf(roomOf({ direct: true }), plain, rulesOf()), { ...notice, text: 'hello' });
  assert.deepEqual(noticeOf(roomOf(), plain, rulesOf({ notifications: 'all' })), { ...notice, text: 'hello' });
  assert.equal(noticeOf(roomOf({ direct: true }), mention, rulesOf({ notifications: 'off' })), null);
});

test('WEB-10 of several messages the last one counts that is worth it', () => {
  const messages = [messageOf(8, '@ana first'), messageOf(9, 'second')];
  assert.equal(noticeOf(roomOf(), messages, rulesOf())?.number, 8);
});

test('WEB-11 one is never told of own messages, of blocked people, of muted rooms and of those that one looks at', () => {
  const all = rulesOf({ notifications: 'all' });
  const message = [messageOf(8, '@ana')];
  assert.equal(noticeOf(roomOf(), [messageOf(8, '@ana', SELF)], all), null);
  assert.equal(noticeOf(roomOf(), [messageOf(8, '@ana', 66)], all), null);
  assert.equal(noticeOf(roomOf(), message, { ...all, mutedRooms: [ROOM] }), null);
  assert.equal(noticeOf(roomOf(), message, { ...all, watchedRooms: new Set([ROOM]) }), null);
  assert.equal(noticeOf(roomOf(), message, all)?.number, 8);
});

test('WEB-12 one is not told of what was read meanwhile, or deleted', () => {
  const all = rulesOf({ notifications: 'all' });
  assert.equal(noticeOf(roomOf({ seen: 8 }), [messageOf(8, 'hello')], all), null);
  const deleted: MessageEntry = { key: { type: 'msg', id: [ROOM, 9] }, deleted: true };
  assert.equal(noticeOf(roomOf(), [deleted], all), null);
});
