import assert from 'node:assert/strict';
import { after, before, describe, test, type TestContext } from 'node:test';
import type { AppendResult, LogFields } from '../../../core/ports.ts';
import { systemClock } from '../../../server/clock.ts';
import { CLEAR, CLEAR_LINE, bothWays } from '../../../../testing/chaos/faults.ts';
import { type ChaosProxy, openChaosProxy } from '../../../../testing/chaos/proxy.ts';
import { FakeClock } from '../../../../testing/clock.ts';
import { waitForIo } from '../../../../testing/condition.ts';
import { noPrivatePostgres, PostgresServer, query } from '../../../../testing/postgres.ts';
import { seededRandom } from '../../../../testing/random.ts';
import { silentLog } from '../../../../testing/world.ts';
import { itemOf, onceAt, posted, resultTypes } from '../../../../testing/storage/samples.ts';
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

  test('STORE-211 STORE-217 while PostgreSQL does not answer, a batch that was sent waits, others do not, and later it is settled', async (context) => {
    const { url, way, proxy } = await openDatabase(context, 211);
    const clock = new FakeClock();
    // Each pause between two attempts is over at once.
    const error = (_: string, fields?: LogFields) => setImmediate(() => clock.advance(Number(fields?.retryMs)));
    const node = await openWriter(context, url, { node: 'a', clock, log: { ...silentLog, error } }, way);
    assert.deepEqual(resultTypes(await node.append([itemOf([posted(ROOM, 1)])])), ['committed']);
    proxy.set(bothWays({ silent: true }));
    const sent = node.append([itemOf([posted(ROOM, 2)])]);
    const waiting = node.append([itemOf([posted(ROOM, 3)])]);
    let isAnswered = false;
    void sent.then(() => (isAnswered = true));
    await waitForIo();
    clock.advance(DEADLINE_MS - 1);
    await waitForIo();
    assert.equal(await Promise.race([waiting, Promise.resolve('waits')]), 'waits');
    clock.advance(1);
    assert.deepEqual(resultTypes(await waiting), ['unavailable']);
    assert.deepEqual(resultTypes(await node.append([itemOf([posted(ROOM, 3)])])), ['unavailable']);
    assert.match(String(await node.obstacle()), /not known/);
    clock.advance(10 * DEADLINE_MS);
    await waitForIo();
    assert.equal(isAnswered, false);
    proxy.reset();
    proxy.heal();
    const [result] = resultTypes(await sent);
    const [row] = await query(url, 'SELECT max(position)::int FROM entry');
    assert.deepEqual([result, row], result === 'committed' ? ['committed', { max: 2 }] : ['unavailable', { max: 1 }]);
    const next = result === 'committed' ? 3 : 2;
    assert.deepEqual(resultTypes(await node.append([itemOf([posted(ROOM, next)])])), ['committed']);
    assert.equal(await node.obstacle(), null);
  });

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

  for (const [seed, prepare] of [
    [1, 'true'],
    [2, 'true'],
    [3, 'false'],
  ] as const) {
    test(`STORE-213 what is acknowledged is there and what is refused is not, however the connection ends (seed ${seed}, prepare ${prepare})`, async (context) => {
      const { url, way, proxy } = await openDatabase(context, seed);
      const random = seededRandom(seed);
      const nodes = await Promise.all(
        ['a', 'b'].map((node) => openWriter(context, url, { node }, `${way}?prepare=${prepare}`)),
      );
      proxy.set({
        up: { ...CLEAR_LINE, ends: { by: 'reset', after: { min: 4_000, max: 40_000 } } },
        down: { ...CLEAR_LINE, ends: { by: 'cut', after: { min: 2_000, max: 24_000 } } },
        refuse: false,
      });
      const kills: Promise<unknown>[] = [];
      const kill = () =>
        kills.push(
          query(
            url,
            `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name = 'parlance'`,
          ),
        );
      const known = await Promise.all(
        nodes.map(async (node, index) => {
          const heads = new Map<number, number>();
          const acknowledged = new Map<string, string>();
          const refused = new Set<string>();
          let settled = 0;
          for (let batch = 0; batch < 120; batch++) {
            const rooms = random.shuffle([1, 2, 10 + index]).slice(0, 1 + random.below(3));
            const items = rooms.map((room) => {
              const position = (heads.get(room) ?? 0) + 1;
              const entry = posted(room, position, `${index} ${batch} ${room} ${'x'.repeat(random.below(100))}`);
              const once =
                random.below(4) === 0
                  ? { ...onceAt(systemClock, 60_000), key: `${index} ${batch} ${room}` }
                  : undefined;
              return { room, position, entry, item: itemOf([entry], once) };
            });
            const answer = node.append(items.map(({ item }) => item));
            if (random.below(20) === 0) kill();
            const results = await answer;
            for (const [place, { room, position, entry }] of items.entries()) {
              const result = results[place] as AppendResult;
              const text = JSON.stringify(entry.body);
              if (result.type === 'committed') {
                acknowledged.set(`${room} ${position}`, text);
                heads.set(room, position);
                settled++;
              } else refused.add(text);
              if (result.type !== 'conflict') continue;
              assert.ok(result.newer.length > 0, 'nothing was written that the node does not know');
              heads.set(room, Math.max(...result.newer.map((newer) => newer.position)));
            }
          }
          proxy.heal(); // The other node may have so much to read up that no connection lasts long enough.
          assert.ok(settled > 0 && refused.size > 0);
          return { acknowledged, refused };
        }),
      );
      await Promise.all(kills);
      const rows = await query(
        url,
        'SELECT s.name, e.position, e.body FROM entry e JOIN stream s ON s.key = e.stream ORDER BY e.stream, e.position',
      );
      const stored = new Map(
        rows.map(({ name, position, body }) => [`${String(name).slice(5)} ${position}`, String(body)]),
      );
      for (const { acknowledged, refused } of known) {
        for (const [place, text] of acknowledged) assert.equal(stored.get(place), text);
        for (const text of stored.values()) assert.ok(!refused.has(text), text);
      }
      assert.equal(
        stored.size,
        known.reduce((sum, { acknowledged }) => sum + acknowledged.size, 0),
      );
      const gaps = await query(
        url,
        `SELECT stream FROM entry GROUP BY stream HAVING max(position) <> count(*)
         UNION ALL SELECT key FROM stream s WHERE head <> (SELECT count(*) FROM entry WHERE stream = s.key)
         UNION ALL SELECT 0 FROM batch GROUP BY node HAVING max(number) <> count(*)`,
      );
      assert.deepEqual(gaps, []);
    });
  }

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
