import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { Chatter } from '../../../testing/chatter.ts';
import { runParlance, startServerProcess } from '../../../testing/server.ts';

test('SERVER-61 SERVER-63 the admin socket is for its owner only, and one that a killed server left behind is replaced', async (t) => {
  const first = await startServerProcess(t);
  const socket = join(first.dataDir, 'admin.sock');
  assert.equal(statSync(socket).mode & 0o777, 0o600);
  first.kill('SIGKILL');
  await first.exited;
  assert.ok(statSync(socket).isSocket());
  const none = await runParlance(['admin', 'list', '--data', first.dataDir]);
  assert.equal(none.code, 1);
  assert.match(none.stderr, /^parlance: no server runs on /);
  const second = await startServerProcess(t, { dataDir: first.dataDir });
  const list = await runParlance(['admin', 'list', '--data', second.dataDir]);
  assert.deepEqual([list.code, list.stdout], [0, '0 people are here\n0 names are banned\n']);
});

test('SERVER-60 parlance admin ban sends somebody away with the reason, keeps him out, and unban lets him in', async (t) => {
  const server = await startServerProcess(t);
  const admin = (...args: string[]) => runParlance(['admin', ...args, '--data', server.dataDir]);
  const mallory = await Chatter.enter(server.url, 'mallory');
  const alice = await Chatter.enter(server.url, 'alice');
  const ban = await admin('ban', 'mallory', '--reason', 'spam', '--for', '2h');
  assert.equal(ban.code, 0);
  assert.match(ban.stdout, /^mallory is banned until \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC: spam\n$/);
  for (const chatter of [mallory, alice]) {
    assert.equal(await chatter.until('c2/DISCONNECT'), 'c2/DISCONNECT ban; mallory; spam');
  }
  assert.equal((await mallory.closed()).code, 1008);
  const again = await Chatter.open(server.url);
  assert.equal(await again.ask('c2/CONNECT mallory'), 'c2/ERROR banned: spam');
  const list = /^1 person is here\n {2}alice, since .* UTC\n1 name is banned\n {2}mallory is banned until .*: spam\n$/;
  assert.match((await admin('list')).stdout, list);
  assert.equal((await admin('unban', 'mallory')).stdout, 'mallory may come again\n');
  assert.equal(await again.ask('c2/CONNECT mallory'), 'c2/ACKNOWLEDGE Parlance');
  const nobody = await admin('kick', 'nobody');
  assert.deepEqual([nobody.code, nobody.stdout, nobody.stderr], [1, '', 'parlance: nobody here is called nobody\n']);
});

test('SERVER-67 a length of time that is none is refused before anything is asked', async () => {
  const { code, stderr } = await runParlance(['admin', 'mute', 'bob', '--for', 'ever']);
  assert.equal(code, 1);
  assert.match(stderr, /'--for <time>' argument 'ever' is invalid\. Give a number and s, m, h or d/);
});
