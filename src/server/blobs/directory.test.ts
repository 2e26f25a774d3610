import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { hash } from 'node:crypto';
import { mkdirSync, promises, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { readTrace } from '../../../test/crash/strace.ts';
import { FakeClock } from '../../../testing/clock.ts';
import { type Cleanup, temporaryDirectory } from '../../../testing/temporary.ts';
import { blobsSuite } from '../../storage/blobs.suite.ts';
import { DirectoryBlobs } from './directory.ts';

const HOUR = 60 * 60 * 1_000;
const DIGEST = hash('sha256', 'a file');
const NOTHING = async () => [];

/** A directory of two nodes. */
function opened(cleanup: Cleanup) {
  const data = temporaryDirectory(cleanup);
  const clock = new FakeClock();
  const directory = join(data, 'files');
  const [one, other] = [new DirectoryBlobs(directory, clock), new DirectoryBlobs(directory, clock)];
  const add = async (bytes: string, blobs = one) => {
    const file = await blobs.begin();
    await file.write(Buffer.from(bytes));
    return file.keep();
  };
  return { data, directory, clock, one, other, add };
}

blobsSuite('directory', async () => {
  const ends: (() => Promise<void>)[] = [];
  const { data, directory, clock, one, other } = opened({ after: (run) => void ends.push(run) });
  const names = () =>
    [directory].flatMap((path) => (statSync(path, { throwIfNoEntry: false }) ? readdirSync(path) : []));
  return {
    one,
    other,
    otherKind: new DirectoryBlobs(join(data, 'pictures'), clock),
    hour: async () => clock.advance(HOUR),
    stored: async () => names().reduce((sum, name) => sum + statSync(join(directory, name)).size, 0),
    async close() {
      for (const end of ends) await end();
    },
  };
});

test('SERVER-183 SERVER-267 the file, its name and the name of its directory are synced before the answer', (t) => {
  if (spawnSync('strace', ['-V']).status !== 0) return t.skip('strace is not installed here');
  const data = temporaryDirectory(t);
  const trace = join(temporaryDirectory(t), 'trace');
  const child = fileURLToPath(new URL('./add.child.ts', import.meta.url));
  const strace = [
    '-f',
    '-y',
    '-e',
    'trace=fsync,rename,write,pwrite64',
    '-o',
    trace,
    process.execPath,
    child,
    join(data, 'files'),
  ];
  assert.equal(spawnSync('strace', strace).stdout.toString(), DIGEST);
  const calls = readTrace(readFileSync(trace, 'latin1'));
  const find = (name: string, text: RegExp) => calls.find((call) => call.name === name && text.test(call.text));
  const synced = find('fsync', /\/files\/new-[^>]*>/);
  const renamed = find('rename', new RegExp(`/files/${DIGEST}"`));
  const named = find('fsync', /\/files>/);
  const directory = find('fsync', new RegExp(`<${data}>`));
  const answered = find('write', new RegExp(`"${DIGEST.slice(0, 20)}`));
  assert.ok(synced && renamed && named && directory && answered);
  assert.ok(synced.ended < renamed.began && renamed.ended < named.began);
  assert.ok(named.ended < answered.began && directory.ended < answered.began);
});

test('SERVER-183 SERVER-267 only the owner can read what is stored, and equal bytes are there once', async (t) => {
  const { data, directory, add } = opened(t);
  assert.deepEqual(readdirSync(data), []);
  const digests = await Promise.all(Array.from({ length: 8 }, () => add('a file')));
  assert.deepEqual(new Set(digests), new Set([DIGEST]));
  assert.deepEqual(readdirSync(directory), [DIGEST]);
  assert.equal(readFileSync(join(directory, DIGEST), 'utf8'), 'a file');
  assert.equal(statSync(directory).mode & 0o777, 0o700);
  assert.equal(statSync(join(directory, DIGEST)).mode & 0o777, 0o600);
});

test('SERVER-182 SERVER-268 what cannot be stored leaves nothing', async (t) => {
  const { directory, one } = opened(t);
  mkdirSync(join(directory, DIGEST), { recursive: true });
  const file = await one.begin();
  await file.write(Buffer.from('a file'));
  await assert.rejects(file.keep(), { code: 'EISDIR' });
  await file.discard();
  assert.deepEqual(readdirSync(directory), [DIGEST]);
});

test('SERVER-184 SERVER-266 files that were never finished are removed at the start, and no others', async (t) => {
  const { directory, one, add } = opened(t);
  one.removeUnfinished();
  await add('a file');
  writeFileSync(join(directory, 'new-1c5c9c52'), 'half a fi');
  writeFileSync(join(directory, 'README'), 'mine');
  one.removeUnfinished();
  assert.deepEqual(readdirSync(directory).toSorted(), [DIGEST, 'README'].toSorted());
});

test('SERVER-267 the directory that it is in is never made', async (t) => {
  const { data } = opened(t);
  const blobs = new DirectoryBlobs(join(data, 'gone', 'files'), new FakeClock());
  await assert.rejects(blobs.begin(), { code: 'ENOENT' });
  await blobs.sweep(NOTHING);
  assert.equal(await blobs.hold(DIGEST), null);
});

test('SERVER-185 SERVER-279 what is no file of the store is left alone', async (t) => {
  const { directory, clock, one, add } = opened(t);
  await add('a file');
  writeFileSync(join(directory, 'README'), 'mine');
  for (let count = 0; count < 2; count++) {
    await one.sweep(NOTHING);
    clock.advance(HOUR - 1 + count);
    assert.equal(readdirSync(directory).length, 2);
  }
  clock.advance(1);
  await one.sweep(NOTHING);
  assert.deepEqual(readdirSync(directory), ['README']);
});

test('SERVER-320 SERVER-279 bytes that another node keeps at the moment of their deletion are put back', async (t) => {
  const { directory, clock, one, other, add } = opened(t);
  await add('a file');
  await one.sweep(NOTHING);
  clock.advance(HOUR);
  const { rename } = promises;
  let isReached = false;
  const mocked = t.mock.method(promises, 'rename', async (from: string, to: string) => {
    if (!isReached && to.includes('/old-')) {
      isReached = true;
      await add('a file', other);
    }
    await rename(from, to);
  });
  syncBuiltinESMExports();
  try {
    await one.sweep(NOTHING);
  } finally {
    mocked.mock.restore();
    syncBuiltinESMExports();
  }
  assert.ok(isReached);
  assert.deepEqual(readdirSync(directory), [DIGEST]);
  await one.sweep(NOTHING);
  clock.advance(HOUR - 1);
  await one.sweep(NOTHING);
  assert.deepEqual(readdirSync(directory), [DIGEST]);
  clock.advance(1);
  await one.sweep(NOTHING);
  assert.deepEqual(readdirSync(directory), []);
});

test('SERVER-320 what a node that was killed was about to delete is there again', async (t) => {
  const { directory, one, other, add } = opened(t);
  await add('a file');
  renameSync(join(directory, DIGEST), join(directory, `old-${DIGEST}-1c5c9c52`));
  assert.equal(await other.size(DIGEST), null);
  await Promise.all([one, other].map((blobs) => blobs.sweep(async () => [DIGEST])));
  assert.deepEqual(readdirSync(directory), [DIGEST]);
});

test('SERVER-320 SERVER-279 bytes that were kept before an old file of the same was put back have their hour', async (t) => {
  const { directory, clock, one, other, add } = opened(t);
  await add('a file');
  await one.sweep(NOTHING);
  clock.advance(HOUR);
  renameSync(join(directory, DIGEST), join(directory, `old-${DIGEST}-1c5c9c52`));
  await add('a file');
  await other.sweep(NOTHING);
  await one.sweep(NOTHING);
  assert.deepEqual(readdirSync(directory), [DIGEST]);
});

test('SERVER-321 a file that another node is writing stays; one that nobody wrote to for an hour is deleted', async (t) => {
  const { directory, clock, one, other } = opened(t);
  const [left, slow] = [await one.begin(), await one.begin()];
  for (const file of [left, slow]) await file.write(Buffer.from('a '));
  await other.sweep(NOTHING);
  clock.advance(HOUR - 1);
  await slow.write(Buffer.from('fi'));
  await other.sweep(NOTHING);
  assert.equal(readdirSync(directory).length, 2);
  clock.advance(1);
  await other.sweep(NOTHING);
  assert.equal(readdirSync(directory).length, 1);
  await slow.write(Buffer.from('le'));
  assert.equal(await slow.keep(), DIGEST);
  await left.discard();
});
