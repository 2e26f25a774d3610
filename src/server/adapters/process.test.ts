import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { runParlance, startServerProcess } from '../../../testing/server.ts';
import { temporaryDirectory } from '../../../testing/temporary.ts';
import { TextClient } from '../../../testing/text-client.ts';

/** A flag of node that makes the process write on stderr what it loads of the clients of PostgreSQL and NATS. */
const TELL = `--import=data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from 'node:module';
  const foreign = /node_modules\\/(?:pg|@nats-io)|src\\/storage\\/postgres|src\\/bus\\/nats/;
  registerHooks({
    load(url, context, next) {
      if (foreign.test(url)) process.stderr.write('loaded ' + url + '\\n');
      return next(url, context);
    },
  });`)}`;

/** A database that cannot be reached. */
const NOWHERE = 'postgres://me:hunter2@localhost/chat?host=/nowhere';

function serve(env: NodeJS.ProcessEnv, data: string) {
  return runParlance(['serve', '--port', '0', '--host', '127.0.0.1', '--data', data], env);
}

test('SERVER-292 a server with SQLite loads no client of PostgreSQL or NATS; one with PostgreSQL loads that', async (t) => {
  const server = await startServerProcess(t, { nodeArgs: [TELL] });
  const alice = await TextClient.enter(server.url, 'alice');
  alice.send('c2/MSG 1; hello');
  await server.stop();
  assert.equal(server.stderr(), '');
  const { stderr } = await serve({ PARLANCE_STORAGE: NOWHERE, NODE_OPTIONS: TELL }, temporaryDirectory(t));
  assert.match(stderr, /^loaded .*storage\/postgres\/open\.ts$/m);
  assert.match(stderr, /^loaded .*node_modules\/pg\//m);
  assert.doesNotMatch(stderr, /nats/);
});

test('SERVER-291 SERVER-15 a database that cannot be used ends the start with a sentence, and shows no password', async (t) => {
  const { code, stdout, stderr } = await serve({ PARLANCE_STORAGE: NOWHERE }, temporaryDirectory(t));
  assert.equal(code, 1);
  assert.match(stderr, /^parlance: cannot open the database: .*\n$/);
  assert.doesNotMatch(stdout + stderr, /hunter2/);
});

test('SERVER-296 a backup by the command is one of SQLite: with PostgreSQL it names pg_dump', async (t) => {
  const data = temporaryDirectory(t);
  const make = (env: NodeJS.ProcessEnv = {}) =>
    runParlance(['admin', 'backup', join(data, 'today'), '--data', data], env);
  const advice = /^parlance: .*PostgreSQL.*pg_dump.*\n$/;
  const byEnvironment = await make({ PARLANCE_STORAGE: NOWHERE });
  assert.equal(byEnvironment.code, 1);
  assert.match(byEnvironment.stderr, advice);
  writeFileSync(join(data, 'parlance.toml'), `storage = "${NOWHERE}"\n`);
  const byFile = await make();
  assert.match(byFile.stderr, advice);
  assert.doesNotMatch(byFile.stderr + byEnvironment.stderr, /hunter2/);
});
