import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { test } from 'node:test';
import { FakeClock } from '../../../testing/clock.ts';
import { Condition, waitForIo } from '../../../testing/condition.ts';
import type { Cleanup } from '../../../testing/temporary.ts';
import { describePostgres, noPrivatePostgres, PostgresServer } from '../../../testing/postgres.ts';
import { Client } from 'pg';
import { DEADLINE_MS, targetOf } from './connection.ts';
import { Reader } from './reader.ts';

const ONE = { name: 'one', text: 'SELECT $1::bigint AS one' };
const skip = noPrivatePostgres;
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

/** Passes bytes on between a reader and a server; those of the server only as far as it is told. */
async function openRelay(cleanup: Cleanup, port: number) {
  const held: Buffer[] = [];
  const changed = new Condition();
  let allowed = Infinity;
  let send = (_: Buffer) => {};
  const flush = () => {
    for (let piece = held.shift(); piece !== undefined; piece = held.shift()) {
      const now = piece.subarray(0, allowed);
      allowed -= now.length;
      if (now.length > 0) send(now);
      if (now.length < piece.length) return void held.unshift(piece.subarray(now.length));
    }
  };
  const bytes = () => held.reduce((sum, { length }) => sum + length, 0);
  const relay = createServer((client) => {
    const server = connect(port, '127.0.0.1');
    send = (piece) => void client.write(piece);
    server.on('data', (piece) => {
      held.push(piece);
      flush();
      changed.notify();
    });
    client.on('error', () => {}).on('close', () => server.destroy());
    server.on('error', () => {}).on('close', () => client.destroy());
    client.pipe(server);
  });
  await once(relay.listen(0, '127.0.0.1'), 'listening');
  cleanup.after(async () => void relay.close());
  const pass = (count: number) => {
    allowed = count;
    flush();
  };
  return {
    port: (relay.address() as AddressInfo).port,
    pass,
    hold: () => pass(0),
    open: () => pass(Infinity),
    /** Resolves when the server has sent so many bytes that are not passed on. */
    holds: (count: number) => changed.until(() => bytes() >= count),
  };
}

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

  test('STORE-193 what may be a lot is read as long as bytes come', { skip }, async (context) => {
    const server = await PostgresServer.start(context, { fsync: false });
    const relay = await openRelay(context, await server.port(context));
    const clock = new FakeClock();
    const reader = new Reader(targetOf(`postgres://postgres@127.0.0.1:${relay.port}/postgres`), 1, clock);
    const rows = { name: 'rows', text: `SELECT repeat('x', 1000) AS row FROM generate_series(1, 2000)` };
    assert.equal((await reader.askMuch(rows, [])).length, 2_000);
    for (const isPatient of [true, false]) {
      relay.hold();
      let outcome = 'nothing';
      const asked = isPatient ? reader.askMuch(rows, []) : reader.ask(rows, []);
      const done = asked.then(
        () => (outcome = 'read'),
        ({ message }: Error) => (outcome = message),
      );
      await relay.holds(1_000_000);
      for (let part = 0; part < 3; part++) {
        relay.pass(100_000);
        for (let turns = 0; turns < 5; turns++) await waitForIo();
        clock.advance(DEADLINE_MS);
        await waitForIo();
        assert.match(outcome, isPatient ? /^nothing$/ : /has not answered/);
      }
      // What was passed may be read only now, on a busy machine.
      while (outcome === 'nothing') {
        clock.advance(DEADLINE_MS);
        await waitForIo();
      }
      await done;
      assert.match(outcome, /has not answered/);
      relay.open();
    }
    await reader.close();
  });
});

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
