import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { test } from 'node:test';
import { FakeClock } from '../../../../testing/clock.ts';
import { countingIds } from '../../../../testing/ids.ts';
import { describePostgres, type MakeDatabase, query } from '../../../../testing/postgres.ts';
import type { Cleanup } from '../../../../testing/temporary.ts';
import { silentLog } from '../../../../testing/world.ts';
import { blobsSuite } from '../../blobs.suite.ts';
import { connect, targetOf } from '../connection.ts';
import { openPostgres } from '../open.ts';
import { BLOB_STATEMENTS, type BlobStatement } from './statements.ts';

const MEBIBYTE = 2 ** 20;

/** Two nodes on a database. */
async function opened(cleanup: Cleanup, makeDatabase: MakeDatabase) {
  const url = await makeDatabase(cleanup);
  const open = async (node: string, origin: number) => {
    const ids = countingIds(origin);
    const store = await openPostgres({ url, node, clock: new FakeClock(), ids, log: silentLog });
    cleanup.after(() => store.storage.close());
    return store;
  };
  return { url, one: await open('one', 1), other: await open('other', 2) };
}

/** Values that a statement can be asked with. */
const VALUES: { readonly [name in BlobStatement]: readonly unknown[] } = {
  begin: ['files'],
  write: [1, 0, Buffer.from('a')],
  readOwn: [1, 0, 1, 1],
  keep: [1, 'a', 1],
  hold: ['files', 'a'],
  size: ['files', 'a'],
  read: ['files', 'a', 0, 1, 1],
  stored: ['files', '', 5],
  setNamed: ['files', ['a']],
  setUnnamed: ['files', ['a']],
  abandon: ['files', ['a'], '2026-01-01'],
  over: [5],
  close: [1],
  closeOver: [1],
  lastPiece: [1],
  removePieces: [1, 16],
  remove: [1],
};

