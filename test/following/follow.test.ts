import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tallySeeds } from '../seeds.ts';
import { TYPES } from '../versions/documents.ts';
import { followStory } from './follow.ts';

test('DOC-220 DOC-221 DOC-222 DOC-103 CONN-130 who loses connections and asks only for what changed has what a new client gets', async () => {
  const tally = await tallySeeds(1, 15, followStory);
  const equal = TYPES.map(
    (type) => tally.of(`follower: get_content of ${type} equal`) + tally.of(`follower: get_children of ${type} equal`),
  );
  assert.ok(
    equal.every((count) => count > 0),
    tally.listed('follower'),
  );
  for (const what of ['lost', 'reconnect 200', 'reconnect 401', 'told 204', 'told 206'])
    assert.ok(tally.of(`follower: ${what}`) > 0, `${what}\n${tally.listed('follower')}`);
});
