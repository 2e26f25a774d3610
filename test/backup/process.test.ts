import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, watch } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ProgressLine } from '../../src/server/commands/progress-line.ts';
import { encodeRow } from '../../src/storage/sqlite/checksum.ts';
import { runParlance, startServerProcess } from '../../testing/server.ts';
import { type Cleanup, temporaryDirectory } from '../../testing/temporary.ts';
import { TextClient } from '../../testing/text-client.ts';
import { readTrace } from '../crash/strace.ts';

const MAIN = fileURLToPath(new URL('../../src/server/main.ts', import.meta.url));
const NODE = [process.execPath, '--disable-warning=ExperimentalWarning'] as const;

/** A running server with one message, and a directory for backups beside its data. */
async function serverWithMessage(cleanup: Cleanup) {
  const server = await startServerProcess(cleanup);
  const client = await TextClient.enter(server.url, 'alice');
  assert.equal(await client.ask('c2/MSG 1; kept'), 'c2/ACKNOWLEDGE');
  client.close();
  return { server, directory: temporaryDirectory(cleanup) };
}

test('SERVER-151 SERVER-152 SERVER-153 a backup is quiet, and says why there is none; a restored server has the message', async (t) => {
  const { server, directory } = await serverWithMessage(t);
  const target = join(directory, 'backup');
  const backUp = () => runParlance(['admin', 'backup', target, '--data', server.dataDir]);
  const [first, second] = [await backUp(), await backUp()];
  assert.deepEqual([first.code, first.stdout, first.stderr], [0, '', '']);
  assert.deepEqual([second.code, second.stdout], [1, '']);
  assert.match(second.stderr, /^parlance: .*backup exists already, and nothing is overwritten: name another place\n$/);
  const nowhere = await runParlance(['admin', 'backup', join(directory, 'x'), '--data', join(directory, 'none')]);
  assert.deepEqual([nowhere.code, nowhere.stdout], [1, '']);
  assert.match(nowhere.stderr, /^parlance: there is no data in .*none: name the data directory with --data\n$/);

  const restore = (...args: string[]) => runParlance(['restore', target, ...args]);
  const running = await restore('--data', server.dataDir, '--replace');
  assert.deepEqual([running.code, running.stdout], [1, '']);
  assert.match(running.stderr, /is in use by process \d+\. Stop that process first/);
  await server.stop();
  const full = await restore('--data', server.dataDir);
  assert.deepEqual([full.code, full.stdout], [1, '']);
  assert.match(full.stderr, /holds data already/);
  const replaced = await restore('--data', server.dataDir, '--replace');
  assert.deepEqual([replaced.code, replaced.stderr], [0, '']);
  assert.match(replaced.stdout, /is as it was at \d{4}-.*\nwhat was there before is in .*replaced-/);
  const offline = await runParlance(['admin', 'backup', join(directory, 'offline'), '--data', server.dataDir]);
  assert.deepEqual([offline.code, offline.stdout, offline.stderr], [0, '', '']);
  assert.deepEqual(readdirSync(join(directory, 'offline')).toSorted(), ['backup.json', 'parlance.db']);

  const again = await startServerProcess(t, { dataDir: server.dataDir });
  const client = await TextClient.enter(again.url, 'bob');
  assert.match((await client.next()) ?? '', /^c2\/MSG alice; 1; .*; kept$/);
  client.close();
});

test('SERVER-151 STORE-80 a signal in the middle leaves nothing, and the code is 1', async (t) => {
  const { server, directory } = await serverWithMessage(t);
  await server.stop();
  const db = new DatabaseSync(join(server.dataDir, 'parlance.db'));
  const numbers = 'WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 600)';
  db.exec(`${numbers} INSERT INTO once SELECT 'filler', i, '', hex(zeroblob(50000)), 1 FROM n`);
  db.close();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    const began = Promise.withResolvers<void>();
    const watcher = watch(directory, () => began.resolve());
    const [node, ...flags] = NODE;
    const args = [MAIN, 'admin', 'backup', join(directory, 'backup'), '--data', server.dataDir];
    const child = spawn(node, [...flags, ...args], { stdio: 'ignore' });
    const exited = once(child, 'exit');
    await began.promise;
    watcher.close();
    child.kill(signal);
    assert.deepEqual(await exited, [1, null], signal);
    assert.deepEqual(readdirSync(directory), [], signal);
  }
});

