import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LogFields } from '../../../core/ports.ts';
import { describePostgres, query } from '../../../../testing/postgres.ts';
import { itemOf, markerItem, onceAt, posted, resultTypes } from '../../../../testing/storage/samples.ts';
import { openWriter } from '../../../../testing/storage/write-side.ts';
import { silentLog } from '../../../../testing/world.ts';
import { FakeClock } from '../../../../testing/clock.ts';
import { BatchLog } from './batch-log.ts';
import { PURGE_EVERY_MS, purge } from './purge.ts';

describePostgres('the log of batches in PostgreSQL', (makeDatabase) => {
  test('STORE-222 a node is told what others wrote since it was opened, each batch once', async (context) => {
    const url = await makeDatabase(context);
    const first = await openWriter(context, url, { node: 'b' });
    await first.append([itemOf([posted(1, 1)])]);
    const second = await openWriter(context, url, { node: 'a' });
    assert.deepEqual(await second.changes(), []);
    await first.append([itemOf([posted(1, 2)]), itemOf([posted(2, 1), posted(2, 2)])]);
    await first.append([itemOf([posted(1, 3)]), markerItem(7, [[1, 1]])]);
    await second.append([itemOf([posted(3, 1)])]);
    assert.deepEqual(
      new Map(await second.changes()),
      new Map([
        ['room/1', 3],
        ['room/2', 2],
      ]),
    );
    assert.deepEqual(await second.changes(), []);
    assert.deepEqual(await first.changes(), [['room/3', 1]]);
    const third = await openWriter(context, url, { node: 'c' });
    await third.append([markerItem(7, [[1, 2]])]);
    await third.append([itemOf([posted(4, 1)])]);
    assert.deepEqual(await Promise.all([first.changes(), first.changes()]), [[['room/4', 1]], []]);
    assert.deepEqual(await second.changes(), [['room/4', 1]]);
  });

  test('STORE-222 a call that fails loses nothing', async (context) => {
    const url = await makeDatabase(context);
    const node = await openWriter(context, url, { node: 'a' });
    let fails = false;
    const ask: typeof node.ask = (statement) => (fails ? Promise.reject(new Error('away')) : node.ask(statement));
    const log = await BatchLog.open({
      node: 'b',
      ask,
      history: { identity: 'first', newest: 0 },
      suspect: assert.fail,
    });
    await node.append([itemOf([posted(1, 1)])]);
    fails = true;
    await assert.rejects(log.changes(), /away/);
    fails = false;
    assert.deepEqual(await log.changes(), [['room/1', 1]]);
  });

  test('STORE-223 when rows of the log are gone, the changes are once not known', async (context) => {
    const url = await makeDatabase(context);
    const [reader, writer, other] = await Promise.all(
      ['a', 'b', 'c'].map((node) => openWriter(context, url, { node })),
    );
    assert.ok(reader && writer && other);
    for (const number of [1, 2, 3]) await writer.append([itemOf([posted(1, number)])]);
    await other.append([itemOf([posted(2, 1)])]);
    await query(url, `DELETE FROM batch WHERE node = 'b' AND number = 1`);
    assert.deepEqual([await reader.changes(), await reader.changes()], [null, []]);
    for (const number of [4, 5, 6]) await writer.append([itemOf([posted(1, number)])]);
    await query(url, `DELETE FROM batch WHERE node = 'b' AND number = 5`);
    assert.deepEqual([await reader.changes(), await reader.changes()], [null, []]);
    await writer.append([itemOf([posted(1, 7)])]);
    assert.deepEqual(await reader.changes(), [['room/1', 7]]);
  });

  test('STORE-224 old batches go, but not the newest of a node that may come back', async (context) => {
    const url = await makeDatabase(context);
    const { ask } = await openWriter(context, url, { node: 'a' });
    const left = async () =>
      (await query(url, 'SELECT node, number::int FROM batch ORDER BY 1, 2')).map((row) => `${row.node}${row.number}`);
    await query(
      url,
      `INSERT INTO node VALUES ('leased', now(), now());
       INSERT INTO batch (node, number, heads, at) VALUES
         ('gone', 1, '', now() - interval '2 days'), ('leased', 1, '', now() - interval '2 days'),
         ('leased', 2, '', now() - interval '2 days'), ('quiet', 1, '', now() - interval '1 hour'),
         ('quiet', 2, '', now() - interval '1 hour'), ('busy', 1, '', now() - interval '1 hour'),
         ('busy', 2, '', now() - interval '9 minutes'), ('busy', 3, '', now())`,
    );
    await purge(ask);
    assert.deepEqual(await left(), ['busy2', 'busy3', 'leased2', 'quiet2']);
  });

  test('STORE-224 expired results and sessions go, by the clock of the database, and many of them in steps', async (context) => {
    const url = await makeDatabase(context);
    const node = await openWriter(context, url, { node: 'a' });
    await node.append([itemOf([posted(1, 1)], onceAt({ now: () => 5 }, 9))]);
    await node.append([itemOf([posted(1, 2)], { ...onceAt({ now: Date.now }, 60_000), key: 'lasts' })]);
    const ends = [1, Date.now() + 60_000];
    const sessions = ends.map((expires) => ({ digest: `until ${expires}`, person: 7, passwordPosition: 1, expires }));
    await node.append(
      sessions.map((row) => ({
        writes: [],
        rows: [
          { op: 'put', table: 'session', row },
          { op: 'put', table: 'subscription', row: { session: row.digest, document: 'x', person: 7 } },
        ],
      })),
    );
    await query(
      url,
      `INSERT INTO once SELECT 'old', g::text, '', '', g FROM generate_series(1, 2500) g;
       INSERT INTO batch SELECT 'x', g, '', now() - interval '1 hour' FROM generate_series(1, 2500) g`,
    );
    const steps: string[] = [];
    await purge(async (statement) => {
      const rows = await node.ask(statement);
      steps.push(`${statement.name} ${rows.length}`);
      return rows;
    });
    assert.deepEqual(steps, [
      ...[1000, 1000, 499].map((count) => `purge batch ${count}`),
      ...[1000, 1000, 501].map((count) => `purge once ${count}`),
      'purge sessions 1',
    ]);
    assert.deepEqual(await query(url, 'SELECT key FROM once'), [{ key: 'lasts' }]);
    assert.deepEqual(await query(url, 'SELECT session FROM subscription'), [{ session: sessions[1]?.digest }]);
  });

  test('STORE-224 every 10 s a node removes what is old, and tries again after a failure', async (context) => {
    const url = await makeDatabase(context);
    const clock = new FakeClock();
    const { promise: warned, resolve: warn } = Promise.withResolvers<string>();
    const log = { ...silentLog, warn };
    const node = await openWriter(context, url, { node: 'a', clock, log });
    await query(url, `INSERT INTO once VALUES ('a', 'b', '', '', 1); ALTER TABLE batch RENAME TO away`);
    clock.advance(PURGE_EVERY_MS);
    assert.equal(await warned, 'storage-purge-failed');
    await query(url, 'ALTER TABLE away RENAME TO batch');
    while ((await query(url, 'SELECT FROM once')).length > 0) {
      clock.advance(PURGE_EVERY_MS);
      await node.ask({ name: 'one', text: 'SELECT 1', values: [] });
    }
  });

  test('STORE-220 STORE-221 nodes notice that acknowledged batches are lost; one gives the history another identity', async (context) => {
    const url = await makeDatabase(context);
    const logged: [string, LogFields | undefined][] = [];
    const log = { ...silentLog, error: (event: string, fields?: LogFields) => void logged.push([event, fields]) };
    const nodes = await Promise.all(['a', 'b', 'c'].map((node) => openWriter(context, url, { node, log })));
    const [first, second, third] = nodes;
    assert.ok(first && second && third);
    for (const number of [1, 2, 3])
      assert.deepEqual(resultTypes(await first.append([itemOf([posted(1, number)])])), ['committed']);
    await second.append([itemOf([posted(2, 1)])]);
    assert.deepEqual(await second.changes(), [['room/1', 3]]);
    await query(
      url,
      `DELETE FROM batch WHERE node = 'a' AND number = 3; DELETE FROM entry WHERE position = 3;
       DELETE FROM message WHERE position = 3; UPDATE stream SET head = 2 WHERE name = 'room/1'`,
    );
    await Promise.all([second.changes(), first.changes()]);
    for (const node of [first, second]) {
      assert.match((await node.failed).message, /lost batches.*Start this node again/);
      assert.deepEqual(resultTypes(await node.append([itemOf([posted(3, 1)])])), ['unavailable']);
      assert.match(String(await node.obstacle()), /lost batches/);
    }
    await third.changes();
    await third.failed;
    const [meta] = await query(url, 'SELECT identity FROM meta');
    assert.match(String(meta?.identity), /^after [ab]$/);
    assert.deepEqual([...new Set(logged.map(([event]) => event))], ['history-lost']);
    assert.deepEqual(logged.find(([, fields]) => fields?.acknowledged === 3)?.[1], {
      node: 'a',
      acknowledged: 3,
      found: 2,
    });
    assert.deepEqual(await query(url, `SELECT FROM stream WHERE name = 'room/3'`), []);
  });

  test('STORE-220 the loss is noticed on the connection that follows a failover, before anything is written', async (context) => {
    const url = await makeDatabase(context);
    const node = await openWriter(context, url, { node: 'a' });
    for (const number of [1, 2]) await node.append([itemOf([posted(1, number)])]);
    await query(
      url,
      `DELETE FROM batch WHERE number = 2; DELETE FROM entry WHERE position = 2; DELETE FROM message WHERE position = 2;
       UPDATE stream SET head = 1`,
    );
    await query(
      url,
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    );
    const results = await node.append([itemOf([posted(1, 2, 'after the loss')])]);
    assert.deepEqual(resultTypes(results), ['unavailable']);
    await node.failed;
    assert.deepEqual(await query(url, 'SELECT max(position)::int FROM entry'), [{ max: 1 }]);
  });
});
