import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../../testing/random.ts';
import { describePostgres, query } from '../../../testing/postgres.ts';
import type { Cleanup } from '../../../testing/temporary.ts';
import { LEASE_MS } from '../../core/ports.ts';
import { systemClock } from '../../server/clock.ts';
import { connect, type Statement, targetOf } from './connection.ts';
import { migrate } from './migrations.ts';
import { PostgresNames } from './names.ts';
import { Reader } from './reader.ts';

describePostgres('claims at the end of leases', (makeDatabase) => {
  async function open(cleanup: Cleanup, nodes: number) {
    const url = await makeDatabase(cleanup);
    const target = targetOf(url);
    const client = await connect(target);
    await migrate(client, { serverId: 1, identity: 'x' });
    await client.end();
    const all = Array.from({ length: nodes }, () => {
      const [claims, leases] = [new Reader(target, 1, systemClock), new Reader(target, 1, systemClock)];
      return { names: new PostgresNames(claims, leases), close: () => Promise.all([claims.close(), leases.close()]) };
    });
    // Before the database is dropped.
    const close = async () => {
      for (const node of all) await node.close();
    };
    return { url, names: all.map(({ names }) => names), close };
  }

  test('STORE-23 a lease ends after the claims that are under way, and their names with it', async (context) => {
    const {
      url,
      names: [other],
      close,
    } = await open(context, 1);
    const client = await connect(targetOf(url));
    const inTransaction = {
      ask: async <Row extends object>({ text }: Statement, values: readonly unknown[]) =>
        (await client.query<Row>(text, [...values])).rows,
    };
    try {
      await other?.renew('own');
      await client.query('BEGIN');
      const own = new PostgresNames(inTransaction, {
        ...inTransaction,
        askOnce: () => Promise.reject(new Error('unused')),
      });
      assert.deepEqual(await own.claim('name', 1, 'own'), { won: true });
      const ended = other?.leave('own').then(() => 'ended');
      let seen: string | undefined;
      while (seen === undefined) {
        const [row] = await query(url, 'SELECT count(*)::int AS waiting FROM pg_locks WHERE NOT granted');
        seen = row?.waiting === 0 ? await Promise.race([ended, Promise.resolve(undefined)]) : 'waits';
      }
      assert.equal(seen, 'waits');
      await client.query('COMMIT');
      await ended;
      assert.deepEqual(await query(url, 'SELECT skeleton FROM claim'), []);
    } finally {
      await client.end();
      await close();
    }
  });

  test('STORE-20 STORE-26 while nodes claim, release, renew and end at once, a name has one holder', async (context) => {
    const { url, names, close } = await open(context, 3);
    const random = seededRandom(20);
    const holders = new Map<string, number>();
    const story = async (own: PostgresNames, index: number) => {
      const node = `node ${index}`;
      for (let step = 0; step < 60; step++) {
        const skeleton = `name ${random.below(3)}`;
        await own.renew(node);
        const claim = await own.claim(skeleton, index, node).catch(() => null);
        if (claim?.won !== true) continue;
        assert.equal(holders.get(skeleton), undefined, `${skeleton} has two holders`);
        holders.set(skeleton, index);
        for (let wait = random.below(5); wait > 0; wait--) await new Promise((done) => setImmediate(done));
        holders.delete(skeleton);
        await own.release(skeleton, index);
      }
    };
    try {
      for (const [index, own] of names.entries()) await own.renew(`node ${index}`);
      await query(url, `UPDATE node SET since = since - interval '${LEASE_MS} ms'`);
      await Promise.all(names.map(story));
      assert.deepEqual(await query(url, 'SELECT skeleton FROM claim'), []);
    } finally {
      await close();
    }
  });
});
