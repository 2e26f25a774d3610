import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { hash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { FakeClock } from '../../../testing/clock.ts';
import { temporaryDirectory } from '../../../testing/temporary.ts';
import { readTrace } from '../../../test/crash/strace.ts';
import { picturePath } from '../../core/model/picture.ts';
import { Pictures } from './pictures.ts';

const HOUR = 60 * 60 * 1_000;
const BYTES = Buffer.from('a picture');
const DIGEST = hash('sha256', BYTES);

function opened(t: TestContext) {
  const data = temporaryDirectory(t);
  const clock = new FakeClock();
  return { data, clock, directory: join(data, 'pictures'), pictures: new Pictures(data, clock) };
}

test('SERVER-183 a picture is a file that is named by its SHA-256 and that its owner only can read', async (t) => {
  const { data, directory, pictures } = opened(t);
  assert.deepEqual(readdirSync(data), []);
  assert.equal(await pictures.add(BYTES), DIGEST);
  assert.deepEqual(readdirSync(directory), [DIGEST]);
  assert.deepEqual(readFileSync(join(directory, DIGEST)), BYTES);
  assert.equal(statSync(directory).mode & 0o777, 0o700);
  assert.equal(statSync(join(directory, DIGEST)).mode & 0o777, 0o600);
  assert.deepEqual(await pictures.read(DIGEST), BYTES);
  assert.equal(await pictures.read('0'.repeat(64)), null);
});

test('SERVER-183 the same picture may be added at once and again, also after its file was lost', async (t) => {
  const { directory, pictures } = opened(t);
  const digests = await Promise.all(Array.from({ length: 8 }, () => pictures.add(BYTES)));
  assert.deepEqual(new Set(digests), new Set([DIGEST]));
  rmSync(join(directory, DIGEST));
  assert.equal(await pictures.add(BYTES), DIGEST);
  assert.deepEqual(readdirSync(directory), [DIGEST]);
});

test('SERVER-183 the file, its name and the name of its directory are synced before the answer', (t) => {
  if (spawnSync('strace', ['-V']).status !== 0) return t.skip('strace is not installed here');
  const data = temporaryDirectory(t);
  const trace = join(temporaryDirectory(t), 'trace');
  const child = fileURLToPath(new URL('./add.child.ts', import.meta.url));
  const strace = ['-f', '-y', '-e', 'trace=fsync,rename,write,pwrite64', '-o', trace, process.execPath, child, data];
  assert.equal(spawnSync('strace', strace).stdout.toString(), DIGEST);
  const calls = readTrace(readFileSync(trace, 'latin1'));
  const find = (name: string, text: RegExp) => calls.find((call) => call.name === name && text.test(call.text));
  const synced = find('fsync', /\/pictures\/new-[^>]*>/);
  const renamed = find('rename', new RegExp(`/pictures/${DIGEST}"`));
  const named = find('fsync', /\/pictures>/);
  const directory = find('fsync', new RegExp(`<${data}>`));
  const answered = find('write', new RegExp(`"${DIGEST.slice(0, 20)}`));
  assert.ok(synced && renamed && named && directory && answered);
  assert.ok(synced.ended < renamed.began && renamed.ended < named.began);
  assert.ok(named.ended < answered.began && directory.ended < answered.began);
});

test('SERVER-182 what cannot be stored is not known, and leaves nothing', async (t) => {
  const { data, directory, pictures } = opened(t);
  mkdirSync(join(directory, DIGEST), { recursive: true });
  await assert.rejects(pictures.add(BYTES), { code: 'EISDIR' });
  assert.deepEqual(readdirSync(directory), [DIGEST]);
  assert.equal(pictures.named(1, picturePath(1, DIGEST)), null);
  rmSync(data, { recursive: true });
  await assert.rejects(pictures.add(BYTES), { code: 'ENOENT' });
  mkdirSync(data);
});

test('SERVER-184 files that were never finished are removed at the start, and no others', async (t) => {
  const { data, clock, directory, pictures } = opened(t);
  await pictures.add(BYTES);
  writeFileSync(join(directory, 'new-1c5c9c52'), 'half a pic');
  writeFileSync(join(directory, 'README'), 'mine');
  const again = new Pictures(data, clock);
  assert.deepEqual(readdirSync(directory).toSorted(), [DIGEST, 'README'].toSorted());
  assert.equal(again.named(7, picturePath(7, DIGEST)), DIGEST);
});

test('SERVER-185 a picture without an account is deleted an hour after its upload', async (t) => {
  const { clock, directory, pictures } = opened(t);
  await pictures.add(BYTES);
  clock.advance(HOUR - 1);
  await pictures.sweep(new Set());
  assert.deepEqual(readdirSync(directory), [DIGEST]);
  clock.advance(1);
  await pictures.sweep(new Set());
  assert.deepEqual(readdirSync(directory), []);
  assert.equal(pictures.named(1, picturePath(1, DIGEST)), null);
});

test('SERVER-185 a second upload makes it young again, also for the next start', async (t) => {
  const { data, clock, directory, pictures } = opened(t);
  await pictures.add(BYTES);
  clock.advance(HOUR);
  await pictures.add(BYTES);
  await pictures.sweep(new Set());
  await new Pictures(data, clock).sweep(new Set());
  assert.deepEqual(readdirSync(directory), [DIGEST]);
});

test('SERVER-185 a picture that an account has stays, and for an hour after that', async (t) => {
  const { clock, directory, pictures } = opened(t);
  await pictures.add(BYTES);
  for (let hour = 0; hour < 3; hour++) {
    clock.advance(HOUR);
    await pictures.sweep(new Set([DIGEST, 'f'.repeat(64)]));
  }
  clock.advance(HOUR - 1);
  await pictures.sweep(new Set());
  assert.deepEqual(readdirSync(directory), [DIGEST]);
  clock.advance(1);
  await pictures.sweep(new Set());
  assert.deepEqual(readdirSync(directory), []);
});

test('SERVER-185 at the start the age of a file counts, and one from the future is new', async (t) => {
  const { data, clock, directory, pictures } = opened(t);
  const [young, old, future] = await Promise.all(['a', 'b', 'c'].map((text) => pictures.add(Buffer.from(text))));
  const setAge = (digest = '', age = 0) => {
    const seconds = (clock.now() - age) / 1_000;
    utimesSync(join(directory, digest), seconds, seconds);
  };
  setAge(young, HOUR - 1_000);
  setAge(old, HOUR + 1_000);
  setAge(future, -HOUR);
  await new Pictures(data, clock).sweep(new Set());
  assert.deepEqual(readdirSync(directory).toSorted(), [young, future].toSorted());
});

test('SERVER-185 a wall clock that jumps makes nothing old', async (t) => {
  const { clock, directory, pictures } = opened(t);
  await pictures.add(BYTES);
  clock.jump(24 * HOUR);
  await pictures.sweep(new Set());
  assert.deepEqual(readdirSync(directory), [DIGEST]);
});

test('SERVER-186 a person chooses a stored picture by the path with the own id, and it stays for an hour', async (t) => {
  const { clock, directory, pictures } = opened(t);
  await pictures.add(BYTES);
  const path = `users/7/${DIGEST.slice(0, 16)}`;
  for (const [person, other] of [
    [8, path],
    [7, 'users/7'],
    [7, `users/7/${DIGEST}`],
    [7, `/${path}`],
    [7, `users/7/${'0'.repeat(16)}`],
    [7, path.toUpperCase()],
  ] as const)
    assert.equal(pictures.named(person, other), null, other);
  clock.advance(HOUR);
  assert.equal(pictures.named(7, path), DIGEST);
  await pictures.sweep(new Set());
  assert.deepEqual(readdirSync(directory), [DIGEST]);
});
