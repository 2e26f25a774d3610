import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { RecentChanges } from './recent-changes.ts';

test('VIEW-21 what changed since a count is found, the latest first, if it is known and not too much', () => {
  const MOST = 8;
  const property = fc.property(fc.array(fc.nat(12), { maxLength: 60 }), fc.nat(10), (ids, limit) => {
    const changes = new RecentChanges(MOST);
    for (const id of ids) changes.changed(id);
    assert.equal(changes.count, ids.length);
    for (let count = 0; count <= ids.length; count++) {
      const since = [...new Set(ids.slice(count).reverse())];
      const found = changes.since(count, limit);
      if (since.length > Math.min(limit, MOST)) assert.equal(found, null);
      else assert.deepEqual(found ?? since, since);
      if (since.length <= limit && new Set(ids).size <= MOST) assert.deepEqual(found, since);
    }
  });
  fc.assert(property);
});

test('VIEW-21 changes that are forgotten are not taken for no changes', () => {
  const changes = new RecentChanges(2);
  for (const id of [1, 2, 3]) changes.changed(id);
  assert.equal(changes.since(0, 10), null, 'the change of 1 is forgotten');
  assert.deepEqual(changes.since(1, 10), [3, 2]);
  changes.reset();
  assert.equal(changes.since(3, 10), null, 'everything may have changed');
  assert.deepEqual(changes.since(changes.count, 10), []);
  changes.changed(1);
  assert.deepEqual(changes.since(changes.count - 1, 10), [1]);
});

test('VIEW-20 a change is noted once, however often it happens', () => {
  const changes = new RecentChanges();
  for (let times = 0; times < 10_000; times++) changes.changed(7);
  assert.deepEqual(changes.since(0, 1), [7]);
});
