import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { FakeClock } from '../../../testing/clock.ts';
import { countingIds } from '../../../testing/ids.ts';
import { itemOf, posted } from '../../../testing/storage/samples.ts';
import { temporaryDirectory } from '../../../testing/temporary.ts';
import { silentLog } from '../../../testing/world.ts';
import { roomStream } from '../../core/model/ids.ts';
import { openSqliteStorage } from './open.ts';
import type { SqliteStorage } from './storage.ts';

const GONE = /was moved or removed: move it back, or restart/;
const REPLACED = /other files are in the place .*: put those back, or restart/;

/** `origin` tells one opening from others, as random ids do. */
function open(directory: string, origin = 1): Promise<SqliteStorage> {
  return openSqliteStorage({ directory, clock: new FakeClock(), ids: countingIds(origin), log: silentLog });
}

/** A store with one message, in a directory of its own beside a place to move things to. */
async function opened(context: TestContext) {
  const parent = temporaryDirectory(context);
  const directory = join(parent, 'data');
  const storage = await open(directory);
  context.after(() => storage.close());
  let number = 0;
  /** Appends a message and returns why that was refused, or null. */
  const append = async () => {
    const [result] = await storage.append([itemOf([posted(1, ++number)])]);
    if (result?.type === 'committed') return null;
    number--;
    assert.equal(result?.type, 'unavailable');
    return result.reason;
  };
  assert.equal(await append(), null);
  return { parent, directory, elsewhere: join(parent, 'elsewhere'), storage, append };
}

/** How many messages a directory has, as the next server would find them. */
async function messagesIn(directory: string): Promise<number> {
  const storage = await open(directory);
  const [position = 0] = await storage.positions([roomStream(1)]);
  await storage.checked;
  await storage.close();
  return position;
}

test('STORE-60 a directory that is moved away is noticed before the next answer, and works again when it is moved back', async (context) => {
  const { directory, elsewhere, storage, append } = await opened(context);
  for (let round = 0; round < 3; round++) {
    renameSync(directory, elsewhere);
    for (let tries = 0; tries < 3; tries++) assert.match((await append()) ?? '', GONE);
    assert.match((await storage.obstacle()) ?? '', GONE);
    assert.equal((await storage.page(1, null, 10)).messages.length, 1 + round);
    renameSync(elsewhere, directory);
    assert.equal(await storage.obstacle(), null);
    assert.equal(await append(), null);
  }
  await storage.close();
  assert.equal(await messagesIn(directory), 4);
});

test('STORE-60 an empty directory in its place is not used, and nothing is made in it', async (context) => {
  const { directory, elsewhere, storage, append } = await opened(context);
  renameSync(directory, elsewhere);
  mkdirSync(directory);
  assert.match((await append()) ?? '', GONE);
  await storage.close();
  assert.deepEqual(readdirSync(directory), []);
  assert.equal(await messagesIn(elsewhere), 1);
});

test('STORE-60 a directory that is emptied is noticed before the next answer', async (context) => {
  const { directory, storage, append } = await opened(context);
  for (const name of readdirSync(directory)) rmSync(join(directory, name));
  assert.match((await append()) ?? '', GONE);
  assert.match((await append()) ?? '', GONE);
  await storage.close();
  assert.deepEqual(readdirSync(directory), []);
});

test('STORE-60 STORE-64 files that are restored over those in use are noticed, and stay as they are', async (context) => {
  const { directory, elsewhere, storage, append } = await opened(context);
  cpSync(directory, elsewhere, { recursive: true });
  assert.equal(await append(), null);
  for (const name of readdirSync(directory)) rmSync(join(directory, name));
  cpSync(elsewhere, directory, { recursive: true });
  assert.match((await append()) ?? '', REPLACED);
  const before = contents(directory);
  await storage.close();
  assert.deepEqual(contents(directory), before);
  assert.equal(await messagesIn(directory), 1);
});

function contents(directory: string): string[] {
  const names = readdirSync(directory).filter((name) => name.startsWith('parlance.db'));
  return names.sort().map((name) => `${name} ${statSync(join(directory, name)).ino}`);
}

