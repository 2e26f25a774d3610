import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../../testing/random.ts';
import type { JoinedRoomEntry, ListEntry, PersonEntry, UnitEntry } from './entries.ts';
import { COLLATION, type Order, orders } from './orders.ts';

const person = (id: number, displayName: string, presence: PersonEntry['presence'] = 'offline'): PersonEntry => {
  return {
    type: 'person',
    id,
    name: `n${id}`,
    displayName,
    picture: null,
    presence,
    connected: presence !== 'offline',
  };
};
const unit = (id: number, displayName: string): UnitEntry => ({ type: 'unit', id, displayName });

function room(id: number, activity: number, serverTime: number | null): JoinedRoomEntry {
  const author = { id: 1, name: 'a' };
  const fixed = { id: 'm', room: id, number: 1, position: 1, author, text: 'x', clientTime: null, edits: [] };
  const last = serverTime === null ? null : { ...fixed, serverTime, editedAt: null, deletedAt: null };
  const counts = { number: 1, seen: 0, seenBy: 0, unread: 0, total: 0 };
  return { type: 'room', id, displayName: 'r', name: 'r', other: null, last, ...counts, members: [], activity };
}

function sorted(order: Order, entries: readonly ListEntry[]): number[] {
  return seededRandom(3)
    .shuffle(entries)
    .toSorted(orders[order])
    .map(({ id }) => id);
}

test('VIEW-24 names are in the order of Unicode, then by id, and units come first', () => {
  const people = [
    person(1, 'Zoe'),
    person(2, 'ärgern'),
    person(3, 'Bob'),
    person(4, 'bob'),
    person(6, 'bob'),
    person(5, 'Åsa'),
  ];
  const entries = [...people, unit(9, 'sales'), unit(8, 'board')];
  assert.deepEqual(sorted('asc', entries), [8, 9, 2, 5, 4, 6, 3, 1]);
  assert.deepEqual(sorted('desc', entries), [9, 8, 1, 3, 6, 4, 5, 2]);
});

test('VIEW-25 who is present comes first, in both directions', () => {
  const people = [
    person(1, 'a'),
    person(2, 'b', 'busy'),
    person(3, 'c', 'online'),
    person(4, 'd'),
    person(5, 'e', 'away'),
  ];
  assert.deepEqual(sorted('asc_pres_first', [...people, unit(9, 'z')]), [9, 2, 3, 5, 1, 4]);
  assert.deepEqual(sorted('desc_pres_first', [...people, unit(9, 'z')]), [9, 5, 3, 2, 4, 1]);
});

test('VIEW-26 rooms with messages that were seen come first; others by the time of their last message, then by id', () => {
  const rooms = [room(1, 0, 500), room(2, 0, 900), room(3, 1, 100), room(4, 2, 50), room(5, 0, null), room(6, 0, 500)];
  assert.deepEqual(sorted('recent', rooms), [4, 3, 2, 1, 6, 5]);
});

test('VIEW-29 the order of names has the version of its tables', () => {
  assert.ok(COLLATION.includes(process.versions.icu ?? '?'));
});
