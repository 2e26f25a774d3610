import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { backUp, dataInUse } from '../../../../testing/storage/backup.ts';
import { itemOf, posted, searchFor } from '../../../../testing/storage/samples.ts';

const FILES = ['backup.json', 'files', 'files/deep', 'files/deep/picture', 'link', 'parlance.db', 'parlance.toml'];

const filesIn = (directory: string) => readdirSync(directory, { recursive: true }).map(String).toSorted();

test('STORE-80 STORE-84 a backup has everything that was committed and every other file, and nothing of the processes', async (t) => {
  const { directory, data, storage } = await dataInUse(t);
  const target = join(directory, 'backup');
  await storage.search(searchFor('message', { rooms: [1] }));
  assert.ok(existsSync(join(data, 'search.db')));
  const { rows } = await backUp(data, target);
  assert.equal(rows.message, 3);
  await storage.append([itemOf([posted(1, 4)])]);
  assert.deepEqual(filesIn(target), FILES);
  assert.equal(readFileSync(join(target, 'link'), 'utf8'), 'port = 4321\n');
  const db = new DatabaseSync(join(target, 'parlance.db'), { readOnly: true });
  assert.deepEqual(
    { ...db.prepare('SELECT count(*) AS count, max(number) AS last FROM message').get() },
    { count: 3, last: 3 },
  );
  assert.equal(db.prepare('SELECT server FROM meta').get()?.server, storage.serverId);
  db.close();
  assert.deepEqual(filesIn(target), FILES, 'reading it writes nothing');
  assert.deepEqual(readdirSync(directory).toSorted(), ['backup', 'data']);
  await backUp(data, join(directory, 'next'));
});

test('STORE-85 only the owner can read a backup', async (t) => {
  const { directory, data } = await dataInUse(t);
  const target = join(directory, 'backup');
  mkdirSync(target, { mode: 0o755 });
  await backUp(data, target);
  for (const name of ['.', ...filesIn(target)]) {
    const found = statSync(join(target, name));
    assert.equal(found.mode & 0o777, found.isDirectory() ? 0o700 : 0o600, name);
  }
});

test('STORE-80 nothing is overwritten, and no directory is made for a backup', async (t) => {
  const { directory, data } = await dataInUse(t);
  const full = join(directory, 'full');
  mkdirSync(full);
  writeFileSync(join(full, 'mine'), 'mine');
  writeFileSync(join(directory, 'file'), 'mine');
  symlinkSync('nowhere', join(directory, 'dangling'));
  await assert.rejects(backUp(data, full), /full exists already, and nothing is overwritten/);
  await assert.rejects(backUp(data, join(directory, 'file')), /file exists already/);
  await assert.rejects(backUp(data, join(directory, 'dangling')), /dangling/);
  await assert.rejects(backUp(data, join(directory, 'missing', 'backup')), /there is no directory .*missing\. Make it/);
  await assert.rejects(backUp(join(directory, 'full'), join(directory, 'backup')), /there is no data in .*full/);
  const made = join(directory, 'made');
  await backUp(data, made);
  const before = readFileSync(join(made, 'backup.json'), 'utf8');
  await assert.rejects(backUp(data, made), /made exists already/);
  assert.equal(readFileSync(join(made, 'backup.json'), 'utf8'), before);
  assert.deepEqual(readdirSync(directory).toSorted(), ['dangling', 'data', 'file', 'full', 'made']);
  assert.deepEqual(readdirSync(full), ['mine']);
});

test('STORE-83 a backup is not inside the data directory, whatever its path looks like', async (t) => {
  const { directory, data } = await dataInUse(t);
  symlinkSync(data, join(directory, 'elsewhere'));
  const before = filesIn(data);
  const inside = [
    data,
    join(data, 'b'),
    join(data, 'files', 'b'),
    `${directory}/x/../data/b`,
    join(directory, 'elsewhere', 'b'),
  ];
  for (const target of inside)
    await assert.rejects(backUp(data, target), /cannot be inside the data directory/, target);
  await assert.rejects(backUp(join(directory, 'elsewhere'), join(data, 'b')), /cannot be inside/);
  assert.deepEqual(filesIn(data), before);
  await backUp(data, join(directory, 'data-2'));
});

