import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Client } from 'pg';
import { describePostgres, query } from '../../../testing/postgres.ts';
import type { Cleanup } from '../../../testing/temporary.ts';
import { connect, targetOf } from './connection.ts';
import { MIGRATIONS, migrate } from './migrations.ts';

const CREATION = { serverId: 2 ** 53 - 1, identity: 'identity' };

describePostgres('migrations in PostgreSQL', (makeDatabase) => {
  async function client(cleanup: Cleanup, url: string): Promise<Client> {
    const opened = await connect(targetOf(url));
    cleanup.after(() => opened.end());
    return opened;
  }

  test('STORE-180 each migration is one transaction, and runs once', async (context) => {
    const url = await makeDatabase(context);
    const one = await client(context, url);
    const steps = ['CREATE TABLE a (one int)', 'INSERT INTO a VALUES (1); SELECT 1 / (SELECT count(*) FROM b)'];
    await assert.rejects(migrate(one, CREATION, steps), /relation "b" does not exist/);
    assert.deepEqual(await query(url, 'SELECT count(*)::int FROM a'), [{ count: 0 }]);
    const other = await client(context, url);
    await query(url, 'CREATE TABLE b AS SELECT 1');
    assert.equal((await migrate(other, CREATION, steps)).changed, true);
    assert.equal((await migrate(other, CREATION, steps)).changed, false);
    assert.deepEqual(await query(url, 'SELECT version::int, (SELECT count(*)::int FROM a) FROM meta'), [
      { version: 2, count: 1 },
    ]);
  });

  test('STORE-181 STORE-189 of nodes that start at once one migrates, and all have the ids that it made', async (context) => {
    const url = await makeDatabase(context);
    const nodes = await Promise.all([1, 2, 3, 4].map(() => client(context, url)));
    const migrated = await Promise.all(
      nodes.map((node, index) => migrate(node, { serverId: index + 1, identity: `${index + 1}` })),
    );
    const [first] = migrated;
    for (const { serverId, identity } of migrated)
      assert.deepEqual([serverId, identity], [first?.serverId, `${first?.serverId}`]);
    assert.deepEqual(await query(url, 'SELECT version::int FROM meta'), [{ version: MIGRATIONS.length }]);
  });

  test('STORE-189 the largest id comes back', async (context) => {
    const one = await client(context, await makeDatabase(context));
    assert.deepEqual(await migrate(one, CREATION), { ...CREATION, changed: true });
    assert.deepEqual(await migrate(one, { serverId: 5, identity: 'other' }), { ...CREATION, changed: false });
  });

  test('STORE-182 a database of a newer version is refused, unchanged, and the error says what to do', async (context) => {
    const url = await makeDatabase(context);
    const one = await client(context, url);
    await migrate(one, CREATION);
    await query(url, 'UPDATE meta SET version = version + 1');
    await assert.rejects(
      migrate(one, CREATION),
      /newer version of Parlance \(schema \d+; this version knows \d+\)\. Start that version/,
    );
    assert.deepEqual(await query(url, 'SELECT version::int FROM meta'), [{ version: MIGRATIONS.length + 1 }]);
    assert.deepEqual(await query(url, `SELECT count(*)::int FROM pg_locks WHERE relation = 'meta'::regclass`), [
      { count: 0 },
    ]);
  });
});
