import assert from 'node:assert/strict';
import { copyFileSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { backUp, clock, dataInUse, openStore } from '../../../../testing/storage/backup.ts';
import { invitationMade, itemOf, posted, sessionItem } from '../../../../testing/storage/samples.ts';
import { type Cleanup, temporaryDirectory } from '../../../../testing/temporary.ts';
import { restoreBackup } from './restore.ts';

async function withBackup(cleanup: Cleanup) {
  const inUse = await dataInUse(cleanup);
  const backup = join(inUse.directory, 'backup');
  await backUp(inUse.data, backup);
  return { ...inUse, backup, target: join(inUse.directory, 'restored') };
}

const restore = (backup: string, data: string, replace = false) =>
  restoreBackup({ backup, data, replace, identity: 'another history', now: clock.now() });

test('STORE-88 STORE-89 a restored history has another identity, the same server id, all entries and no tokens', async (t) => {
  const { storage, backup, target } = await withBackup(t);
  const { made, replaced } = await restore(backup, target);
  assert.deepEqual([made, replaced], [new Date(clock.now()).toISOString(), null]);
  const restored = await openStore(t, target);
  assert.equal(restored.identity, 'another history');
  assert.notEqual(storage.identity, restored.identity);
  assert.equal(restored.serverId, storage.serverId);
  assert.equal(await restored.checked, 'checked');
  assert.deepEqual(await restored.entries('room/1', 0, 10), await storage.entries('room/1', 0, 10));
  assert.deepEqual(await restored.page(1, null, 10), await storage.page(1, null, 10));
  assert.notEqual(await storage.token('digest'), null);
  assert.equal(await restored.token('digest'), null);
  const ended = (await restored.entries('person/3', 0, 10)).map(({ position, body }) => [position, body.type]);
  assert.deepEqual(ended, [
    [1, 'token-issued'],
    [2, 'tokens-revoked'],
  ]);
  const results = await restored.append([itemOf([posted(1, 4)])]);
  assert.deepEqual(results, [{ type: 'committed' }]);
  for (const name of ['.', 'parlance.db', 'parlance.toml', 'files', 'files/deep/picture'])
    assert.equal(statSync(join(target, name)).mode & 0o077, 0, name);
  assert.equal(readFileSync(join(target, 'parlance.toml'), 'utf8'), 'port = 4321\n');
});

test('STORE-81 STORE-157 a backup with the tables of an earlier version is checked, and restored as they are now', async (t) => {
  const directory = temporaryDirectory(t);
  const [data, backup, target] = ['data', 'backup', 'restored'].map((name) => join(directory, name)) as [
    string,
    string,
    string,
  ];
  mkdirSync(data);
  const db = new DatabaseSync(join(data, 'parlance.db'));
  db.exec('PRAGMA journal_mode = WAL');
  db.exec(readFileSync(new URL('../vectors/version-8.sql', import.meta.url), 'utf8'));
  db.close();
  await backUp(data, backup);
  await restore(backup, target);
  const restored = await openStore(t, target);
  assert.deepEqual(await restored.deliveryMarkers(8), [[2, 41]]);
  const changed = new DatabaseSync(join(data, 'parlance.db'));
  changed.exec('UPDATE shown SET person = 10 WHERE person = 9');
  changed.close();
  await assert.rejects(backUp(data, join(directory, 'damaged')), /damaged data/);
});

test('STORE-161 STORE-16 all invitations of a restored database are ended, by entries of their rooms', async (t) => {
  const { storage, data, directory } = await dataInUse(t);
  const codes = ['of a code', 'of another'];
  const made = codes.map((digest, index) => itemOf([invitationMade(1, 4 + index, digest)]));
  await storage.append([...made, itemOf([invitationMade(2, 1, 'elsewhere')])]);
  const [backup, target] = [join(directory, 'backup'), join(directory, 'restored')];
  await backUp(data, backup);
  await restore(backup, target);
  const restored = await openStore(t, target);
  const everywhere = [...codes, 'elsewhere'];
  const found = await Promise.all(everywhere.map((digest) => restored.invitation(digest)));
  assert.deepEqual(found, [null, null, null]);
  assert.notEqual(await storage.invitation('of a code'), null);
  const ends = [...(await restored.entries('room/1', 5, 9)), ...(await restored.entries('room/2', 1, 9))];
  assert.deepEqual(
    ends.map(({ stream, position, body }) => [stream, position, body.type, 'digest' in body && body.digest]),
    [
      ['room/1', 6, 'invitation-ended', 'of a code'],
      ['room/1', 7, 'invitation-ended', 'of another'],
      ['room/2', 2, 'invitation-ended', 'elsewhere'],
    ],
  );
  assert.deepEqual(await restored.append([itemOf([invitationMade(1, 8, 'later')])]), [{ type: 'committed' }]);
});

test('STORE-143 a restored database has no sessions and no subscriptions', async (t) => {
  const { storage, backup, target } = await withBackup(t);
  await restore(backup, target);
  const restored = await openStore(t, target);
  const session = { digest: 'of a session', person: 3, passwordPosition: 1, expires: 9e12, documents: ['a'] };
  assert.deepEqual(await storage.session('of a session'), session);
  assert.equal(await restored.session('of a session'), null);
  await restored.append([sessionItem({ ...session, documents: [] })]);
  assert.deepEqual(await restored.session('of a session'), { ...session, documents: [] });
});

test('STORE-86 a backup with any change is refused, and nothing is made of it', async (t) => {
  const { directory, backup, target } = await withBackup(t);
  const database = join('parlance.db');
  const spoiled: { readonly [problem: string]: (copy: string) => void } = {
    'lacks the file parlance.toml': (copy) => rmSync(join(copy, 'parlance.toml')),
    'lacks the file parlance.db': (copy) => rmSync(join(copy, database)),
    'parlance.db is not what was written': (copy) => {
      const bytes = readFileSync(join(copy, database));
      bytes.writeUInt8(bytes.readUInt8(9_000) ^ 1, 9_000);
      writeFileSync(join(copy, database), bytes);
    },
    'files/deep/picture is not what was written': (copy) => writeFileSync(join(copy, 'files/deep/picture'), 'other'),
    'has a file that does not belong to it: parlance.db-wal': (copy) =>
      writeFileSync(join(copy, 'parlance.db-wal'), ''),
    'is no backup: it has no readable backup.json': (copy) => writeFileSync(join(copy, 'backup.json'), '{'),
    'made by another version': (copy) => writeFileSync(join(copy, 'backup.json'), '{"format":2}'),
    'backup.json is incomplete': (copy) => writeFileSync(join(copy, 'backup.json'), '{"format":1,"files":{}}'),
  };
  for (const [problem, spoil] of Object.entries(spoiled)) {
    const copy = join(directory, 'copy');
    cpSync(backup, copy, { recursive: true });
    spoil(copy);
    await assert.rejects(restore(copy, target), new RegExp(problem));
    rmSync(copy, { recursive: true });
  }
  await assert.rejects(restore(join(directory, 'nothing'), target), /is no backup/);
  assert.ok(!readdirSync(directory).includes('restored'));
});

test('STORE-86 a backup of a newer version is refused', async (t) => {
  const { data, directory, target, storage } = await withBackup(t);
  await storage.close();
  const db = new DatabaseSync(join(data, 'parlance.db'));
  db.exec('PRAGMA user_version = 99');
  db.close();
  await assert.rejects(backUp(data, join(directory, 'newer')), /written by a newer version of Parlance \(schema 99\)/);
  assert.ok(!readdirSync(directory).includes('newer'));
  assert.ok(!readdirSync(directory).includes(target));
});

test('STORE-87 a directory in use and one with data are refused; with a clear word the data is put aside', async (t) => {
  const { backup, data, target, storage } = await withBackup(t);
  await assert.rejects(restore(backup, data), /is in use by process/);
  await assert.rejects(restore(backup, data, true), /is in use by process/);
  await restore(backup, target);
  const first = await openStore(t, target);
  await first.append([itemOf([posted(1, 4)])]);
  await first.close();
  await assert.rejects(restore(backup, target), /restored holds data already .*--replace/);
  const kept = join(target, 'keep me');
  writeFileSync(kept, 'mine');
  const { replaced } = await restore(backup, target, true);
  assert.ok(replaced !== null);
  assert.deepEqual(readdirSync(replaced).toSorted(), ['files', 'keep me', 'link', 'parlance.db', 'parlance.toml']);
  assert.deepEqual(
    readdirSync(target)
      .filter((name) => !name.startsWith('lock'))
      .toSorted(),
    ['files', 'link', 'parlance.db', 'parlance.toml', replaced.slice(target.length + 1)],
  );
  const numbers = async (directory: string) => {
    const opened = await openStore(t, directory);
    const { messages } = await opened.page(1, null, 10);
    await opened.close();
    return messages.map(({ number }) => number);
  };
  assert.deepEqual(await numbers(replaced), [1, 2, 3, 4]);
  assert.deepEqual(await numbers(target), [1, 2, 3]);
  assert.equal((await storage.page(1, null, 10)).messages.length, 3);
});

test('STORE-87 the log of a killed server is kept with its database, and never applied to the restored one', async (t) => {
  const { backup, data, target, storage } = await withBackup(t);
  await storage.append([itemOf([posted(1, 4)])]);
  mkdirSync(target);
  for (const name of ['parlance.db', 'parlance.db-wal']) copyFileSync(join(data, name), join(target, name));
  const { replaced } = await restore(backup, target, true);
  const restored = await openStore(t, target);
  assert.equal((await restored.page(1, null, 10)).messages.length, 3);
  const old = await openStore(t, replaced ?? '');
  assert.equal((await old.page(1, null, 10)).messages.length, 4);
});

test('STORE-87 what a killed restore left is no data, and is removed', async (t) => {
  const { backup, target } = await withBackup(t);
  mkdirSync(join(target, 'restoring'), { recursive: true });
  writeFileSync(join(target, 'restoring', 'parlance.db'), 'half');
  await restore(backup, target);
  assert.ok(!readdirSync(target).includes('restoring'));
});

test('SERVER-218 the key for a directory of servers is not in a backup, and a restore leaves it in its place', async (t) => {
  const { directory, data } = await dataInUse(t);
  for (const name of ['listing.json', 'listing.json.new']) writeFileSync(join(data, name), 'a key');
  const backup = join(directory, 'backup');
  await backUp(data, backup);
  assert.deepEqual(
    readdirSync(backup).filter((name) => name.startsWith('listing')),
    [],
  );
  const target = join(directory, 'target');
  mkdirSync(target);
  writeFileSync(join(target, 'listing.json'), 'of the target');
  for (const replace of [false, true]) {
    await restore(backup, target, replace);
    assert.equal(readFileSync(join(target, 'listing.json'), 'utf8'), 'of the target');
  }
});
