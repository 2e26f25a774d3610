import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe } from 'node:test';
import { Client } from 'pg';
import { makeData, programs, serverUser } from './postgres-programs.ts';
import type { Cleanup } from './temporary.ts';

/** The URL of a server to use in place of a private one, of somebody who may create databases. */
const GIVEN = process.env.PARLANCE_TEST_POSTGRES;
const READY = 'database system is ready to accept connections';

/** Why there is no PostgreSQL on this machine; false if there is one. */
export const noPostgres =
  GIVEN !== undefined || programs !== null
    ? false
    : 'needs the Debian package "postgresql", or PARLANCE_TEST_POSTGRES=postgres://...';

/** Why there is no PostgreSQL that tests can start and stop; false if there is one. */
export const noPrivatePostgres = programs !== null ? false : 'needs the Debian package "postgresql"';

/**
 * Runs the server, and ends it by the signal in the next line, or at the end of its input: so it ends with the test, however that
 * ends. Without a signal its directory goes, too. The shell closes its stderr, so that the server's end is seen there.
 */
const KEEPER = `trap '' INT TERM HUP
"$@" & server=$!
exec 2>/dev/null
read -r signal
kill -"\${signal:-QUIT}" $server
wait $server
[ -n "$signal" ] || rm -rf "$PWD"`;

export type PostgresOptions = {
  /** Without it everything is faster, and a power failure may lose data. Default: true. */
  readonly fsync?: boolean;
  /** More settings, such as `max_connections`. */
  readonly settings?: Readonly<Record<string, string | number>>;
};

/** A private server with a socket in a directory of its own. Both are gone at the end, also when this process is killed. */
export class PostgresServer {
  readonly #directory: string;
  readonly #settings: Readonly<Record<string, string | number>>;
  #keeper: ChildProcess | null = null;

  private constructor(directory: string, { fsync = true, settings = {} }: PostgresOptions) {
    this.#directory = directory;
    const own = { listen_addresses: '', unix_socket_directories: directory, fsync: fsync ? 'on' : 'off' };
    this.#settings = { ...own, ...settings };
  }

