import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { runParlance, startServerProcess } from '../../testing/server.ts';
import { temporaryDirectory } from '../../testing/temporary.ts';
import { checkDatabase } from '../crash/check-database.ts';
import { ClientLog } from '../crash/client-log.ts';
import { C2Client } from '../crash/clients/c2.ts';
import { CodechatClient } from '../crash/clients/codechat.ts';
import { TaggedClient } from '../crash/clients/tagged.ts';

const BACKUPS = 3;

test('STORE-80 STORE-88 SERVER-151 each backup of a loaded server has everything acknowledged before, and is a prefix of history', async (t) => {
  const server = await startServerProcess(t);
  const log = new ClientLog();
  const [anna, bert] = ['anna', 'bert'];
  const partners = [new TaggedClient(server.url, anna, bert, log), new TaggedClient(server.url, bert, anna, log)];
  for (const client of partners) void client.loggedIn.then(() => client.start(1));
  for (let index = 0; index < 4; index++) {
    new C2Client(server.url, `c${index}`, log);
    new CodechatClient(server.port, `s${index}`, log);
  }
  const known = new ClientLog();
  const directory = temporaryDirectory(t);
  const restored: string[] = [];
  for (let count = 0; count < BACKUPS; count++) {
    const reached = log.posted.length + 300;
    while (log.posted.length < reached) await new Promise(setImmediate);
    const before = log.posted.length;
    const backup = join(directory, `backup-${count}`);
    const made = await runParlance(['admin', 'backup', backup, '--data', server.dataDir]);
    assert.deepEqual([made.code, made.stdout, made.stderr], [0, '', '']);
    assert.ok(log.posted.length > before, 'the server went on meanwhile');
    const data = join(directory, `restored-${count}`);
    const put = await runParlance(['restore', backup, '--data', data]);
    assert.deepEqual([put.code, put.stderr], [0, '']);
    known.posted.splice(0, Infinity, ...log.posted.slice(0, before));
    const found = checkDatabase(data, known);
    assert.deepEqual(found.problems, []);
    assert.ok(found.messages >= before, `${found.messages} messages, ${before} were acknowledged`);
    restored.push(data);
  }
  await server.stop();
  for (const data of restored) assertPrefix(data, server.dataDir);
  const empty = join(directory, 'restored-0');
  const again = await startServerProcess(t, { dataDir: empty });
  assert.equal((await again.stop()).code, 0);
});

/** The streams of the first database are beginnings of those of the second, except for the end of tokens. */
function assertPrefix(restored: string, original: string): void {
  const db = new DatabaseSync(join(restored, 'parlance.db'));
  db.prepare('ATTACH ? AS original').run(join(original, 'parlance.db'));
  const foreign = db
    .prepare(
      `SELECT s.name, e.position, e.body FROM main.entry e JOIN main.stream s ON s.key = e.stream
       WHERE e.body NOT LIKE '{"type":"tokens-revoked"%' AND NOT EXISTS (
         SELECT 1 FROM original.entry o JOIN original.stream t ON t.key = o.stream
         WHERE t.name = s.name AND o.position = e.position AND o.body = e.body)`,
    )
    .all();
  const { count } = db.prepare('SELECT count(*) AS count FROM main.entry').get() as { count: number };
  db.close();
  assert.deepEqual(foreign, []);
  assert.ok(count > 300);
}