test('STORE-60 each single file that is removed or replaced is noticed', async (context) => {
  for (const name of ['parlance.db', 'parlance.db-wal', 'parlance.db-shm', 'lock.db']) {
    const { directory, elsewhere, storage, append } = await opened(context);
    const file = join(directory, name);
    renameSync(file, elsewhere);
    assert.match((await append()) ?? '', GONE, name);
    writeFileSync(file, '');
    assert.match((await append()) ?? '', REPLACED, name);
    renameSync(elsewhere, file);
    assert.equal(await append(), null, name);
    await storage.close();
    assert.equal(await messagesIn(directory), 2);
  }
});

test('STORE-60 a change is noticed also if it comes long after the last one, and the times of the directory are put back', async (context) => {
  const { directory, elsewhere, append } = await opened(context);
  await untilClockMoved(directory, append);
  const { atime, mtime } = statSync(directory);
  renameSync(join(directory, 'parlance.db-wal'), elsewhere);
  utimesSync(directory, atime, mtime);
  assert.match((await append()) ?? '', GONE);
});

/** Appends until the directory has not changed for so long that its time counts. */
async function untilClockMoved(directory: string, append: () => Promise<string | null>): Promise<void> {
  while (Date.now() - statSync(directory).ctimeMs < 1_500) assert.equal(await append(), null);
}

test('STORE-60 a link that leads to another directory is noticed, and works again when it leads back', async (context) => {
  const { parent, directory, elsewhere, storage } = await opened(context);
  await storage.close();
  renameSync(directory, join(parent, 'volume'));
  symlinkSync(join(parent, 'volume'), directory);
  cpSync(join(parent, 'volume'), elsewhere, { recursive: true });
  const linked = await open(directory);
  context.after(() => linked.close());
  const answer = async (position: number) => (await linked.append([itemOf([posted(1, position)])]))[0];
  assert.equal((await answer(2))?.type, 'committed');
  rmSync(directory);
  symlinkSync(elsewhere, directory);
  assert.match(JSON.stringify(await answer(3)), REPLACED);
  rmSync(directory);
  symlinkSync(join(parent, 'volume'), directory);
  assert.equal((await answer(3))?.type, 'committed');
});

/** Mounts an empty volume on a directory and returns the function that takes it away; null if that is not allowed. */
function mountVolume(directory: string): (() => void) | null {
  try {
    execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', directory], { stdio: 'ignore' });
    return () => execFileSync('umount', ['-l', directory]);
  } catch {
    return null;
  }
}

test('STORE-60 STORE-64 another volume in the same place is noticed and left alone, also where its files have the same numbers', async (context) => {
  const parent = temporaryDirectory(context);
  const directory = join(parent, 'data');
  mkdirSync(directory);
  const unmount = mountVolume(directory);
  if (unmount === null) return context.skip('only root can mount a volume');
  try {
    const storage = await open(directory);
    context.after(() => storage.close());
    assert.equal((await storage.append([itemOf([posted(1, 1)])]))[0]?.type, 'committed');
    const copy = join(parent, 'copy');
    const [original] = contents(directory);
    cpSync(directory, copy, { recursive: true });
    mountVolume(directory);
    try {
      // A new file system counts its files.
      const isSame = (name: string) => original === contents(directory).find((found) => found.startsWith(`${name} `));
      for (let others = 0; !isSame('parlance.db'); others++) {
        assert.ok(others < 100, 'the same number');
        rmSync(join(directory, 'parlance.db'), { force: true });
        cpSync(join(copy, 'parlance.db'), join(directory, 'parlance.db'));
      }
      for (const name of ['parlance.db-wal', 'parlance.db-shm', 'lock.db']) {
        cpSync(join(copy, name), join(directory, name));
      }
      const before = contents(directory);
      assert.match(JSON.stringify(await storage.append([itemOf([posted(1, 2)])])), REPLACED);
      await storage.close();
      assert.deepEqual(contents(directory), before);
      assert.equal(await messagesIn(directory), 1);
    } finally {
      unmount();
    }
    assert.equal(await messagesIn(directory), 1);
  } finally {
    unmount();
  }
});