  static async start(cleanup: Cleanup, options: PostgresOptions = {}): Promise<PostgresServer> {
    const directory = mkdtempSync(join(tmpdir(), 'parlance-'));
    const server = new PostgresServer(directory, options);
    cleanup.after(() => server.#remove());
    const { uid, gid } = serverUser();
    if (uid !== undefined && gid !== undefined) chownSync(directory, uid, gid);
    makeData(directory);
    await server.start();
    return server;
  }

  /** Starts it again after `stop`; resolves when it accepts connections. */
  async start(): Promise<void> {
    const settings = Object.entries(this.#settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const command = [join(programs ?? '', 'postgres'), '-D', 'data', ...settings];
    const env = { ...process.env, LC_ALL: 'C' };
    const keeper = spawn('sh', ['-c', KEEPER, 'sh', ...command], {
      cwd: this.#directory,
      env,
      stdio: ['pipe', 'ignore', 'pipe'],
      ...serverUser(),
    });
    this.#keeper = keeper;
    keeper.stdin.on('error', () => {});
    const lines: string[] = [];
    await new Promise<void>((ready, failed) => {
      createInterface({ input: keeper.stderr })
        .on('line', (line) => {
          lines.push(line);
          if (line.includes(READY)) ready();
        })
        .on('close', () => failed(new Error(`PostgreSQL has ended: ${lines.join('\n')}`)));
    });
  }

  /** Ends it and keeps its data: INT in order, QUIT at once, so that it recovers when it starts again. */
  stop(signal: 'INT' | 'QUIT'): Promise<void> {
    return this.#end(`${signal}\n`);
  }

  /** The URL of a database of this server. */
  url(database: string, user = 'postgres'): string {
    return `postgres://${user}@/${database}?host=${encodeURIComponent(this.#directory)}`;
  }

  /** Opens a free port of 127.0.0.1 that leads to this server, for what cannot use a socket of Unix, such as a proxy. */
  async port(cleanup: Cleanup): Promise<number> {
    const relay = createServer((client) => {
      const server = connect(join(this.#directory, '.s.PGSQL.5432'));
      client.on('error', () => server.destroy()).on('close', () => server.destroy());
      server.on('error', () => client.destroy()).on('close', () => client.destroy());
      client.pipe(server).pipe(client);
    });
    await once(relay.listen(0, '127.0.0.1'), 'listening');
    cleanup.after(async () => {
      relay.close();
    });
    return (relay.address() as AddressInfo).port;
  }

  async #remove(): Promise<void> {
    await this.#end('');
    rmSync(this.#directory, { recursive: true, force: true });
  }

  async #end(order: string): Promise<void> {
    const keeper = this.#keeper;
    this.#keeper = null;
    if (keeper === null) return;
    const exited = once(keeper, 'exit');
    keeper.stdin?.end(order);
    await exited;
  }
}

/** Makes an empty database, which is dropped at the end, and returns its URL. */
export type MakeDatabase = (cleanup: Cleanup) => Promise<string>;

/** Databases on the given server, else on a private one. Synchronous commits are always on, so that tests see what is committed. */
export async function databasesForTests(cleanup: Cleanup, options: PostgresOptions = {}): Promise<MakeDatabase> {
  const server = GIVEN === undefined ? await PostgresServer.start(cleanup, options) : null;
  const manage = GIVEN ?? String(server?.url('postgres'));
  let made = 0;
  return async (own) => {
    const name = `parlance_${process.pid}_${++made}`;
    await query(manage, `DROP DATABASE IF EXISTS ${name}`);
    await query(manage, `CREATE DATABASE ${name} TEMPLATE template0`);
    own.after(async () => {
      await query(manage, `DROP DATABASE ${name} WITH (FORCE)`);
    });
    return server === null ? renamed(manage, name) : server.url(name);
  };
}

/**
 * A suite whose tests share a server, without `fsync`. Where there is none it is left out. Databases that were made for the suite are
 * given to one test after another, and emptied between them.
 */
export function describePostgres(
  name: string,
  body: (makeDatabase: MakeDatabase, reuseDatabase: MakeDatabase) => void,
): void {
  void describe(name, { skip: noPostgres }, () => {
    const ends: (() => Promise<void>)[] = [];
    const cleanup = { after: (run: () => Promise<void>) => void ends.push(run) };
    let make: MakeDatabase = () => Promise.reject(new Error('databases are made by tests'));
    const free: string[] = [];
    before(async () => {
      make = await databasesForTests(cleanup, { fsync: false });
    });
    const reuse: MakeDatabase = async (own) => {
      const url = free.pop() ?? (await make(cleanup));
      own.after(async () => {
        await empty(url);
        free.push(url);
      });
      return url;
    };
    body((own) => make(own), reuse);
    after(async () => {
      for (const end of ends.toReversed()) await end();
    });
  });
}

/** Empties all tables but the one that names the database. */
async function empty(url: string): Promise<void> {
  const tables = await query(
    url,
    `SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace`,
  );
  const sequences = await query(
    url,
    `SELECT relname FROM pg_class WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace`,
  );
  const emptied = tables.filter(({ relname }) => relname !== 'meta').map(({ relname }) => `DELETE FROM ${relname}`);
  const restarted = sequences.map(({ relname }) => `ALTER SEQUENCE ${relname} RESTART`);
  await query(url, [...emptied, ...restarted].join(';'));
}

/** Runs statements on a connection of their own; returns the rows of the last one. */
export async function query(url: string, sql: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => {}); // The query fails, too.
  await client.connect();
  try {
    const results = [await client.query<Record<string, unknown>>(sql)].flat();
    return results.at(-1)?.rows ?? [];
  } finally {
    await client.end();
  }
}

/** The same URL with another database. */
function renamed(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}
