import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { test } from 'node:test';
import { FakeClock } from '../../../testing/clock.ts';
import { describePostgres, noPrivatePostgres, PostgresServer } from '../../../testing/postgres.ts';
import { Client } from 'pg';
import { DEADLINE_MS, targetOf } from './connection.ts';
import { Reader } from './reader.ts';

const ONE = { name: 'one', text: 'SELECT $1::bigint AS one' };
const UNAVAILABLE = { name: 'StorageUnavailable' };

test('STORE-184 a server that does not answer is given up after 3 s, and one that is not there at once', async (context) => {
  const sockets: Socket[] = [];
  const silent = createServer((socket) => void sockets.push(socket.on('error', () => {})));
  await once(silent.listen(0, '127.0.0.1'), 'listening');
  const { port } = silent.address() as AddressInfo;
  const clock = new FakeClock();
  const reader = new Reader(targetOf(`postgres://nobody@127.0.0.1:${port}/nothing`), 1, clock);
  const reads = [reader.ask(ONE, [1]), reader.ask(ONE, [2]), reader.askOnce('SELECT 1')];
  const failed = reads.map((read) => assert.rejects(read, { ...UNAVAILABLE, message: /has not answered for 3 s/ }));
  clock.advance(DEADLINE_MS - 1);
  assert.equal(clock.timers, 3);
  clock.advance(1);
  await Promise.all(failed);
  await once(silent, 'connection').catch(() => {});
  silent.close();
  for (const socket of sockets) socket.destroy();
  await reader.close();
  const gone = new Reader(targetOf(`postgres://nobody@127.0.0.1:${port}/nothing`), 1, clock);
  context.after(() => gone.close());
  await assert.rejects(gone.ask(ONE, [1]), { ...UNAVAILABLE, message: /ECONNREFUSED/ });
});

describePostgres('reads of PostgreSQL', (makeDatabase) => {
  test('STORE-184 a read that waits for a lock ends after 3 s, and others go on', async (context) => {
    const url = await makeDatabase(context);
    const holder = new Client({ connectionString: url });
    await holder.connect();
    await holder.query('CREATE TABLE kept (one int)');
    await holder.query('BEGIN; LOCK TABLE kept');
    const clock = new FakeClock();
    const reader = new Reader(targetOf(url), 2, clock);
    const waiting = reader.ask({ name: 'kept', text: 'SELECT * FROM kept' }, []);
    assert.deepEqual(await reader.ask(ONE, [2 ** 53 - 1]), [{ one: 2 ** 53 - 1 }]);
    clock.advance(DEADLINE_MS);
    await assert.rejects(waiting, { ...UNAVAILABLE, message: /has not answered/ });
    assert.deepEqual(await reader.askOnce('SELECT 3::bigint AS one'), [{ one: 3 }]);
    await holder.end();
    await reader.close();
    await assert.rejects(reader.ask(ONE, [1]), { ...UNAVAILABLE, message: 'the store is closed' });
    assert.equal(clock.timers, 0);
  });
});

const skip = noPrivatePostgres;

test('STORE-184 reads work again as soon as the server does', { skip }, async (context) => {
  const server = await PostgresServer.start(context, { fsync: false });
  const clock = new FakeClock();
  const reader = new Reader(targetOf(server.url('postgres')), 3, clock);
  const three = () => Promise.allSettled([1, 2, 3].map((value) => reader.ask(ONE, [value])));
  for (const signal of ['QUIT', 'INT'] as const) {
    assert.deepEqual(
      (await three()).map(({ status }) => status),
      ['fulfilled', 'fulfilled', 'fulfilled'],
    );
    await server.stop(signal);
    for (const result of await three())
      assert(result.status === 'rejected' && (result.reason as Error).name === 'StorageUnavailable');
    await server.start();
  }
  assert.deepEqual(
    (await three()).map(({ status }) => status),
    ['fulfilled', 'fulfilled', 'fulfilled'],
  );
  await reader.close();
});
