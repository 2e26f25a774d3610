import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { backUp, clock, dataInUse, openStore } from '../../../../testing/storage/backup.ts';
import { fileInfo, inRoom, itemOf, message, ofPerson } from '../../../../testing/storage/samples.ts';
import { type Cleanup, temporaryDirectory } from '../../../../testing/temporary.ts';
import { restoreBackup } from './restore.ts';
import { countMissingFiles } from './uploaded-files.ts';

const digestOf = (bytes: string) => hash('sha256', bytes);

/** A data directory with a file that a message names and one that none names yet. */
async function withFiles(cleanup: Cleanup) {
  const inUse = await dataInUse(cleanup);
  const sent = { ...message(99, 1, 1, 'look'), file: fileInfo('a', digestOf('sent')) };
  const upload = { ...fileInfo('b', digestOf('unsent')), person: 9, position: 1, at: 1 };
  await inUse.storage.append([
    itemOf([inRoom(99, 1, { type: 'message-posted', message: sent, at: 1 })]),
    itemOf([ofPerson(9, 1, { type: 'file-uploaded', upload, at: 1 })]),
  ]);
  const files = join(inUse.data, 'files');
  mkdirSync(files, { recursive: true });
  for (const bytes of ['sent', 'unsent']) writeFileSync(join(files, digestOf(bytes)), bytes);
  return { ...inUse, files };
}

const restore = (backup: string, data: string) =>
  restoreBackup({ backup, data, replace: false, identity: 'another', now: clock.now() });

test('SERVER-281 backups and restores take the files along', async (t) => {
  const { directory, data } = await withFiles(t);
  const [backup, restored] = [join(directory, 'backup'), join(directory, 'restored')];
  assert.equal((await backUp(data, backup)).missingFiles, 0);
  assert.equal((await restore(backup, restored)).missingFiles, 0);
  assert.equal(readFileSync(join(restored, 'files', digestOf('sent')), 'utf8'), 'sent');
  const storage = await openStore(t, restored);
  assert.deepEqual(
    [(await storage.file('a'))?.digest, (await storage.file('b'))?.digest],
    ['sent', 'unsent'].map(digestOf),
  );
});

test('SERVER-281 files that are missing or changed are counted, and all else is there', async (t) => {
  const { directory, data, files } = await withFiles(t);
  for (const [name, missing, spoil] of [
    ['changed', 1, () => writeFileSync(join(files, digestOf('sent')), 'another')],
    ['missing', 2, () => rmSync(join(files, digestOf('unsent')))],
    ['without any', 2, () => rmSync(files, { recursive: true })],
  ] as const) {
    spoil();
    const backup = join(directory, name);
    assert.equal((await backUp(data, backup)).missingFiles, missing, name);
    assert.equal((await restore(backup, join(directory, `restored ${name}`))).missingFiles, missing, name);
  }
});

test('SERVER-281 a database from before files names none', (t) => {
  const directory = temporaryDirectory(t);
  const db = new DatabaseSync(join(directory, 'parlance.db'));
  db.exec('CREATE TABLE room (id INTEGER)');
  db.close();
  assert.equal(countMissingFiles(directory, {}), 0);
});