test('STORE-61 when only the log was removed, everything that was acknowledged is in the database at once', async (context) => {
  const { directory, elsewhere, append } = await opened(context);
  for (let more = 0; more < 5; more++) assert.equal(await append(), null);
  rmSync(join(directory, 'parlance.db-wal'));
  assert.match((await append()) ?? '', GONE);
  // What a kill leaves.
  mkdirSync(elsewhere);
  cpSync(join(directory, 'parlance.db'), join(elsewhere, 'parlance.db'));
  assert.equal(await messagesIn(elsewhere), 6);
});

test('STORE-67 a backup that is copied over the open files is noticed, and stays as it was copied', async (context) => {
  const { directory, storage: first } = await opened(context);
  await first.close();
  const file = join(directory, 'parlance.db');
  const backup = readFileSync(file);
  const second = await open(directory, 2);
  assert.equal((await second.append([itemOf([posted(1, 2)])]))[0]?.type, 'committed');
  await second.close();
  const storage = await open(directory, 3);
  context.after(() => storage.close());
  const append = async (position: number) => JSON.stringify(await storage.append([itemOf([posted(1, position)])]));
  assert.match(await append(3), /committed/);
  utimesSync(file, 1, 1);
  assert.match(await append(4), /committed/, 'only the time is another');
  for (const bytes of [backup, Buffer.of()]) {
    writeFileSync(file, bytes);
    assert.match(await append(5), /another program has written into the database: stop the server, and restore/);
    assert.match((await storage.obstacle()) ?? '', /another program/);
  }
  writeFileSync(file, backup);
  await storage.close();
  assert.ok(readFileSync(file).equals(backup));
});

test('STORE-66 a directory that cannot be used is a sentence that says what to do', async (context) => {
  const parent = temporaryDirectory(context);
  const file = join(parent, 'file');
  writeFileSync(file, '');
  const refusals: [string, RegExp][] = [
    [
      file,
      /^the data directory .*file cannot be used \(EEXIST.*\)\. Move the file that is in the way, or choose another/,
    ],
    [join(file, 'below'), /below cannot be used \(ENOTDIR.*\)\. Move the file/],
    [join(parent, 'link'), /link cannot be used \(ENOENT.*\)\. Mount what its link leads to/],
  ];
  symlinkSync(join(parent, 'none'), join(parent, 'link'));
  mkdirSync(join(parent, 'odd', 'parlance.db'), { recursive: true });
  refusals.push([join(parent, 'odd'), /odd cannot be used \(EISDIR.*\)\. Move the directory that is in the place/]);
  mkdirSync(join(parent, 'broken'));
  writeFileSync(join(parent, 'broken', 'lock.db'), 'no database '.repeat(100));
  refusals.push([join(parent, 'broken'), /^the data directory .*broken cannot be used \(file is not a database\)\. /]);
  for (const [directory, words] of refusals) {
    await assert.rejects(open(directory), ({ message }: Error) => words.test(message), directory);
  }
});

test('STORE-65 a second process is kept out of a directory that was emptied, moved or replaced, and leaves nothing there', async (context) => {
  const { parent, directory, elsewhere, storage } = await opened(context);
  const inUse = new RegExp(`^the data directory .* is in use by process ${process.pid}\\.`);
  for (const name of readdirSync(directory)) rmSync(join(directory, name));
  await assert.rejects(open(directory), ({ message }: Error) => inUse.test(message));
  symlinkSync(directory, join(parent, 'link'));
  await assert.rejects(open(join(parent, 'link')), ({ message }: Error) => inUse.test(message));
  assert.deepEqual(readdirSync(directory), []);
  renameSync(directory, elsewhere);
  await assert.rejects(open(elsewhere), ({ message }: Error) => inUse.test(message));
  await assert.rejects(open(directory), ({ message }: Error) => inUse.test(message));
  assert.equal(existsSync(directory), false);
  mkdirSync(directory);
  await assert.rejects(open(directory), ({ message }: Error) => inUse.test(message));
  await storage.close();
  for (const path of [directory, elsewhere]) await (await open(path)).close();
});
