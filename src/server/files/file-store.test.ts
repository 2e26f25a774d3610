import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { hash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readTrace } from '../../../test/crash/strace.ts';
import { FakeClock } from '../../../testing/clock.ts';
import { temporaryDirectory } from '../../../testing/temporary.ts';
import { FileStore } from './file-store.ts';

const HOUR = 60 * 60 * 1_000;
const DIGEST = hash('sha256', 'a file');

function opened(t: TestContext) {
  const data = temporaryDirectory(t);
  const clock = new FakeClock();
  const store = new FileStore(data, clock);
  const add = async (bytes: string) => {
    const file = await store.begin();
    await file.write(Buffer.from(bytes));
    return store.keep(file);
  };
  return { data, directory: join(data, 'files'), clock, store, add };
}

test('SERVER-267 the file, its name and the name of its directory are synced before the answer', (t) => {
  if (spawnSync('strace', ['-V']).status !== 0) return t.skip('strace is not installed here');
  const data = temporaryDirectory(t);
  const trace = join(temporaryDirectory(t), 'trace');
  const child = fileURLToPath(new URL('./add.child.ts', import.meta.url));
  const strace = ['-f', '-y', '-e', 'trace=fsync,rename,write,pwrite64', '-o', trace, process.execPath, child, data];
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

test('SERVER-266 files that were never finished are removed at the start, and no others', async (t) => {
  const { data, directory, clock, add } = opened(t);
  await add('a file');
  writeFileSync(join(directory, 'new-1c5c9c52'), 'half a fi');
  writeFileSync(join(directory, 'README'), 'mine');
  new FileStore(data, clock);
  assert.deepEqual(readdirSync(directory).toSorted(), [DIGEST, 'README'].toSorted());
});

test('SERVER-267 the data directory itself is never made', async (t) => {
  const clock = new FakeClock();
  const store = new FileStore(join(temporaryDirectory(t), 'gone'), clock);
  await assert.rejects(store.begin(), { code: 'ENOENT' });
  await store.sweep(async () => []);
});

test('SERVER-279 bytes that no file has had for an hour are deleted, and only these', async (t) => {
  const { directory, clock, store, add } = opened(t);
  for (const bytes of ['a file', 'named']) (await add(bytes)).release();
  writeFileSync(join(directory, 'README'), 'mine');
  const named = [hash('sha256', 'named')];
  const sweep = () => store.sweep(async (digests) => digests.filter((digest) => named.includes(digest)));
  await sweep();
  clock.advance(HOUR - 1);
  await sweep();
  assert.equal(readdirSync(directory).length, 3);
  clock.advance(1);
  await sweep();
  assert.deepEqual(readdirSync(directory).toSorted(), [...named, 'README'].toSorted());
});

test('SERVER-279 bytes that a file has again meanwhile have another hour', async (t) => {
  const { directory, clock, store, add } = opened(t);
  const names: string[] = [];
  const sweep = () => store.sweep(async () => names);
  (await add('a file')).release();
  await sweep();
  clock.advance(HOUR);
  names.push(DIGEST);
  await sweep();
  names.pop();
  await sweep();
  assert.ok(existsSync(join(directory, DIGEST)));
  clock.advance(HOUR);
  await sweep();
  assert.ok(!existsSync(join(directory, DIGEST)));
});

test('SERVER-279 bytes that are uploaded again while they are compared are not deleted', async (t) => {
  const { directory, clock, store, add } = opened(t);
  (await add('a file')).release();
  await store.sweep(async () => []);
  clock.advance(HOUR);
  const held: (() => void)[] = [];
  await store.sweep(async () => {
    held.push((await add('a file')).release);
    return [];
  });
  clock.advance(HOUR);
  await store.sweep(async () => []);
  assert.ok(existsSync(join(directory, DIGEST)), 'the upload is under way');
  for (const release of held) release();
  await store.sweep(async () => []);
  assert.ok(existsSync(join(directory, DIGEST)), 'an hour begins');
});

test('SERVER-279 a thousand files are compared a part at a time', async (t) => {
  const { directory, store } = opened(t);
  mkdirSync(directory);
  for (let count = 0; count < 1_100; count++) writeFileSync(join(directory, hash('sha256', `${count}`)), '');
  const asked: number[] = [];
  await store.sweep(async (digests) => {
    asked.push(digests.length);
    return digests;
  });
  assert.deepEqual(asked, [500, 500, 100]);
});
