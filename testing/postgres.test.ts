import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { databasesForTests, noPrivatePostgres, PostgresServer, query } from './postgres.ts';

const skip = noPrivatePostgres;

test('a private server makes databases, keeps them when it is stopped, and is reached by a port', {
  skip: noPrivatePostgres,
}, async (context) => {
  const server = await PostgresServer.start(context, { settings: { max_connections: 20 } });
  const url = server.url('postgres');
  await query(url, 'CREATE TABLE kept (one int); INSERT INTO kept VALUES (7)');
  for (const signal of ['QUIT', 'INT'] as const) {
    await server.stop(signal);
    await assert.rejects(query(url, 'SELECT 1'));
    await server.start();
  }
  const port = await server.port(context);
  const [row] = await query(
    `postgres://postgres@127.0.0.1:${port}/postgres`,
    'SELECT one, current_setting($$max_connections$$) AS max FROM kept',
  );
  assert.deepEqual({ ...row }, { one: 7, max: '20' });
});

test('a server that cannot start says why', { skip }, async (context) => {
  await assert.rejects(PostgresServer.start(context, { settings: { max_connections: 'many' } }), /max_connections/);
});

test('each database is empty, and is gone at the end', { skip }, async (context) => {
  const makeDatabase = await databasesForTests(context, { fsync: false });
  const ends: (() => Promise<void>)[] = [];
  const cleanup = { after: (run: () => Promise<void>) => void ends.push(run) };
  const [one, other] = [await makeDatabase(cleanup), await makeDatabase(cleanup)];
  await query(one, 'CREATE TABLE here (one int)');
  await assert.rejects(query(other, 'SELECT * FROM here'), /does not exist/);
  assert.equal((await query(one, 'SHOW synchronous_commit'))[0]?.synchronous_commit, 'on');
  for (const end of ends) await end();
  await assert.rejects(query(one, 'SELECT 1'), /does not exist/);
});

test('a server and its directory are gone when the process of the test is killed', {
  skip: noPrivatePostgres,
}, async () => {
  const code = `
    import { PostgresServer } from './testing/postgres.ts';
    const server = await PostgresServer.start({ after() {} }, { fsync: false });
    console.log(decodeURIComponent(server.url('x').split('host=')[1]));`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    cwd: new URL('..', import.meta.url),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [directory] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  assert.ok(existsSync(directory));
  child.kill('SIGKILL');
  // Nothing tells when the server has ended, so this looks at its directory until that is gone.
  while (existsSync(directory)) await new Promise((done) => setImmediate(done));
});
