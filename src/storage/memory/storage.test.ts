import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../../../testing/clock.ts';
import { itemOf, posted } from '../../../testing/storage/samples.ts';
import { roomStream } from '../../core/model/ids.ts';
import { changesSuite } from '../changes.suite.ts';
import { storageSuite } from '../storage.suite.ts';
import { MemoryStorage } from './storage.ts';
import { UNSEEN_LIMIT } from './unseen-changes.ts';

storageSuite('memory', async (clock) => {
  const storage = new MemoryStorage(clock);
  return { storage, close: () => storage.close() };
});

changesSuite('memory of several nodes', async (clock) => {
  const storage = new MemoryStorage(clock);
  return { join: async () => storage.join(), close: () => storage.close() };
});

test('STORE-176 in memory who does not ask while more streams change than are noted is told once that this is not known', async () => {
  const storage = new MemoryStorage(new FakeClock());
  const other = storage.join();
  const rooms = Array.from({ length: UNSEEN_LIMIT }, (_, index) => index + 1);
  await storage.append(rooms.map((room) => itemOf([posted(room, 1)])));
  assert.equal((await other.changes())?.length, UNSEEN_LIMIT);
  await storage.append([...rooms, UNSEEN_LIMIT + 1].map((room) => itemOf([posted(room, room > UNSEEN_LIMIT ? 1 : 2)])));
  await storage.append([itemOf([posted(1, 3)])]);
  assert.equal(await other.changes(), null);
  await storage.append([itemOf([posted(2, 3)])]);
  assert.deepEqual(await other.changes(), [[roomStream(2), 3]]);
});

test('STORE-19 a node that closes its store closes no other', async () => {
  const storage = new MemoryStorage(new FakeClock());
  const other = storage.join();
  await other.close();
  await assert.rejects(other.changes());
  await storage.append([itemOf([posted(1, 1)])]);
  assert.deepEqual(await storage.join().positions([roomStream(1)]), [1]);
});
