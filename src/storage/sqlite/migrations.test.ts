import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { FakeClock } from '../../../testing/clock.ts';
import { countingIds } from '../../../testing/ids.ts';
import { integer, one } from './database.ts';
import { MIGRATIONS, migrate } from './migrations.ts';
import { openSqliteStorage } from './open.ts';
import { silentLog, temporaryDirectory } from '../../../testing/sqlite-samples.ts';

function database(context: TestContext): DatabaseSync {
  const db = new DatabaseSync(':memory:');
  context.after(() => db.close());
  return db;
}

function state(db: DatabaseSync): unknown {
  const tables = db.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name`).all();
  return [integer(one(db, 'PRAGMA user_version'), 'user_version'), ...tables.map(({ name }) => name)];
}

test('STORE-35 a database of a newer version is refused with what to do, and not touched', async (context) => {
  const directory = temporaryDirectory(context);
  const options = { directory, clock: new FakeClock(), ids: countingIds(), log: silentLog };
  await (await openSqliteStorage(options)).close();
  const change = (version: number) => {
    const db = new DatabaseSync(join(directory, 'parlance.db'));
    db.exec(`PRAGMA user_version = ${version}`);
    const clean = integer(one(db, 'SELECT clean FROM meta'), 'clean');
    db.close();
    return clean;
  };
  change(MIGRATIONS.length + 1);
  await assert.rejects(
    openSqliteStorage(options),
    /parlance\.db: the data was written by a newer version.*Start that version/,
  );
  assert.equal(change(MIGRATIONS.length), 1);
  await (await openSqliteStorage(options)).close();
});

test('STORE-36 migrations run in order, each once', (context) => {
  const db = database(context);
  migrate(db, ['CREATE TABLE a (x TEXT)']);
  assert.deepEqual(state(db), [1, 'a']);
  migrate(db, ['CREATE TABLE a (x TEXT)', 'CREATE TABLE b (x TEXT)', 'ALTER TABLE b RENAME TO c']);
  assert.deepEqual(state(db), [3, 'a', 'c']);
});

test('STORE-36 a migration that fails leaves nothing of itself, and those before it stand', (context) => {
  const db = database(context);
  const broken = ['CREATE TABLE a (x TEXT)', 'CREATE TABLE b (x TEXT); CREATE TABLE b (x TEXT)'];
  assert.throws(() => migrate(db, broken), /already exists/);
  db.exec('ROLLBACK');
  assert.deepEqual(state(db), [1, 'a']);
  migrate(db, ['CREATE TABLE a (x TEXT)', 'CREATE TABLE b (x TEXT)']);
  assert.deepEqual(state(db), [2, 'a', 'b']);
});