describePostgres('bytes in PostgreSQL', (makeDatabase, reuseDatabase) => {
  blobsSuite('postgres', async () => {
    const ends: (() => Promise<void>)[] = [];
    const { url, one, other } = await opened({ after: (run) => void ends.unshift(run) }, reuseDatabase);
    return {
      one: one.blobs('files'),
      other: other.blobs('files'),
      otherKind: one.blobs('pictures'),
      async hour() {
        await query(url, `UPDATE blob SET at = at - interval '1 hour'`);
      },
      async stored() {
        const [row] = await query(url, 'SELECT coalesce(sum(length(bytes)), 0)::int AS bytes FROM piece');
        return Number(row?.bytes);
      },
      async close() {
        for (const end of ends) await end();
      },
    };
  });

  test('STORE-247 a transaction writes a piece of 256 KiB at most', async (t) => {
    const { url, one } = await opened(t, makeDatabase);
    const blob = await one.blobs('files').begin();
    await blob.write(Buffer.alloc(MEBIBYTE + 1));
    const pieces = 'SELECT count(*)::int AS pieces, max(length(bytes)) AS bytes FROM piece';
    assert.deepEqual(await query(url, pieces), [{ pieces: 4, bytes: 256 * 1024 }]);
    await blob.keep();
    assert.deepEqual(await query(url, `${pieces} WHERE number = 4`), [{ pieces: 1, bytes: 1 }]);
    assert.deepEqual(await query(url, 'SELECT count(DISTINCT xmin::text)::int AS transactions FROM piece'), [
      { transactions: 5 },
    ]);
  });

  test('STORE-242 a reader that takes nothing keeps no connection', async (t) => {
    const { one } = await opened(t, makeDatabase);
    const blobs = one.blobs('files');
    const blob = await blobs.begin();
    await blob.write(Buffer.alloc(MEBIBYTE));
    const digest = await blob.keep();
    const readers = Array.from({ length: 20 }, () => blobs.read(digest, 0, MEBIBYTE - 1)[Symbol.asyncIterator]());
    for (const reader of readers) assert.equal((await reader.next()).done, false);
    assert.equal(await blobs.size(digest), MEBIBYTE);
  });

  test('STORE-244 a full disk of the database is a full disk', async (t) => {
    const { url, one } = await opened(t, makeDatabase);
    await query(
      url,
      `CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS
         $$ BEGIN RAISE 'could not extend file' USING ERRCODE = 'disk_full'; END $$;
       CREATE TRIGGER full_disk BEFORE INSERT ON piece FOR EACH ROW EXECUTE FUNCTION full_disk()`,
    );
    const blob = await one.blobs('files').begin();
    await assert.rejects(blob.write(Buffer.alloc(MEBIBYTE)), { code: 'ENOSPC' });
    await blob.discard();
    assert.deepEqual(await query(url, 'SELECT key FROM blob'), []);
  });

  test('STORE-243 STORE-245 a sweep that was cut off is finished by the next one, also of many pieces', async (t) => {
    const { url, one, other } = await opened(t, makeDatabase);
    const blob = await one.blobs('files').begin();
    await blob.write(Buffer.alloc(10 * MEBIBYTE));
    const digest = await blob.keep();
    await query(url, `UPDATE blob SET digest = NULL, at = '-infinity'; DELETE FROM piece WHERE number < 16`);
    assert.equal(await one.blobs('files').size(digest), null);
    await other.blobs('pictures').sweep(async () => []);
    assert.deepEqual(await query(url, 'SELECT blob FROM piece UNION SELECT key FROM blob'), []);
  });

  test('STORE-243 what a sweep has begun to delete can be neither written nor kept any more', async (t) => {
    const { url, one } = await opened(t, makeDatabase);
    const blob = await one.blobs('files').begin();
    await blob.write(Buffer.from('a file'));
    await query(url, `UPDATE blob SET at = '-infinity'`);
    await assert.rejects(blob.write(Buffer.alloc(MEBIBYTE)), /deleted/);
    await query(url, 'DELETE FROM piece');
    await assert.rejects(blob.keep(), /deleted/);
    assert.deepEqual(await query(url, 'SELECT digest FROM blob UNION SELECT bytes::text FROM piece'), [
      { digest: null },
    ]);
  });

  test('STORE-246 the nodes of a database have one secret', async (t) => {
    const first = await opened(t, makeDatabase);
    assert.equal(first.one.secret, first.other.secret);
    assert.ok(first.one.secret.length > 0);
    assert.deepEqual(await query(first.url, 'SELECT value FROM secret'), [{ value: first.one.secret }]);
  });

  test('STORE-247 every statement is by an index', async (t) => {
    const { url } = await opened(t, makeDatabase);
    const client = await connect(targetOf(url));
    t.after(() => client.end());
    await client.query('SET enable_seqscan = off; SET enable_sort = off');
    for (const [name, text] of Object.entries(BLOB_STATEMENTS)) {
      const { rows } = await client.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${text}`, [
        ...VALUES[name as BlobStatement],
      ]);
      const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
      assert.doesNotMatch(plan, /Seq Scan|\bSort\b/, `${name}\n${plan}`);
    }
  });

  test('STORE-241 bytes that are deleted while they are kept are stored anew', async (t) => {
    const { url, one } = await opened(t, makeDatabase);
    const blobs = one.blobs('files');
    const add = async () => {
      const blob = await blobs.begin();
      await blob.write(Buffer.from('a file'));
      return { digest: await blob.keep(), discard: () => blob.discard() };
    };
    await add();
    // The first attempt finds the digest, which is gone when it is held.
    await query(
      url,
      `CREATE FUNCTION gone() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
         IF OLD.digest IS NOT NULL THEN DELETE FROM blob WHERE key = OLD.key; RETURN NULL; END IF;
         RETURN NEW; END $$;
       CREATE TRIGGER gone BEFORE UPDATE ON blob FOR EACH ROW EXECUTE FUNCTION gone()`,
    );
    const { digest, discard } = await add();
    assert.equal(digest, hash('sha256', 'a file'));
    await discard();
    assert.equal(await blobs.size(digest), 6);
    assert.deepEqual(await query(url, 'SELECT count(*)::int AS count FROM blob'), [{ count: 1 }]);
  });
});