test('STORE-82 the files and both directories are synced before the backup has its name, and its parent after', async (t) => {
  if (spawnSync('strace', ['-V']).status !== 0) return t.skip('strace is not installed here');
  const { server, directory } = await serverWithMessage(t);
  const trace = join(temporaryDirectory(t), 'trace');
  const target = join(directory, 'backup');
  const strace = ['-f', '-y', '-e', 'trace=fsync,fdatasync,rename,pwrite64,write', '-o', trace, ...NODE];
  const { status } = spawnSync('strace', [...strace, MAIN, 'admin', 'backup', target, '--data', server.dataDir]);
  assert.equal(status, 0);
  const calls = readTrace(readFileSync(trace, 'latin1'));
  const last = (name: RegExp, text: string) =>
    calls.findLastIndex((call) => name.test(call.name) && call.text.includes(text));
  const renamed = last(/^rename/, `"${target}"`);
  assert.ok(renamed > 0);
  for (const file of ['/parlance.db', '/backup.json', '']) {
    const synced = calls.findLastIndex(
      ({ name, text }) => name.endsWith('sync') && new RegExp(`\\.partial-\\d+${file}>`).test(text),
    );
    const written = calls.findLastIndex(
      ({ name, text }) => /write/.test(name) && new RegExp(`\\.partial-\\d+${file}>`).test(text),
    );
    assert.ok(
      synced > written && synced < renamed,
      `${file}: written ${written}, synced ${synced}, renamed ${renamed}`,
    );
  }
  assert.ok(last(/sync$/, `<${directory}>`) > renamed);
  assert.ok(existsSync(target));
});

test('SERVER-152 progress is one line at a terminal, and nothing anywhere else', () => {
  const written = (isTTY: boolean) => {
    const pieces: string[] = [];
    const line = new ProgressLine({
      isTTY,
      write: (piece: string) => pieces.push(piece),
    } as unknown as NodeJS.WriteStream);
    line.show('copying ... 1 %');
    line.show('copying ... 1 %');
    line.show('copying ... 2 %');
    line.end('done');
    return pieces.join('');
  };
  assert.equal(written(true), '\rcopying ... 1 %\u001b[K\rcopying ... 2 %\u001b[K\r\u001b[Kdone\n');
  assert.equal(written(false), '');
});

test('SERVER-189 a missing picture is said on stderr, also without a terminal, and everything else is done', async (t) => {
  const { server, directory } = await serverWithMessage(t);
  const user = ['admin', 'user', 'create', 'ada', '--password-stdin', '--data', server.dataDir];
  assert.equal((await runParlance(user, {}, 'open sesame')).code, 0);
  await server.stop();
  const db = new DatabaseSync(join(server.dataDir, 'parlance.db'));
  const { key, body } = db.prepare('SELECT skeleton AS key, body FROM account').get() as { key: string; body: string };
  const { person } = JSON.parse(body) as { person: number };
  const pictured = encodeRow({ ...JSON.parse(body), picture: 'a'.repeat(64) }, key, person);
  db.prepare('UPDATE account SET body = ?, sum = ?').run(pictured.body, pictured.sum);
  db.close();
  const target = join(directory, 'backup');
  const said = /^parlance: 1 of the pictures that accounts have are missing or damaged; everything else is there\n$/;
  const made = await runParlance(['admin', 'backup', target, '--data', server.dataDir]);
  assert.deepEqual([made.code, made.stdout], [0, '']);
  assert.match(made.stderr, said);
  const restored = await runParlance(['restore', target, '--data', join(directory, 'restored')]);
  assert.equal(restored.code, 0);
  assert.match(restored.stderr, said);
});
