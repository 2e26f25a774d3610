import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../../../server/clock.ts';
import { describePostgres, query } from '../../../../testing/postgres.ts';
import {
  edited,
  inRoom,
  itemOf,
  message,
  onceAt,
  passwordSet,
  posted,
  resultTypes,
  markerItem,
} from '../../../../testing/storage/samples.ts';
import { openWriter } from '../../../../testing/storage/write-side.ts';
import { seededRandom } from '../../../../testing/random.ts';
import { personStream, roomStream } from '../../../core/model/ids.ts';
import { BoundedMap } from '../../../lib/bounded-map.ts';
import { fastAppend } from './append.ts';
import { encodeItem } from './encoded.ts';
import { targetOf } from '../connection.ts';
import { ConditionalStatements } from './parts.ts';
import { prepareAppend } from './transaction.ts';
import { WriterConnection } from './connection.ts';

const ROOM = 1;
const OTHER = 2;

describePostgres('the writer for PostgreSQL', (makeDatabase) => {
  test('STORE-210 a batch whose streams are known is one statement, which writes everything or nothing', async (context) => {
    const url = await makeDatabase(context);
    const node = await openWriter(context, url, { node: 'a' });
    await node.append([itemOf([posted(ROOM, 1)]), itemOf([posted(OTHER, 1)])]);
    const streams = (await query(url, 'SELECT name, key FROM stream')) as { name: 'room/1'; key: string }[];
    const keys = new BoundedMap<number, 'room/1'>(9);
    for (const { name, key } of streams) keys.set(name, Number(key));
    const connection = await WriterConnection.open(targetOf(url), systemClock);
    context.after(() => connection.close());
    const made = (items: Parameters<typeof encodeItem>[0][], number: number) =>
      fastAppend(items.map(encodeItem), { node: 'b', number }, 1, keys, new ConditionalStatements());
    const stale = made(
      [itemOf([posted(OTHER, 2)]), itemOf([posted(ROOM, 5)], onceAt(systemClock, 9)), markerItem(7, [[ROOM, 1]])],
      1,
    );
    assert.ok(stale !== null);
    assert.deepEqual((await connection.ask(stale.statement)).rows, [{ ok: false }]);
    const counts = async () =>
      (
        await query(
          url,
          `SELECT (SELECT count(*) FROM entry)::int entries, (SELECT count(*) FROM message)::int messages,
             (SELECT count(*) FROM once)::int once, (SELECT count(*) FROM shown)::int shown,
             (SELECT count(*) FROM batch WHERE node = 'b')::int batches, (SELECT sum(head) FROM stream)::int heads`,
        )
      )[0];
    assert.deepEqual(await counts(), { entries: 2, messages: 2, once: 0, shown: 0, batches: 0, heads: 2 });
    const fits = made(
      [itemOf([posted(OTHER, 2)]), itemOf([posted(ROOM, 2)], onceAt(systemClock, 9)), markerItem(7, [[ROOM, 1]])],
      1,
    );
    assert.ok(fits !== null);
    assert.deepEqual((await connection.ask(fits.statement)).rows, [{ ok: true }]);
    assert.deepEqual(await counts(), { entries: 4, messages: 4, once: 1, shown: 1, batches: 1, heads: 4 });
    assert.equal(made([itemOf([posted(3, 1)])], 2), null);
    assert.equal(made([itemOf([posted(ROOM, 3)]), itemOf([posted(ROOM, 3)])], 2), null);
    assert.equal(made([itemOf([passwordSet(7, 1, 'x', null)])], 2), null);
  });

  test('STORE-213 batches are numbered without gaps, and one that fails leaves nothing', async (context) => {
    const url = await makeDatabase(context);
    const node = await openWriter(context, url, { node: 'a' });
    const numbers = async () =>
      (await query(url, 'SELECT number::int FROM batch ORDER BY number')).map((row) => row.number);
    assert.deepEqual(resultTypes(await node.append([itemOf([posted(ROOM, 1)])])), ['committed']);
    assert.deepEqual(resultTypes(await node.append([itemOf([posted(ROOM, 1)])])), ['conflict']);
    const taken = { ...message(ROOM, 2, 2, 'x'), id: `${ROOM}-1` };
    const twice = itemOf([inRoom(ROOM, 2, { type: 'message-posted', message: taken, at: 1 })]);
    for (const batch of [[twice], [itemOf([posted(OTHER, 1)]), twice], [itemOf([posted(3, 1)]), twice]]) {
      const results = await node.append(batch);
      assert.deepEqual(new Set(resultTypes(results)), new Set(['unavailable']));
      assert.deepEqual(await numbers(), [1]);
      assert.deepEqual(await query(url, 'SELECT name, head::int FROM stream'), [{ name: 'room/1', head: 1 }]);
    }
    assert.deepEqual(resultTypes(await node.append([itemOf([posted(ROOM, 2)])])), ['committed']);
    assert.deepEqual(await numbers(), [1, 2]);
    assert.deepEqual(await query(url, `SELECT heads FROM batch WHERE number = 2`), [{ heads: 'room/1:2' }]);
  });

  test('STORE-215 a message whose entry is missing is refused, and nothing else is affected', async (context) => {
    const url = await makeDatabase(context);
    const node = await openWriter(context, url, { node: 'a' });
    const [result] = await node.append([{ ...itemOf([posted(ROOM, 1)]), writes: [] }]);
    assert.deepEqual(result, { type: 'unavailable', reason: 'no entry has message 1 of room/1' });
    assert.deepEqual(resultTypes(await node.append([itemOf([posted(ROOM, 1)])])), ['committed']);
  });

  test('STORE-216 STORE-156 of several changes of one row in a batch the last one counts, of markers the highest', async (context) => {
    const url = await makeDatabase(context);
    const node = await openWriter(context, url, { node: 'a' });
    const first = message(ROOM, 1, 1, 'first');
    const items = [
      itemOf([inRoom(ROOM, 1, { type: 'message-posted', message: first, at: 1 })]),
      itemOf([edited(first, 2, 'second')]),
      itemOf([edited(first, 3, 'third')]),
      markerItem(7, [[ROOM, 1]]),
      markerItem(7, [[ROOM, 3]]),
      markerItem(7, [[ROOM, 2]]),
      itemOf([passwordSet(7, 1, 'one', null), passwordSet(7, 2, 'two', 1)]),
    ];
    assert.deepEqual(new Set(resultTypes(await node.append(items))), new Set(['committed']));
    assert.deepEqual(await query(url, 'SELECT position::int FROM message'), [{ position: 3 }]);
    assert.deepEqual(await query(url, 'SELECT number::int FROM shown'), [{ number: 3 }]);
    const [credential] = await query(url, 'SELECT body FROM credential');
    assert.match(String(credential?.body), /two/);
    const again = itemOf([edited(first, 4, 'fourth'), edited(first, 5, 'fifth')]);
    assert.deepEqual(
      resultTypes(await node.append([again, markerItem(7, [[ROOM, 5]]), markerItem(7, [[ROOM, 4]])])).length,
      3,
    );
    assert.deepEqual(await query(url, 'SELECT position::int FROM message'), [{ position: 5 }]);
  });

  test('STORE-218 STORE-09 nodes that write to the same streams and rows end up with one order, without gaps or deadlocks', async (context) => {
    const url = await makeDatabase(context);
    const nodes = await Promise.all(['a', 'b', 'c'].map((node) => openWriter(context, url, { node })));
    const rooms = [1, 2, 3, 4, 5];
    const committed = await Promise.all(
      nodes.map(async (node, index) => {
        const random = seededRandom(218 + index);
        const heads = new Map<number, number>();
        const own = 10 + index;
        let count = 0;
        for (let batch = 0; batch < 60; batch++) {
          const next = (room: number) => {
            const position = (heads.get(room) ?? 0) + 1;
            heads.set(room, position);
            return posted(room, position, `of ${index}`);
          };
          const some = random.shuffle(rooms).slice(0, 3);
          const shown = random.shuffle(rooms).map((room) => markerItem(7, [[room, batch]]));
          const results = await node.append([
            ...some.map((room) => itemOf([next(room)])),
            itemOf([next(own)]),
            ...shown,
          ]);
          for (const [place, room] of [...some, own].entries()) {
            const result = results[place];
            if (result?.type === 'committed') count++;
            else if (result?.type === 'conflict')
              heads.set(room, Math.max(...result.newer.map(({ position }) => position)));
            else assert.fail(JSON.stringify(result));
          }
          assert.ok(results.slice(4).every(({ type }) => type === 'committed'));
        }
        assert.equal(heads.get(own), 60);
        return count;
      }),
    );
    const total = committed.reduce((sum, count) => sum + count, 0);
    const [row] = await query(
      url,
      `SELECT (SELECT count(*) FROM entry)::int entries, (SELECT sum(head) FROM stream)::int heads,
         (SELECT count(*) FROM (SELECT FROM entry GROUP BY stream HAVING max(position) <> count(*)) gaps)::int gaps,
         (SELECT count(*) FROM (SELECT FROM batch GROUP BY node HAVING max(number) <> count(*)) gaps)::int missing,
         (SELECT deadlocks FROM pg_stat_database WHERE datname = current_database())::int deadlocks`,
    );
    assert.deepEqual(row, { entries: total, heads: total, gaps: 0, missing: 0, deadlocks: 0 });
  });

  test('STORE-212 a node that pauses between lock and write is ended, and others go on', async (context) => {
    const url = await makeDatabase(context);
    const node = await openWriter(context, url, { node: 'a' });
    await node.append([itemOf([posted(ROOM, 1)])]);
    const paused = await WriterConnection.open(targetOf(url), systemClock);
    context.after(() => paused.close());
    const batch = { node: 'paused', number: 1 };
    const items = [encodeItem(itemOf([posted(ROOM, 2, 'late')]))];
    const prepared = await prepareAppend(paused, items, batch, 1, new BoundedMap(9));
    assert.deepEqual(resultTypes(await node.append([itemOf([posted(ROOM, 2)])])), ['committed']);
    await assert.rejects(prepared.finish());
    assert.equal(paused.isOpen, false);
    assert.deepEqual(await query(url, `SELECT FROM batch WHERE node = 'paused'`), []);
    assert.deepEqual(await query(url, 'SELECT max(position)::int FROM entry'), [{ max: 2 }]);
  });

  test('STORE-217 STORE-19 a store that is closed appends nothing', async (context) => {
    const node = await openWriter(context, await makeDatabase(context), { node: 'a' });
    const running = node.append([itemOf([posted(ROOM, 1)])]);
    await Promise.all([node.close(), node.close()]);
    assert.deepEqual(resultTypes(await running), ['committed']);
    assert.deepEqual(resultTypes(await node.append([itemOf([posted(ROOM, 2)])])), ['unavailable']);
    assert.equal(await node.obstacle(), 'the store is closed');
  });

  test('STORE-10 redaction reaches entries from before the batch', async (context) => {
    const url = await makeDatabase(context);
    const node = await openWriter(context, url, { node: 'a' });
    await node.append([itemOf([posted(ROOM, 1, 'secret words')]), itemOf([passwordSet(7, 1, 'verifier', null)])]);
    const redactions = [
      { op: 'redact', stream: roomStream(ROOM), positions: [1, 9] },
      { op: 'redact', stream: personStream(7), positions: [1] },
    ] as const;
    const item = {
      writes: [
        { stream: roomStream(ROOM), expected: 1, entries: [] },
        { stream: personStream(7), expected: 1, entries: [] },
      ],
      rows: redactions,
    };
    assert.deepEqual(resultTypes(await node.append([item])), ['committed']);
    const bodies = (await query(url, 'SELECT body FROM entry')).map(({ body }) => String(body)).join();
    assert.doesNotMatch(bodies, /secret|verifier"?:"v/);
  });
});
