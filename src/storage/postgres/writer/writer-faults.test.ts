import assert from 'node:assert/strict';
import { after, before, describe, test, type TestContext } from 'node:test';
import { systemClock } from '../../../server/clock.ts';
import { CLEAR, bothWays } from '../../../../testing/chaos/faults.ts';
import { type ChaosProxy, openChaosProxy } from '../../../../testing/chaos/proxy.ts';
import { FakeClock } from '../../../../testing/clock.ts';
import { waitForIo } from '../../../../testing/condition.ts';
import { noPrivatePostgres, PostgresServer, query } from '../../../../testing/postgres.ts';
import { seededRandom } from '../../../../testing/random.ts';
import { itemOf, posted, resultTypes } from '../../../../testing/storage/samples.ts';
import { openWriter } from '../../../../testing/storage/write-side.ts';
import { DEADLINE_MS } from '../connection.ts';

const ROOM = 1;
const skip = noPrivatePostgres;

describe('the writer for PostgreSQL when that fails', { skip }, () => {
  const ends: (() => Promise<void>)[] = [];
  let server: PostgresServer;
  let port = 0;
  let made = 0;
  before(async () => {
    const cleanup = { after: (run: () => Promise<void>) => void ends.unshift(run) };
    server = await PostgresServer.start(cleanup, { fsync: false });
    port = await server.port(cleanup);
  });
  after(async () => {
    for (const end of ends) await end();
  });

  /** Makes a database, and a way to it through a bad network. */
  async function openDatabase(
    context: TestContext,
    seed: number,
  ): Promise<{ url: string; way: string; proxy: ChaosProxy }> {
    const name = `faults_${++made}`;
    await query(server.url('postgres'), `CREATE DATABASE ${name} TEMPLATE template0`);
    const proxy = await openChaosProxy({ port, random: seededRandom(seed), clock: systemClock });
    context.after(() => proxy.close());
    return { url: server.url(name), way: `postgres://postgres@127.0.0.1:${proxy.port}/${name}`, proxy };
  }

  test('STORE-211 without a connection appends are unavailable within 3 s, and then work again', async (context) => {
    const { url, way, proxy } = await openDatabase(context, 212);
    const clock = new FakeClock();
    const node = await openWriter(context, url, { node: 'a', clock }, way);
    proxy.set({ ...CLEAR, refuse: true });
    proxy.reset();
    await waitForIo();
    const refused = await Promise.all([1, 2].map((number) => node.append([itemOf([posted(ROOM, number)])])));
    assert.deepEqual(refused.map(resultTypes), [['unavailable'], ['unavailable']]);
    proxy.set(bothWays({ silent: true }));
    const late = [1, 2].map((number) => node.append([itemOf([posted(ROOM, number)])]));
    await waitForIo();
    clock.advance(DEADLINE_MS);
    assert.deepEqual((await Promise.all(late)).map(resultTypes), [['unavailable'], ['unavailable']]);
    proxy.reset();
    proxy.heal();
    assert.deepEqual(resultTypes(await node.append([itemOf([posted(ROOM, 1)])])), ['committed']);
  });

  test('STORE-213 STORE-45 a server that crashes and comes back loses nothing that was acknowledged', async (context) => {
    const { url } = await openDatabase(context, 5);
    const node = await openWriter(context, url, { node: 'a' });
    let position = 1;
    let isDown = false;
    const crash = async () => {
      for (let times = 0; times < 2; times++) {
        await server.stop('QUIT');
        isDown = true;
        await server.start();
        isDown = false;
      }
    };
    const crashing = crash();
    let sawFailure = false;
    const deadline = performance.now() + 20_000;
    let isOver = false;
    void crashing.then(() => (isOver = true));
    while (!isOver && performance.now() < deadline) {
      const [result] = await node.append([itemOf([posted(ROOM, position)])]);
      if (result?.type === 'committed') position++;
      else assert.equal(result?.type, 'unavailable');
      sawFailure ||= result?.type === 'unavailable' || isDown;
      await waitForIo();
    }
    await crashing;
    assert.ok(sawFailure);
    const [last] = await node.append([itemOf([posted(ROOM, position)])]);
    assert.equal(last?.type, 'committed');
    assert.deepEqual(await query(url, 'SELECT count(*)::int, max(position)::int FROM entry'), [
      { count: position, max: position },
    ]);
  });

  test('STORE-214 a batch whose wait for a standby is cancelled is answered when a standby has it', async (context) => {
    const { url } = await openDatabase(context, 6);
    const node = await openWriter(context, url, { node: 'a' });
    assert.deepEqual(resultTypes(await node.append([itemOf([posted(ROOM, 1)])])), ['committed']);
    const waiting = async (besides: unknown): Promise<unknown> => {
      for (;;) {
        const [row] = await query(url, `SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep'`);
        if (row !== undefined && row.pid !== besides) return row.pid;
      }
    };
    const waitFor = async (names: string): Promise<void> => {
      await query(url, `ALTER SYSTEM SET synchronous_standby_names = '${names}'`);
      await query(url, 'SELECT pg_reload_conf()');
      while ((await query(url, 'SHOW synchronous_standby_names'))[0]?.synchronous_standby_names !== names);
    };
    context.after(() => waitFor(''));
    for (const batch of [[itemOf([posted(ROOM, 2)])], [itemOf([posted(2, 1)])]]) {
      await waitFor('nobody');
      let isAnswered = false;
      const answer = node.append(batch).finally(() => (isAnswered = true));
      const pid = await waiting(null);
      await query(url, `SELECT pg_cancel_backend(${String(pid)})`);
      const next = await waiting(pid);
      assert.notEqual(next, pid);
      assert.equal(isAnswered, false);
      await waitFor('');
      assert.deepEqual(resultTypes(await answer), ['committed']);
    }
  });
});
