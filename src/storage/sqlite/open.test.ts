import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { DatabaseSync } from 'node:sqlite';
import { FakeClock } from '../../../testing/clock.ts';
import { countingIds } from '../../../testing/ids.ts';
import { itemOf, posted, sessionItem } from '../../../testing/storage/samples.ts';
import { openSqliteStorage } from './open.ts';
import { temporaryDirectory } from '../../../testing/temporary.ts';
import { silentLog } from '../../../testing/world.ts';

async function opened(context: TestContext, directory: string, origin = 1) {
  const clock = new FakeClock();
  const storage = await openSqliteStorage({ directory, clock, ids: countingIds(origin), log: silentLog });
  context.after(() => storage.close());
  return { storage, clock };
}

const mode = (...path: string[]) => statSync(join(...path)).mode & 0o777;

test('STORE-38 only the owner can read the directory and its files', async (context) => {
  const directory = join(temporaryDirectory(context), 'new', 'data');
  const { storage } = await opened(context, directory);
  await storage.append([itemOf([posted(1, 1)])]);
  assert.equal(mode(directory), 0o700);
  for (const name of ['parlance.db', 'parlance.db-wal', 'parlance.db-shm', 'lock.db', 'lock.pid']) {
    assert.equal(mode(directory, name), 0o600, name);
  }
});

test('STORE-38 an existing directory keeps its permissions', async (context) => {
  const directory = join(temporaryDirectory(context), 'data');
  mkdirSync(directory);
  chmodSync(directory, 0o750);
  await opened(context, directory);
  assert.equal(mode(directory), 0o750);
});

test('STORE-41 the ids of server and database are made once', async (context) => {
  const directory = temporaryDirectory(context);
  const first = (await opened(context, directory, 1)).storage;
  const { serverId, identity } = first;
  assert(Number.isSafeInteger(serverId) && serverId > 0);
  assert(identity.length > 0);
  await first.close();
  const second = (await opened(context, directory, 2)).storage;
  assert.deepEqual([second.serverId, second.identity], [serverId, identity]);
  const other = (await opened(context, temporaryDirectory(context), 2)).storage;
  assert.notEqual(other.serverId, serverId);
  assert.notEqual(other.identity, identity);
});

test('STORE-39 after a clean stop nothing is checked', async (context) => {
  const directory = temporaryDirectory(context);
  const first = (await opened(context, directory)).storage;
  assert.equal(await first.checked, 'clean');
  await first.close();
  const second = (await opened(context, directory)).storage;
  assert.equal(await second.checked, 'clean');
});

/** A store that was not closed cleanly. */
async function uncleanDirectory(context: TestContext): Promise<string> {
  const directory = temporaryDirectory(context);
  const { storage } = await opened(context, directory);
  for (let number = 1; number <= 50; number++) await storage.append([itemOf([posted(1, number, 'x'.repeat(1_000))])]);
  await storage.close();
  const db = new DatabaseSync(join(directory, 'parlance.db'));
  db.exec('UPDATE meta SET clean = 0');
  db.close();
  return directory;
}

test('STORE-39 after an unclean stop the file is checked, and then the next stop is clean', async (context) => {
  const directory = await uncleanDirectory(context);
  const first = (await opened(context, directory)).storage;
  assert.equal(await first.checked, 'checked');
  await first.close();
  const second = (await opened(context, directory)).storage;
  assert.equal(await second.checked, 'clean');
});

test('STORE-39 an unfinished check is started again at the next opening', async (context) => {
  const directory = await uncleanDirectory(context);
  const first = (await opened(context, directory)).storage;
  await first.close();
  assert.equal(await first.checked, 'closed');
  const second = (await opened(context, directory)).storage;
  assert.equal(await second.checked, 'checked');
});

test('STORE-39 a damaged file is reported at each opening', async (context) => {
  const directory = await uncleanDirectory(context);
  const file = join(directory, 'parlance.db');
  const bytes = readFileSync(file);
  bytes.fill(7, 30 * 4096, 30 * 4096 + 200);
  writeFileSync(file, bytes);
  for (let opening = 0; opening < 2; opening++) {
    const { storage } = await opened(context, directory);
    await assert.rejects(storage.checked, /parlance\.db is damaged .*restore a backup/);
    await storage.close();
  }
});

test('STORE-39 a file that is no database is not opened', async (context) => {
  const directory = temporaryDirectory(context);
  writeFileSync(join(directory, 'parlance.db'), 'These are other words.'.repeat(500));
  const options = { directory, clock: new FakeClock(), ids: countingIds(), log: silentLog };
  await assert.rejects(openSqliteStorage(options), /cannot open the database .*parlance\.db: file is not a database/);
  await assert.rejects(openSqliteStorage(options), /not a database/);
});

test('STORE-42 expired results are deleted in a quiet moment', async (context) => {
  const directory = temporaryDirectory(context);
  const { storage, clock } = await opened(context, directory);
  const once = { scope: 's', key: 'k', digest: '', result: '', expires: clock.now() + 200 };
  await storage.append([itemOf([posted(1, 1)], once)]);
  clock.advance(200);
  await storage.append([]);
  const db = new DatabaseSync(join(directory, 'parlance.db'), { readOnly: true });
  assert.deepEqual(db.prepare('SELECT * FROM once').all(), []);
  db.close();
});

test('STORE-42 a clock that jumps ahead deletes no kept result: it still counts when the clock is right again', async (context) => {
  const { storage, clock } = await opened(context, temporaryDirectory(context));
  const once = { scope: 's', key: 'k', digest: '', result: 'first', expires: clock.now() + 86_400_000 };
  await storage.append([itemOf([posted(1, 1)], once)]);
  clock.jump(365 * 86_400_000);
  clock.advance(200);
  await storage.append([]);
  clock.jump(-365 * 86_400_000);
  assert.deepEqual(await storage.append([itemOf([posted(1, 2)], once)]), [
    { type: 'repeated', digest: '', result: 'first' },
  ]);
});

test('STORE-144 a session is deleted in a quiet moment after it expired, but not because the clock jumped', async (context) => {
  const { storage, clock } = await opened(context, temporaryDirectory(context));
  const session = { digest: 'd', person: 3, passwordPosition: 1, expires: clock.now() + 300, documents: ['a'] };
  await storage.append([sessionItem(session)]);
  clock.jump(365 * 86_400_000);
  clock.advance(200);
  await storage.append([]);
  assert.deepEqual(await storage.session('d'), session);
  clock.advance(200);
  await storage.append([]);
  assert.equal(await storage.session('d'), null);
});
