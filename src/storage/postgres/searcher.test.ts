import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../../../testing/clock.ts';
import { describePostgres } from '../../../testing/postgres.ts';
import { seededRandom } from '../../../testing/random.ts';
import { message, searchFor } from '../../../testing/storage/samples.ts';
import type { Message } from '../../core/model/message.ts';
import { isFoundMessage } from '../search.ts';
import { connect, DEADLINE_MS, targetOf } from './connection.ts';
import { migrate } from './migrations.ts';
import { Reader } from './reader.ts';
import { indexedMessages } from './search-statements.ts';
import { Searcher } from './searcher.ts';
import { termsOfMessage } from './terms.ts';

const COMMON = 'the a of and to in is it'.split(' ');
const SOME = 'house garden river stone bridge window'.split(' ');

/** Messages of some rooms in the order in which they were posted: one room has most of them, one few. */
function randomMessages(count: number): Message[] {
  const random = seededRandom(191);
  const numbers = new Map<number, number>();
  return Array.from({ length: count }, (_, index) => {
    const room = random.below(20) === 0 ? 2 : random.below(100) === 0 ? 3 : 1;
    const number = (numbers.get(room) ?? 0) + 1;
    numbers.set(room, number);
    const words = Array.from({ length: 6 }, () => random.pick(random.below(3) > 0 ? COMMON : SOME));
    const text = [...words, ...(index % 700 === 7 ? ['rare'] : [])].join(' ');
    const one = { ...message(room, number, number, text), author: { id: 7 + random.below(3), name: 'x' } };
    return random.below(30) === 0 ? { ...one, withheld: true as const } : one;
  });
}

describePostgres('searches in PostgreSQL', (makeDatabase) => {
  test('STORE-191 what is found is the newest that fits, near or far, and the index is asked only if needed', async (context) => {
    const all = randomMessages(5_000);
    const url = await makeDatabase(context);
    const client = await connect(targetOf(url));
    await migrate(client, { serverId: 1, identity: 'x' });
    await client.query(`INSERT INTO stream (name, head) VALUES ('room/1', 0), ('room/2', 0), ('room/3', 0)`);
    const bodies = all.map((one) => JSON.stringify({ type: 'message-posted', message: one, at: 1 }));
    const rows = [
      all.map(({ room }) => room),
      all.map(({ number }) => number),
      bodies,
      all.map(({ id }) => id),
      all.map(({ author }) => author.id),
      all.map(({ withheld }) => withheld === true),
      all.map(termsOfMessage),
    ];
    await client.query(
      `WITH v AS MATERIALIZED (
         SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::bigint[], $6::boolean[], $7::text[])
           WITH ORDINALITY v (stream, number, body, id, author, withheld, terms, at) ORDER BY at
       ), e AS (INSERT INTO entry SELECT stream, number, body FROM v)
       INSERT INTO message (stream, number, position, id, author, withheld, terms)
         SELECT stream, number, number, id, author, withheld, terms::tsvector FROM v ORDER BY at`,
      rows,
    );
    await client.query('ANALYZE; SET enable_seqscan = off');
    const far = indexedMessages(searchFor('rare', { rooms: [1, 2] }), 5_000, 50);
    const plan = await client.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${far}`);
    assert.match(plan.rows.map((row) => row['QUERY PLAN']).join('\n'), /Bitmap Index Scan on message_terms/);
    await client.end();
    const clock = new FakeClock();
    const reader = new Reader(targetOf(url), 2, clock);
    let asked = 0;
    const counting = {
      askOnce: <Row extends object>(sql: string) => {
        asked++;
        return reader.askOnce<Row>(sql);
      },
    };
    const searcher = new Searcher(counting, clock);
    const newest = all.toReversed();
    const random = seededRandom(192);
    const texts = [
      'the',
      'rare',
      'ri',
      'the "the house"',
      '"rare of"',
      'missing',
      '"house of the river"',
      'rare stone',
      '"it is it is"',
    ];
    for (let round = 0; round < 120; round++) {
      const before = random.pick([null, null, random.pick(all)]);
      const search = searchFor(random.pick(texts), {
        rooms: random.pick([[1], [2], [3], [1, 2, 3], [2, 3], [9]]),
        author: random.pick([null, null, 8]),
        before: before && { room: before.room, number: before.number },
        limit: random.pick([1, 5, 50]),
        ...(random.below(6) === 0 && { query: [] }),
      });
      const older = before === null ? newest : newest.slice(newest.indexOf(before) + 1);
      const expected = older.filter((one) => isFoundMessage(search, one)).slice(0, search.limit);
      assert.deepEqual((await searcher.search(search))?.messages, expected, JSON.stringify(search));
    }
    const cost = async (text: string) => {
      asked = 0;
      await searcher.search(searchFor(text, { rooms: [1, 2, 3], limit: 5 }));
      return asked;
    };
    assert.deepEqual([await cost('the'), await cost('rare')], [1, 2]);
    await reader.close();
  });

  test('STORE-191 a search that takes too long ends, and the store is too busy', async () => {
    const clock = new FakeClock();
    const many = Array.from({ length: 200 }, (_, index) => ({
      edge: null,
      seq: 1_000 - index,
      body: JSON.stringify({ type: 'message-posted', message: message(1, 1, 1, 'no match'), at: 1 }),
    }));
    const askOnce = <Row extends object>() => {
      clock.advance(DEADLINE_MS / 2 + 1);
      return Promise.resolve(many as unknown as Row[]);
    };
    assert.equal(await new Searcher({ askOnce }, clock).search(searchFor('word', { rooms: [1] })), null);
  });

  test('STORE-191 a search that PostgreSQL ends is too much, and one that it refuses fails', async (context) => {
    const reader = new Reader(targetOf(await makeDatabase(context)), 1, new FakeClock());
    const ended = 'SET LOCAL statement_timeout = 1; SELECT pg_sleep(9)';
    const asking = (sql: string) =>
      new Searcher({ askOnce: <Row extends object>() => reader.askOnce<Row>(sql) }, new FakeClock());
    const search = searchFor('word', { rooms: [1] });
    assert.equal(await asking(ended).search(search), null);
    await assert.rejects(asking('SELECT nothing').search(search), { name: 'StorageUnavailable' });
    await reader.close();
  });

  test('STORE-192 at most 32 searches wait at once', async () => {
    let answer = () => {};
    const held = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const askOnce = <Row extends object>(): Promise<Row[]> => held.then(() => []);
    const searcher = new Searcher({ askOnce }, new FakeClock());
    const search = searchFor('word', { rooms: [1] });
    const waiting = Array.from({ length: 32 }, () => searcher.search(search));
    assert.equal(await searcher.search(search), null);
    answer();
    for (const found of await Promise.all(waiting)) assert.deepEqual(found, { accounts: [], rooms: [], messages: [] });
    assert.notEqual(await searcher.search(search), null);
  });
});
