import assert from 'node:assert/strict';
import { test } from 'node:test';
import { neighbourOf } from './neighbour.ts';

const rooms = [3, 1, 2].map((room) => ({ room, isUnread: room !== 3 }));

test('WEB-152 the next and the previous room are those beside it in the list, round its ends', () => {
  assert.deepEqual(
    [3, 1, 2].map((room) => neighbourOf(rooms, room, 1, 'any')),
    [1, 2, 3],
  );
  assert.deepEqual(
    [3, 1, 2].map((room) => neighbourOf(rooms, room, -1, 'any')),
    [2, 3, 1],
  );
  assert.deepEqual([neighbourOf(rooms, null, 1, 'any'), neighbourOf(rooms, null, -1, 'any')], [3, 2]);
  assert.equal(neighbourOf(rooms.slice(0, 1), 3, 1, 'any'), null);
  assert.equal(neighbourOf([], null, 1, 'any'), null);
});

test('WEB-152 the next unread room leaves out those that are read', () => {
  assert.equal(neighbourOf(rooms, 2, 1, 'unread'), 1);
  assert.equal(neighbourOf(rooms, 1, -1, 'unread'), 2);
  assert.equal(neighbourOf(rooms.slice(0, 2), 1, 1, 'unread'), null);
});
