import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import type { LogFields } from '../../core/ports.ts';
import { describePostgres, query } from '../../../testing/postgres.ts';
import { silentLog } from '../../../testing/world.ts';
import { asked, connect, pooled, targetOf } from './connection.ts';
import { migrate } from './migrations.ts';
import { applySettings } from './settings.ts';
import { readText, storedText } from './stored-text.ts';

describePostgres('connections to PostgreSQL', (makeDatabase) => {
  test('STORE-185 a server that can only be read is refused, and one that would lose commits', async (context) => {
    for (const [setting, sentence] of [
      ['default_transaction_read_only = on', /can only be read/],
      ['synchronous_commit = off', /Switch synchronous_commit on/],
    ] as const) {
      const url = await makeDatabase(context);
      await query(
        url,
        `ALTER DATABASE ${(await query(url, 'SELECT current_database()'))[0]?.current_database} SET ${setting}`,
      );
      await assert.rejects(connect(targetOf(url)), sentence);
      const pool = pooled(targetOf(url), 1);
      await assert.rejects(pool.query('SELECT 1'), sentence);
      await pool.end();
      await query(url, 'SET default_transaction_read_only = off; SELECT 1');
    }
  });

  test('STORE-185 a database that is not in UTF-8 is refused', async (context) => {
    const url = await makeDatabase(context);
    const name = `latin_${randomUUID().replaceAll('-', '')}`;
    await query(url, `CREATE DATABASE ${name} ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0`);
    const [own = ''] = /parlance_\w+/.exec(url) ?? [];
    try {
      await assert.rejects(connect(targetOf(url.replace(own, name))), /in LATIN1.*Make one in UTF8/);
    } finally {
      await query(url, `DROP DATABASE ${name}`);
    }
  });

  test('STORE-186 STORE-187 the role gets its settings, once, and the log tells of a server that does not sync', async (context) => {
    const url = await makeDatabase(context);
    const warnings: [string, LogFields | undefined][] = [];
    const log = { ...silentLog, warn: (event: string, fields?: LogFields) => void warnings.push([event, fields]) };
    for (const plans of ['auto', 'force_generic_plan', 'force_generic_plan']) {
      const client = await connect(targetOf(url));
      const [row] = (await client.query<{ plan_cache_mode: string }>('SHOW plan_cache_mode')).rows;
      assert.equal(row?.plan_cache_mode, plans);
      await migrate(client, { serverId: 1, identity: 'x' });
      await applySettings(client, log);
      await client.end();
    }
    const [{ fsync } = {}] = await query(url, 'SHOW fsync');
    assert.equal(warnings.length, fsync === 'off' ? 3 : 0);
    for (const [event, fields] of warnings)
      assert.deepEqual([event, /switch fsync on/.test(String(fields?.advice))], ['storage-unsafe', true]);
  });

  test('STORE-186 where the role may not change its settings, the log has the statement', async (context) => {
    const url = await makeDatabase(context);
    const client = await connect(targetOf(url));
    context.after(() => client.end());
    await migrate(client, { serverId: 1, identity: 'x' });
    const advice: unknown[] = [];
    await client.query('SET default_transaction_read_only = on');
    await applySettings(client, { ...silentLog, warn: (_, fields) => void advice.push(fields?.advice) });
    assert.match(
      String(advice.at(-1)),
      /^ALTER ROLE CURRENT_USER IN DATABASE "parlance_\w+" SET plan_cache_mode = 'force_generic_plan'$/,
    );
  });

  test('STORE-188 statements are prepared unless the URL says otherwise', async (context) => {
    const url = await makeDatabase(context);
    const prepared = async (address: string) => {
      const target = targetOf(address);
      const client = await connect(target);
      await client.query(asked(target, { name: 'one', text: 'SELECT $1::bigint AS one' }, [2 ** 53 - 1]));
      const { rows } = await client.query('SELECT name FROM pg_prepared_statements');
      await client.end();
      return rows;
    };
    const more = url.includes('?') ? '&' : '?';
    assert.deepEqual(await prepared(url), [{ name: 'one' }]);
    assert.deepEqual(await prepared(`${url}${more}prepare=true`), [{ name: 'one' }]);
    assert.deepEqual(await prepared(`${url}${more}prepare=false`), []);
    assert.throws(() => targetOf(`${url}${more}prepare=no`), /"prepare" of the URL of the database is true or false/);
  });

  test('STORE-183 any text can be stored as a key, and different ones stay different', async (context) => {
    const client = await connect(targetOf(await makeDatabase(context)));
    context.after(() => client.end());
    const texts = [
      '\0',
      '\u0001',
      '\u00010000',
      '\u0001\0',
      '\ud800',
      '\udc00\ud800',
      'a\u0001b',
      '\ufffd',
      '\ud83d\ude00',
    ];
    const { rows } = await client.query<{ text: string }>('SELECT unnest($1::text[]) AS text', [texts.map(storedText)]);
    assert.deepEqual(
      rows.map(({ text }) => readText(text)),
      texts,
    );
    assert.equal(new Set(rows.map(({ text }) => text)).size, texts.length);
    fc.assert(
      fc.property(
        fc.string({
          unit: fc
            .integer({ min: 0, max: 0xffff })
            .map((unit) => String.fromCharCode(unit % 3 === 0 ? unit % 4 : unit)),
        }),
        (text) => assert.equal(readText(storedText(text)), text),
      ),
      { seed: 183 },
    );
  });
});
