import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { FakeClock } from '../../testing/clock.ts';
import { ListingScene } from '../../testing/listing-scene.ts';
import { temporaryDirectory } from '../../testing/temporary.ts';
import { Directory } from './directory.ts';
import type { ListedServer } from './listed-server.ts';
import { ListingStore } from './store.ts';

const ADDRESS = '198.41.0.4:5000';

function server(id: number, more: Partial<ListedServer> = {}): ListedServer {
  const counts = { connectedUsers: 0, maxUsers: 50, pingMs: 1, misses: 0 };
  const times = { listedAt: id, upSince: 0, seenAt: 0 };
  const targets = [`198.41.${Math.floor(id / 200)}.${id % 200}`];
  return {
    id,
    keyDigest: 'd',
    serverName: `Server ${id}`,
    address: `${targets[0]}:5000`,
    targets,
    ...counts,
    ...times,
    ...more,
  };
}

/** A directory without a disk. */
function memory(count: number, clock = new FakeClock()): Directory {
  const load = () => Array.from({ length: count }, (_, index) => server(index + 1));
  return new Directory({ load, write: () => Promise.resolve() }, clock);
}

test('LIST-14 what was answered is there after a crash, with its key', async (t) => {
  const file = `${temporaryDirectory(t)}/listing.db`;
  const first = new ListingScene(new DatabaseSync(file));
  const key = await first.list(7, { address: ADDRESS, serverName: 'Mine' });
  await first.list(8, { address: '198.41.0.5:5000' });
  await first.ask('PUT', '/servers/7', { key, body: { connectedUsers: 3 } });
  const before = await first.servers();
  const second = new ListingScene(new DatabaseSync(file), first.clock); // The first one is not closed.
  assert.deepEqual(await second.servers(), before);
  assert.equal((await second.ask('DELETE', '/servers/7', { key })).status, 200);
  assert.deepEqual(
    (await new ListingScene(new DatabaseSync(file)).servers()).map(({ id }) => id),
    [8],
  );
});

test('LIST-10 the file holds no key', async (t) => {
  const file = `${temporaryDirectory(t)}/listing.db`;
  const scene = new ListingScene(new DatabaseSync(file));
  const key = await scene.list(7, { address: ADDRESS });
  const rows = new DatabaseSync(file).prepare('SELECT * FROM server').all();
  assert.ok(!JSON.stringify(rows).includes(key));
});

test('LIST-14 LIST-20 what cannot be stored is refused with 503 and not shown, and the health says so', async () => {
  const database = new DatabaseSync(':memory:');
  const scene = new ListingScene(database);
  const key = await scene.list(7, { address: ADDRESS });
  const before = await scene.servers();
  database.exec('PRAGMA query_only = ON');
  scene.online.set('198.41.0.5:5000', 8);
  const put = () => scene.ask('PUT', '/servers/7', { key, body: { connectedUsers: 3 } });
  assert.equal((await put()).status, 503);
  assert.equal((await scene.ask('DELETE', '/servers/7', { key })).status, 503);
  assert.equal((await scene.ask('POST', '/servers/8', { body: { address: '198.41.0.5:5000' } })).status, 503);
  assert.equal((await scene.ask('GET', '/healthz')).status, 503);
  assert.deepEqual(await scene.servers(), before);
  database.exec('PRAGMA query_only = OFF');
  assert.equal((await put()).status, 200);
  assert.equal((await scene.ask('GET', '/healthz')).body, '{"status":"ok"}');
});

test('LIST-14 changes that come together share a commit, and two for one id do not lose each other', async () => {
  const scene = new ListingScene();
  const key = await scene.list(7, { address: ADDRESS });
  const both = await Promise.all([
    scene.ask('PUT', '/servers/7', { key, body: { connectedUsers: 3 } }),
    scene.ask('PUT', '/servers/7', { key, body: { maxUsers: 9 } }),
  ]);
  assert.deepEqual(
    both.map(({ status }) => status),
    [200, 200],
  );
  assert.deepEqual(
    (await scene.servers()).map(({ connectedUsers, maxUsers }) => [connectedUsers, maxUsers]),
    [[3, 9]],
  );
});

test('LIST-06 T48 of two who list one id at the same moment only the first gets a key', async () => {
  const scene = new ListingScene();
  scene.online.set(ADDRESS, 7);
  const post = () => scene.ask('POST', '/servers/7', { body: { address: ADDRESS } });
  const statuses = (await Promise.all([post(), post()])).map(({ status }) => status);
  assert.deepEqual(statuses, [201, 400]);
});

test('LIST-16 T49 there is room for 10,000 servers, hidden ones too, and for 2 MB of text', () => {
  const directory = memory(9_999);
  assert.equal(directory.hasRoomFor(server(10_000)), true);
  void directory.change({ put: server(10_000) });
  assert.equal(directory.hasRoomFor(server(10_001)), false);
  assert.equal(directory.hasRoomFor(server(5, { connectedUsers: 9 })), true);
  assert.ok(directory.list().length < 2_000_000);
  const long = (id: number) => server(id, { serverName: 'ü'.repeat(64), address: `${'a'.repeat(250)}:80` });
  const clock = new FakeClock();
  const full = memory(0, clock);
  let id = 1;
  while (full.hasRoomFor(long(id))) full.note(long(id++));
  clock.advance(100);
  const { length } = full.list();
  assert.ok(id < 10_000 && length > 1_990_000 && length < 2_010_000, `${length} bytes of ${id} servers`);
  assert.equal(full.hasRoomFor(server(1)), true, 'a shorter name');
});

test('LIST-17 at one IP address there is room for 20 servers, whatever their ports and names', async () => {
  const scene = new ListingScene();
  const caller = { address: '127.0.0.1', ip: '127.0.0.1' };
  for (let id = 1; id <= 21; id++) {
    const address = `198.41.0.4:${5_000 + id}`;
    scene.online.set(address, id);
    const { status } = await scene.ask('POST', `/servers/${id}`, { body: { address }, caller });
    assert.equal(status, id <= 20 ? 201 : 503);
  }
});

test('LIST-03 hidden servers are not in the list, and one that comes back is', () => {
  const directory = memory(3);
  directory.note(server(2, { misses: 3 }));
  const ids = () => JSON.parse(new TextDecoder().decode(directory.list())).servers.map(({ id }: ListedServer) => id);
  assert.deepEqual(ids(), [1, 3]);
  directory.note(server(2));
  assert.deepEqual(ids(), [1, 3, 2]);
});

test('LIST-14 a list of a newer version is not opened', () => {
  const database = new DatabaseSync(':memory:');
  database.exec('PRAGMA user_version = 99');
  assert.throws(() => new ListingStore(database, new FakeClock()), /newer version/);
});
