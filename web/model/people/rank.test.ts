import assert from 'node:assert/strict';
import { test } from 'node:test';
import { invites, moderates, outranks, type RoomRole } from './rank.ts';

const roles: readonly RoomRole[] = [null, 'member', 'moderator', 'owner'];

test('WEB-98 only a higher rank acts on a member, and nobody on a guest', () => {
  const allowed = roles.flatMap((own) =>
    roles.filter((other) => outranks(own, other)).map((other) => `${own} ${other}`),
  );
  assert.deepEqual(allowed, ['moderator member', 'owner member', 'owner moderator']);
});

test('WEB-95 WEB-96 owners and moderators rename and invite; members invite to open rooms', () => {
  assert.deepEqual(roles.filter(moderates), ['moderator', 'owner']);
  assert.deepEqual(
    roles.filter((role) => invites(role, true)),
    ['member', 'moderator', 'owner'],
  );
  assert.deepEqual(
    roles.filter((role) => invites(role, false)),
    ['moderator', 'owner'],
  );
});
