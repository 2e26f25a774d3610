import assert from 'node:assert/strict';
import { existsSync, rmSync, statSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import test from 'node:test';
import { operatorText } from './refusal-text.ts';
import { TextClient } from '../../../testing/text-client.ts';
import { runParlance, startServerProcess } from '../../../testing/server.ts';

const TAKEN = operatorText({ type: 'name-taken' });

test('SERVER-61 SERVER-63 only its owner can open the admin socket, and the socket of a killed server is replaced', async (t) => {
  const first = await startServerProcess(t);
  const socket = join(first.dataDir, 'admin.sock');
  assert.equal(statSync(socket).mode & 0o777, 0o600);
  first.kill('SIGKILL');
  await first.exited;
  assert.ok(statSync(socket).isSocket());
  const none = await runParlance(['admin', 'list', '--data', first.dataDir]);
  assert.equal(none.code, 1);
  assert.match(none.stderr, /^parlance: no server runs with its data in /);
  const second = await startServerProcess(t, { dataDir: first.dataDir });
  const list = await runParlance(['admin', 'list', '--data', second.dataDir]);
  assert.deepEqual([list.code, list.stdout], [0, '0 people are here\n0 names are banned\n']);
});

test('SERVER-60 parlance admin ban disconnects a person with the reason and keeps out; unban lets in again', async (t) => {
  const server = await startServerProcess(t);
  const admin = (...args: string[]) => runParlance(['admin', ...args, '--data', server.dataDir]);
  const mallory = await TextClient.enter(server.url, 'mallory');
  const alice = await TextClient.enter(server.url, 'alice');
  const ban = await admin('ban', 'mallory', '--reason', 'spam', '--for', '2h');
  assert.equal(ban.code, 0);
  assert.match(ban.stdout, /^mallory is banned until \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC: spam\n$/);
  for (const client of [mallory, alice]) {
    assert.equal(await client.until('c2/DISCONNECT'), 'c2/DISCONNECT ban; mallory; spam');
  }
  assert.equal((await mallory.closed()).code, 1008);
  const again = await TextClient.open(server.url);
  assert.equal(await again.ask('c2/CONNECT mallory'), 'c2/ERROR banned: spam');
  const list = /^1 person is here\n {2}alice, since .* UTC\n1 name is banned\n {2}mallory is banned until .*: spam\n$/;
  assert.match((await admin('list')).stdout, list);
  assert.equal((await admin('unban', 'mallory')).stdout, 'mallory may come again\n');
  assert.equal(await again.ask('c2/CONNECT mallory'), 'c2/ACKNOWLEDGE Parlance');
  const nobody = await admin('kick', 'nobody');
  assert.deepEqual([nobody.code, nobody.stdout, nobody.stderr], [1, '', 'parlance: nobody here is called nobody\n']);
});

test('SERVER-67 an invalid duration is refused before the server is asked', async () => {
  const { code, stderr } = await runParlance(['admin', 'mute', 'bob', '--for', 'ever']);
  assert.equal(code, 1);
  assert.match(stderr, /'--for <time>' argument 'ever' is invalid\. Give a number and s, m, h or d/);
});

test('SERVER-80 SERVER-81 accounts are made and changed while the server runs, and no password is stored or shown', async (t) => {
  const server = await startServerProcess(t);
  const user = (...args: string[]) =>
    runParlance(['admin', 'user', ...args, '--data', server.dataDir], {}, 'canary-pa55word\n');
  const told = [
    await user('create', 'alice', '--role', 'owner', '--display-name', 'Alice A.', '--password-stdin'),
    await user('create', 'alice', '--password-stdin'),
    await user('password', 'alice', '--password-stdin'),
    await user('role', 'alice', 'moderator'),
    await user('list'),
    await user('create', 'bob'),
  ];
  const no = 'parlance: there is no terminal to type a password at; give it on standard input, with --password-stdin\n';
  assert.deepEqual(
    told.map(({ code, stdout, stderr }) => [code, stdout, stderr]),
    [
      [0, 'alice (Alice A.), owner\n', ''],
      [1, '', `parlance: ${TAKEN}\n`],
      [0, 'alice has another password\n', ''],
      [0, 'alice (Alice A.), moderator\n', ''],
      [0, '1 account\n  alice (Alice A.), moderator\n', ''],
      [1, '', no],
    ],
  );
  await server.stop();
  assert.doesNotMatch(JSON.stringify(server.log) + server.stderr(), /canary/);
  for (const file of await readdir(server.dataDir)) {
    assert.equal((await readFile(join(server.dataDir, file))).includes('canary'), false, file);
  }
});

test('SERVER-160 SERVER-161 SERVER-163 units are made and filled while the server runs, and are there after a restart', async (t) => {
  const first = await startServerProcess(t);
  const { dataDir } = first;
  const unit = (...args: string[]) => runParlance(['admin', 'unit', ...args, '--data', dataDir]);
  const user = (name: string) =>
    runParlance(['admin', 'user', 'create', name, '--password-stdin', '--data', dataDir], {}, 'correct horse');
  assert.deepEqual([(await user('alice')).code, (await user('bob')).code], [0, 0]);
  const told = [
    await unit('create', 'Sales'),
    await unit('create', 'North', '--in', 'Sales'),
    await unit('create', 'sales'),
    await unit('add', 'North', 'alice', 'bob'),
    await unit('remove', 'North', 'bob'),
    await unit('rename', 'North', 'Far north'),
    await unit('move', 'Far north'),
    await unit('home', 'Sales'),
    await unit('add', 'Sales'),
  ];
  const taken = 'another unit has this name or one that looks like it (see `admin unit list`); choose another name';
  assert.deepEqual(
    told.slice(0, -1).map(({ code, stdout, stderr }) => [code, stdout, stderr]),
    [
      [0, 'Sales is a unit\n', ''],
      [0, 'North is a unit in Sales\n', ''],
      [1, '', `parlance: ${taken}\n`],
      [0, 'North: 2 people\n', ''],
      [0, 'North: 1 person\n', ''],
      [0, 'North is called Far north now\n', ''],
      [0, 'Far north is at the top now\n', ''],
      [0, 'Sales is home now\n', ''],
    ],
  );
  assert.deepEqual([told.at(-1)?.code, told.at(-1)?.stdout], [1, ''], 'nobody to add');
  await first.stop();
  await startServerProcess(t, { dataDir });
  const list = 'everyone: 2 people\nFar north: 1 person\nSales: 0 people, home\n';
  assert.equal((await unit('list')).stdout, list);
  assert.deepEqual(
    [(await unit('delete', 'sales')).stdout, (await unit('delete', 'sales')).code],
    ['Sales is no unit any more\n', 1],
  );
});

test('SERVER-82 a short password is refused before the server is asked', async () => {
  const short = await runParlance(['admin', 'user', 'create', 'bob', '--password-stdin'], {}, 'canary\n');
  assert.deepEqual([short.code, short.stderr], [1, 'parlance: a password has at least 8 characters\n']);
});

test('SERVER-83 a server without an owner says how to make one, and that works; then it says so no more', async (t) => {
  const server = await startServerProcess(t);
  const { make } = await server.line('no-owner');
  const [program, command = ''] = String(make).split(' -- ');
  assert.equal(program, 'npm run parlance');
  const args = command.replace('NAME', 'alice').split(' ');
  const made = await runParlance([...args, '--password-stdin'], {}, 'correct horse');
  assert.deepEqual([made.code, made.stdout], [0, 'alice, owner\n']);
  await server.stop();
  assert.equal(server.log.filter(({ event }) => event === 'no-owner').length, 1);
  const again = await startServerProcess(t, { dataDir: server.dataDir });
  await again.stop();
  assert.ok(again.log.every(({ event }) => event !== 'no-owner'));
});

test('SERVER-131 people whose names begin with - can be looked after: their name comes after --', async (t) => {
  const server = await startServerProcess(t);
  const admin = (...args: string[]) => runParlance(['admin', ...args]);
  const at = ['--data', server.dataDir];
  for (const name of ['-h', '--help', '--']) {
    const guest = await TextClient.enter(server.url, name);
    const kicked = await admin('kick', ...at, '--reason', 'out', '--', name);
    assert.deepEqual([kicked.code, kicked.stderr], [0, ''], name);
    assert.equal(await guest.until('c2/DISCONNECT'), `c2/DISCONNECT ban; ${name}; out`);
  }
  const { code, stdout } = await admin('kick', '-h', ...at);
  assert.deepEqual([code, stdout], [1, '']);
  assert.equal((await admin('ban', ...at, '--', '-h')).code, 0);
  assert.match((await admin('list', ...at)).stdout, /-h is banned for good/);
});

test('SERVER-65 without a server the error says which directory was looked at, and how to name another', async (t) => {
  const server = await startServerProcess(t);
  const { code, stderr } = await runParlance(['admin', 'list'], { PARLANCE_DATA: '/nowhere' });
  assert.equal(code, 1);
  assert.match(stderr, /no server runs with its data in \/nowhere\. .* --data DIRECTORY or set PARLANCE_DATA\n$/);
  assert.equal((await runParlance(['admin', 'list'], { PARLANCE_DATA: server.dataDir })).code, 0);
  assert.match((await runParlance(['admin', '--help'])).stdout, /needs the --data that the server was started\s+with/);
  for (const command of [['list'], ['user', 'create']]) {
    assert.match(
      (await runParlance(['admin', ...command, '--help'])).stdout,
      /that the\s+server was\s+started with\.\s+Default:\s+PARLANCE_DATA/,
    );
  }
});

test('SERVER-130 an account with the name of a guest who is here is refused with what to do', async (t) => {
  const server = await startServerProcess(t);
  await TextClient.enter(server.url, 'alice');
  const create = (name: string) =>
    runParlance(['admin', 'user', 'create', name, '--password-stdin', '--data', server.dataDir], {}, 'long enough');
  const { code, stderr } = await create('alice');
  assert.equal(code, 1);
  assert.match(
    stderr,
    /this name is taken by a guest who is here, .* \(see `admin list` and .*\)\. Let the guest leave first, or choose another/,
  );
  assert.equal((await create('dora')).code, 0);
});

test('SERVER-06 ~ in a path that no shell has expanded is the home directory, for commands too', async (t) => {
  const server = await startServerProcess(t);
  const HOME = dirname(server.dataDir);
  const data = `~/${basename(server.dataDir)}`;
  const copy = `${basename(server.dataDir)}-copy`;
  t.after(() => rmSync(join(HOME, copy), { recursive: true }));
  assert.equal((await runParlance(['admin', 'list', '--data', data], { HOME })).code, 0);
  assert.equal((await runParlance(['admin', 'list'], { HOME, PARLANCE_DATA: data })).code, 0);
  const backup = await runParlance(['admin', 'backup', `~/${copy}`, '--data', data], { HOME });
  assert.deepEqual([backup.code, backup.stderr], [0, '']);
  assert.ok(existsSync(join(HOME, copy)));
});
