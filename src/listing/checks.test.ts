import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { ListingScene } from '../../testing/listing-scene.ts';
import { temporaryDirectory } from '../../testing/temporary.ts';

const ADDRESS = '198.41.0.4:5000';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

test('LIST-70 LIST-71 a server is pinged once a minute; three misses hide it, a good ping shows it again', async () => {
  const scene = new ListingScene();
  await scene.list(7, { address: ADDRESS });
  await scene.pass(5 * MINUTE);
  assert.equal(scene.pings.length, 6);
  scene.online.delete(ADDRESS);
  const shown = [];
  for (let minute = 0; minute < 4; minute++) {
    await scene.pass(MINUTE);
    shown.push((await scene.servers()).length);
  }
  assert.deepEqual(shown, [1, 1, 0, 0]);
  scene.online.set(ADDRESS, 7);
  await scene.pass(MINUTE);
  assert.equal((await scene.servers()).length, 1);
  assert.deepEqual(scene.log, ['server-hidden', 'server-back']);
});

test('LIST-70 a server that misses two pings now and then stays', async () => {
  const scene = new ListingScene();
  await scene.list(7, { address: ADDRESS });
  for (let round = 0; round < 4; round++) {
    scene.online.delete(ADDRESS);
    await scene.pass(2 * MINUTE);
    scene.online.set(ADDRESS, 7);
    await scene.pass(MINUTE);
    assert.equal((await scene.servers()).length, 1);
  }
});

test('LIST-70 a server that answers with another id than before is hidden, too', async () => {
  const scene = new ListingScene();
  await scene.list(7, { address: ADDRESS });
  scene.online.set(ADDRESS, 8);
  await scene.pass(3 * MINUTE);
  assert.deepEqual(await scene.servers(), []);
});

test('LIST-74 a hidden server is deleted 24 hours after its last good ping, and keeps its key until then', async () => {
  const scene = new ListingScene();
  const key = await scene.list(7, { address: ADDRESS });
  scene.online.delete(ADDRESS);
  await scene.pass(24 * HOUR - MINUTE, MINUTE);
  assert.equal((await scene.ask('PUT', '/servers/7', { key, body: {} })).status, 200);
  scene.online.set(ADDRESS, 7);
  assert.equal((await scene.ask('POST', '/servers/7', { key, body: { address: ADDRESS } })).body, key);
  assert.equal((await scene.servers()).length, 1);
  scene.online.delete(ADDRESS);
  await scene.pass(24 * HOUR + MINUTE, MINUTE);
  assert.equal((await scene.ask('DELETE', '/servers/7', { key })).status, 400);
  assert.equal(scene.directory.get(7), undefined);
});

test('LIST-72 a check that a limit puts off is no miss', async () => {
  const scene = new ListingScene();
  await scene.list(7, { address: ADDRESS });
  scene.laterMs = 5_000;
  await scene.pass(10 * MINUTE);
  assert.equal((await scene.servers()).length, 1);
  assert.equal(scene.directory.get(7)?.misses, 0);
});

test('LIST-75 the uptime begins anew when a server comes back, and not when its owner writes its entry', async () => {
  const scene = new ListingScene();
  const key = await scene.list(7, { address: ADDRESS });
  const begun = scene.clock.now();
  await scene.pass(2 * MINUTE);
  await scene.ask('POST', '/servers/7', { key, body: { address: ADDRESS } });
  assert.equal(scene.directory.get(7)?.upSince, begun);
  scene.online.delete(ADDRESS);
  await scene.pass(5 * MINUTE);
  scene.online.set(ADDRESS, 7);
  await scene.pass(MINUTE);
  assert.equal(scene.directory.get(7)?.upSince, scene.clock.now());
});

test('LIST-71 after a restart the checks of all servers are spread over a minute, and hidden ones stay hidden', async (t) => {
  const file = `${temporaryDirectory(t)}/listing.db`;
  const first = new ListingScene(new DatabaseSync(file));
  for (let id = 1; id <= 6; id++) await first.list(id, { address: `198.41.0.${id}:5000` });
  first.online.delete('198.41.0.1:5000');
  await first.pass(4 * MINUTE);
  first.checks.stop();
  first.store.close();
  const second = new ListingScene(new DatabaseSync(file), first.clock);
  for (const [address, id] of first.online) second.online.set(address, id);
  assert.deepEqual(
    (await second.servers()).map(({ id }) => id),
    [2, 3, 4, 5, 6],
  );
  const counts = [];
  for (let step = 0; step < 6; step++) {
    await second.pass(10_000);
    counts.push(second.pings.length);
  }
  assert.deepEqual(counts, [1, 2, 3, 4, 5, 6]);
});

test('LIST-76 what a check found is written when a server turns, and else every 10 minutes', async () => {
  const scene = new ListingScene();
  const writes: unknown[] = [];
  const { store } = scene;
  const write = store.write.bind(store);
  store.write = (change) => {
    writes.push(change);
    return write(change);
  };
  await scene.list(7, { address: ADDRESS });
  await scene.pass(9 * MINUTE);
  assert.equal(writes.length, 1);
  await scene.pass(11 * MINUTE);
  assert.equal(writes.length, 3);
});