test('STORE-83 of two backups at once one is refused, and the next one is not', async (t) => {
  const { directory, data } = await dataInUse(t);
  const results = await Promise.allSettled(['a', 'b'].map((name) => backUp(data, join(directory, name))));
  assert.deepEqual(
    results.map((result) => (result.status === 'fulfilled' ? 'made' : String(result.reason.message))),
    ['made', `another backup of ${data} is being made: wait for its end`],
  );
  assert.deepEqual(readdirSync(directory).toSorted(), ['a', 'data']);
  await backUp(data, join(directory, 'b'));
});

test('STORE-80 STORE-81 a failure at any step leaves nothing', async (t) => {
  const { directory, data } = await dataInUse(t);
  for (const failing of ['copying', 'checking']) {
    const fail = (step: string) => {
      if (step === failing) throw new Error(`no ${step}`);
    };
    await assert.rejects(
      backUp(data, join(directory, 'backup'), fail),
      new RegExp(`no backup was made .*: no ${failing}`),
    );
    assert.deepEqual(readdirSync(directory), ['data']);
  }
  const spoil = (step: string) => {
    const [partial = ''] = readdirSync(directory).filter((name) => name.includes('partial'));
    if (step !== 'checking' || partial === '') return;
    const db = new DatabaseSync(join(directory, partial, 'parlance.db'));
    db.exec("UPDATE message SET body = replace(body, 'clientTime', 'clientTimf') WHERE number = 2");
    db.close();
  };
  await assert.rejects(backUp(data, join(directory, 'backup'), spoil), /the database holds damaged data/);
  assert.deepEqual(readdirSync(directory), ['data']);
});

test('STORE-81 rows and entries that are missing are found', async (t) => {
  const { directory, data } = await dataInUse(t);
  const changes = {
    'the table message has 2 rows instead of 3': 'DELETE FROM message WHERE number = 3',
    'the room 1 lacks messages': 'UPDATE message SET number = 9 WHERE number = 2',
    'the stream room/1 lacks entries': 'UPDATE stream SET head = head + 1',
  };
  for (const [problem, sql] of Object.entries(changes)) {
    const change = (step: string) => {
      const partial = readdirSync(directory).find((name) => name.includes('partial'));
      if (step !== 'checking' || partial === undefined) return;
      const db = new DatabaseSync(join(directory, partial, 'parlance.db'));
      db.exec(sql);
      db.close();
    };
    await assert.rejects(backUp(data, join(directory, 'backup'), change), new RegExp(problem));
  }
});

test('STORE-80 a full disk, and another file system than that of the data', async (t) => {
  const small = mountSmall(t);
  if (small === null) return t.skip('mounting a tmpfs needs root');
  const { directory, data, storage } = await dataInUse(t);
  const target = join(small, 'backup');
  await backUp(data, target);
  assert.deepEqual(filesIn(target), FILES);
  writeFileSync(join(small, 'filler'), Buffer.alloc(9 * 2 ** 20));
  await assert.rejects(
    backUp(data, join(small, 'second')),
    /there is too little room: \d+ MiB are needed, \d+ are free/,
  );
  writeFileSync(join(small, 'filler'), '');
  writeFileSync(join(data, 'files', 'large'), Buffer.alloc(17 * 2 ** 20));
  await assert.rejects(backUp(data, join(small, 'second')), /there is too little room/, 'files count too');
  writeFileSync(join(data, 'files', 'large'), Buffer.alloc(2 ** 20));
  // Somebody else fills the disk meanwhile: there is room for the database, and not for the file.
  const filler = join(small, 'filler');
  const fill = () => {
    const { bavail, bsize } = statfsSync(small);
    writeFileSync(filler, Buffer.alloc(statSync(filler).size + bavail * bsize - 3 * 2 ** 18));
  };
  await assert.rejects(
    backUp(data, join(small, 'second'), fill),
    /no backup was made in .*second: the disk there is full/,
  );
  assert.deepEqual(readdirSync(small).toSorted(), ['backup', 'filler']);
  assert.equal((await storage.append([itemOf([posted(1, 4)])]))[0]?.type, 'committed');
  assert.ok(!existsSync(join(directory, 'second')));
});

/** Mounts a file system of 16 MiB; null where that is not allowed. */
function mountSmall(t: { after(run: () => void): void }): string | null {
  const directory = mkdtempSync(join(tmpdir(), 'parlance-small-'));
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', directory]);
  t.after(() => {
    if (status === 0) spawnSync('umount', ['-l', directory]);
    rmSync(directory, { recursive: true });
  });
  return status === 0 ? directory : null;
}
