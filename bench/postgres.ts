import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { MemoryBus } from '../src/bus/memory/bus.ts';
import type { WorldObserver } from '../src/core/observer.ts';
import type { Log } from '../src/core/ports.ts';
import { World } from '../src/core/world.ts';
import { systemClock } from '../src/server/clock.ts';
import { systemIds } from '../src/server/ids.ts';
import { connect, targetOf } from '../src/storage/postgres/connection.ts';
import { migrate } from '../src/storage/postgres/migrations.ts';
import { openPostgres } from '../src/storage/postgres/open.ts';
import { fastPasswords } from '../testing/passwords.ts';
import { PostgresServer, query } from '../testing/postgres.ts';
import { programs } from '../testing/postgres-programs.ts';
import { temporaryDirectory } from '../testing/temporary.ts';
import { type Spread, spread } from './deliveries.ts';

export type PostgresPlan = { readonly milliseconds: number; readonly rounds: number };

/** Messages a second, and `ratio`: of one node to `pgbench` in the same round. */
export type PostgresFigures = { readonly parlance: Spread; readonly pgbench: Spread; readonly ratio: Spread };

const SENDERS = 64;
const WORDS =
  'the quick brown fox jumps over a lazy dog and nobody in this room has ever asked it why it does so'.split(' ');

/**
 * Measures how many messages of 64 senders, each with one message at a time, one node commits in PostgreSQL, in turn with
 * `pgbench`, which inserts the same rows into the same tables and indexes, 64 messages a transaction. `fsync` is on.
 */
export async function measurePostgres(
  { milliseconds, rounds }: PostgresPlan,
  progress: (line: string) => void,
): Promise<PostgresFigures> {
  const ends: (() => Promise<void>)[] = [];
  const cleanup = { after: (run: () => Promise<void>) => void ends.unshift(run) };
  try {
    const server = await PostgresServer.start(cleanup);
    const url = (database: string) => server.url(database);
    for (const database of ['parlance', 'rows']) await query(url('postgres'), `CREATE DATABASE ${database}`);
    const senders = await openSenders(url('parlance'), cleanup);
    await senders(milliseconds); // The engine of JavaScript compiles what is used often.
    const script = join(temporaryDirectory(cleanup), 'rows.sql');
    writeFileSync(script, await rowsScript(url('parlance'), url('rows')));
    const figures = { parlance: [] as number[], pgbench: [] as number[], ratio: [] as number[] };
    for (let round = 1; round <= rounds; round++) {
      await query(url('postgres'), 'CHECKPOINT');
      const own = await senders(milliseconds);
      await query(url('postgres'), 'CHECKPOINT');
      const raw = await pgbench(url('rows'), script, milliseconds);
      figures.parlance.push(own);
      figures.pgbench.push(raw);
      figures.ratio.push(own / raw);
      progress(`postgres, round ${round}: parlance ${Math.round(own)}, pgbench ${Math.round(raw)} messages a second`);
    }
    return { parlance: spread(figures.parlance), pgbench: spread(figures.pgbench), ratio: spread(figures.ratio) };
  } finally {
    for (const end of ends) await end();
  }
}

/** Opens a node with 64 people; the function lets them send for that long, and returns the messages a second. */
async function openSenders(
  url: string,
  cleanup: { after(run: () => Promise<void>): void },
): Promise<(milliseconds: number) => Promise<number>> {
  const ids = systemIds(systemClock);
  const log: Log = { info() {}, warn: console.warn, error: console.error };
  const node = ids.identity();
  const { storage, names } = await openPostgres({ url, node, clock: systemClock, ids, log });
  cleanup.after(() => storage.close());
  await names.renew(node);
  const bus = new MemoryBus().join();
  const rules = { lobby: 'lobby', registration: 'open', joinLobby: true } as const;
  const ports = { node, storage, names, passwords: fastPasswords, bus, clock: systemClock, ids, log };
  const world = await World.open(ports, OBSERVER, rules);
  cleanup.after(async () => world.close());
  const people = await Promise.all(
    Array.from(
      { length: SENDERS },
      (_, index) =>
        new Promise<number>((entered, failed) =>
          world.enter(`sender${index}`, (result) =>
            result.ok ? entered(result.value.id) : failed(new Error(result.error.type)),
          ),
        ),
    ),
  );
  const text = () => Array.from({ length: 16 }, () => WORDS[Math.floor(Math.random() * WORDS.length)]).join(' ');

  return async (milliseconds) => {
    const start = performance.now();
    let committed = 0;
    await Promise.all(
      people.map(
        (person) =>
          new Promise<void>((over, failed) => {
            const send = (): void =>
              world.messages.post(person, world.lobby, { text: text(), clientTime: null }, (result) => {
                if (!result.ok) return failed(new Error(result.error.type));
                committed++;
                if (performance.now() - start < milliseconds) send();
                else over();
              });
            send();
          }),
      ),
    );
    return (committed * 1_000) / (performance.now() - start);
  };
}

const nothing = (): void => {};
/** Nobody is connected. */
const OBSERVER: WorldObserver = {
  deliver: nothing,
  resync: nothing,
  probe: (_, alive) => alive(),
  sessionsRemoved: nothing,
  recorded: nothing,
  reloaded: nothing,
  credentialsRevoked: nothing,
  addressBanned: nothing,
  roomJoined: nothing,
};

/** Makes an empty database with the newest rows of `from` as samples; returns the script that inserts such rows. */
async function rowsScript(from: string, to: string): Promise<string> {
  const rows = await query(
    from,
    `SELECT e.body, m.id, m.author::text, m.terms::text FROM message m JOIN entry e USING (stream, position)
     ORDER BY m.number DESC LIMIT ${SENDERS}`,
  );
  const client = await connect(targetOf(to));
  try {
    await migrate(client, { serverId: 1, identity: 'rows' });
    await client.query(`INSERT INTO stream (name, head) VALUES ('room/1234567890123456', 0)`);
    await client.query('CREATE TABLE sample (n bigint PRIMARY KEY, body text, id text, author bigint, terms tsvector)');
    for (const [index, { body, id, author, terms }] of rows.entries())
      await client.query('INSERT INTO sample VALUES ($1, $2, $3, $4, $5)', [index + 1, body, id, author, terms]);
    await client.query('VACUUM ANALYZE sample');
  } finally {
    await client.end();
  }
  return `BEGIN;
UPDATE stream SET head = head + ${SENDERS} WHERE key = 1 RETURNING head - ${SENDERS} AS head \\gset
INSERT INTO entry SELECT 1, :head + n, body FROM sample;
INSERT INTO message (stream, number, position, id, author, withheld, terms)
  SELECT 1, :head + n, :head + n, lpad(to_hex(:head + n), 8, '0') || substr(id, 9), author, false, terms FROM sample;
INSERT INTO batch (node, number, heads) VALUES ('0123456789abcdef0123456789abcdef', :head, 'room/1234567890123456:' || :head);
COMMIT;
`;
}

async function pgbench(url: string, script: string, milliseconds: number): Promise<number> {
  const seconds = String(Math.max(1, Math.round(milliseconds / 1_000)));
  const options = ['-n', '-M', 'prepared', '-c', '1', '-T', seconds, '-f', script, url];
  const { stdout } = await promisify(execFile)(join(programs ?? '', 'pgbench'), options);
  return SENDERS * Number(/^tps = ([\d.]+)/m.exec(stdout)?.[1]);
}
