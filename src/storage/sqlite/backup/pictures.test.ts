import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { backUp, clock, dataInUse, openStore } from '../../../../testing/storage/backup.ts';
import { inDirectory, itemOf } from '../../../../testing/storage/samples.ts';
import { type Cleanup, temporaryDirectory } from '../../../../testing/temporary.ts';
import { copyTree } from './files.ts';
import { countMissingPictures } from './pictures.ts';
import { restoreBackup } from './restore.ts';

const BYTES = 'a picture';
const PICTURE = hash('sha256', BYTES);

/** A data directory in which two of three accounts have the same picture. */
async function withPicture(cleanup: Cleanup) {
  const inUse = await dataInUse(cleanup);
  const accounts = ['a', 'b', 'c'].map((name, index) => {
    const account = { person: index + 1, name, skeleton: name, displayName: name, role: 'user' } as const;
    const pictured = { ...account, ...(index < 2 && { picture: PICTURE }) };
    return inDirectory(index + 1, { type: 'account-created', account: pictured, at: 1 });
  });
  for (const entry of accounts) await inUse.storage.append([itemOf([entry])]);
  const picture = join(inUse.data, 'pictures', PICTURE);
  mkdirSync(join(inUse.data, 'pictures'));
  writeFileSync(picture, BYTES);
  return { ...inUse, picture };
}

const restore = (backup: string, data: string) =>
  restoreBackup({ backup, data, replace: false, identity: 'another', now: clock.now() });

test('SERVER-189 backups and restores take the pictures along', async (t) => {
  const { directory, data } = await withPicture(t);
  const backup = join(directory, 'backup');
  const restored = join(directory, 'restored');
  assert.equal((await backUp(data, backup)).missingPictures, 0);
  assert.equal((await restore(backup, restored)).missingPictures, 0);
  assert.equal(readFileSync(join(restored, 'pictures', PICTURE), 'utf8'), BYTES);
  const storage = await openStore(t, restored);
  assert.equal((await storage.load('directory')).accounts.length, 3);
});

test('SERVER-189 a picture that is missing or changed is counted once, and all else is there', async (t) => {
  const { directory, data, picture } = await withPicture(t);
  for (const [name, spoil] of [
    ['changed', () => writeFileSync(picture, 'another')],
    ['missing', () => rmSync(picture)],
    ['without any', () => rmSync(join(data, 'pictures'), { recursive: true })],
  ] as const) {
    spoil();
    const { missingPictures, rows } = await backUp(data, join(directory, name));
    assert.deepEqual([missingPictures, rows.account], [1, 3], name);
    assert.equal((await restore(join(directory, name), join(directory, `restored ${name}`))).missingPictures, 1, name);
  }
});

test('SERVER-189 STORE-86 a backup that lost a picture since is refused', async (t) => {
  const { directory, data } = await withPicture(t);
  const backup = join(directory, 'backup');
  await backUp(data, backup);
  rmSync(join(backup, 'pictures', PICTURE));
  await assert.rejects(restore(backup, join(directory, 'restored')), /lacks the file pictures\//);
});

test('SERVER-189 a database from before accounts names no pictures', async (t) => {
  const directory = temporaryDirectory(t);
  const db = new DatabaseSync(join(directory, 'parlance.db'));
  db.exec('CREATE TABLE room (id INTEGER)');
  db.close();
  assert.equal(countMissingPictures(directory), 0);
});

test('STORE-84 files that come and go while they are copied are no failure', async (t) => {
  const directory = temporaryDirectory(t, 'memory');
  const from = join(directory, 'from');
  mkdirSync(from);
  writeFileSync(join(from, 'steady'), 'x');
  const churn = `
    const { rmSync, writeFileSync } = require('node:fs');
    const { parentPort, workerData } = require('node:worker_threads');
    for (let turn = 0; ; turn++) {
      const names = Array.from({ length: 50 }, (_, file) => workerData + '/new-' + turn + '-' + file);
      for (const name of names) writeFileSync(name, 'x');
      for (const name of names) rmSync(name);
      if (turn === 0) parentPort.postMessage('begun');
    }`;
  const worker = new Worker(churn, { eval: true, workerData: from });
  try {
    await once(worker, 'message');
    for (let copy = 0; copy < 100; copy++) {
      const to = join(directory, `to-${copy}`);
      copyTree(from, to);
      assert.equal(readFileSync(join(to, 'steady'), 'utf8'), 'x');
    }
  } finally {
    await worker.terminate();
  }
});
