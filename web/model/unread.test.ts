import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unreadOf } from './unread.ts';

test('WEB-15 a room has as many unread messages as the server says, or as the person has marked', () => {
  assert.equal(unreadOf({ unread: 2, number: 10 }, undefined), 2);
  assert.equal(unreadOf({ unread: 0, number: 10 }, 8), 3);
  assert.equal(unreadOf({ unread: 5, number: 10 }, 10), 5);
});
