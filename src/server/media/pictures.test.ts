import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { FakeClock } from '../../../testing/clock.ts';
import { temporaryDirectory } from '../../../testing/temporary.ts';
import { picturePath } from '../../core/model/picture.ts';
import { DirectoryBlobs } from '../blobs/directory.ts';
import { Pictures } from './pictures.ts';

const HOUR = 60 * 60 * 1_000;
const BYTES = Buffer.from('a picture');
const DIGEST = hash('sha256', BYTES);
const NOTHING = async () => [];

/** The pictures of two nodes in one directory. */
function opened(t: TestContext) {
  const data = temporaryDirectory(t);
  const clock = new FakeClock();
  const directory = join(data, 'pictures');
  const [blobs, others] = [new DirectoryBlobs(directory, clock), new DirectoryBlobs(directory, clock)];
  return { data, clock, directory, blobs, pictures: new Pictures(blobs), elsewhere: new Pictures(others) };
}

test('SERVER-183 a picture is named by its SHA-256, and may be added again, also after its file was lost', async (t) => {
  const { directory, pictures } = opened(t);
  assert.equal(await pictures.add(BYTES), DIGEST);
  assert.deepEqual(await pictures.read(DIGEST), BYTES);
  assert.equal(await pictures.read('0'.repeat(64)), null);
  rmSync(join(directory, DIGEST));
  assert.equal(await pictures.add(BYTES), DIGEST);
  assert.deepEqual(readdirSync(directory), [DIGEST]);
});

test('SERVER-182 what cannot be stored is not known, and leaves nothing', async (t) => {
  const { data, directory, pictures } = opened(t);
  rmSync(data, { recursive: true });
  await assert.rejects(pictures.add(BYTES), { code: 'ENOENT' });
  assert.equal(await pictures.named(1, picturePath(1, DIGEST)), null);
  assert.ok(!existsSync(directory));
});

test('SERVER-185 a picture without an account is deleted an hour after it was first seen so', async (t) => {
  const { clock, directory, blobs, pictures } = opened(t);
  await pictures.add(BYTES);
  await blobs.sweep(NOTHING);
  clock.advance(HOUR - 1);
  await blobs.sweep(NOTHING);
  assert.deepEqual(readdirSync(directory), [DIGEST]);
  clock.advance(1);
  await blobs.sweep(NOTHING);
  assert.deepEqual(readdirSync(directory), []);
  assert.equal(await pictures.named(1, picturePath(1, DIGEST)), null);
});

test('SERVER-185 a wall clock that jumps makes nothing old', async (t) => {
  const { clock, directory, blobs, pictures } = opened(t);
  await pictures.add(BYTES);
  await blobs.sweep(NOTHING);
  clock.jump(24 * HOUR);
  await blobs.sweep(NOTHING);
  assert.deepEqual(readdirSync(directory), [DIGEST]);
});

test('SERVER-186 SERVER-325 a person chooses a picture by the path with the own id on any node, and it stays for an hour', async (t) => {
  const { clock, directory, blobs, pictures, elsewhere } = opened(t);
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
    assert.equal(await pictures.named(person, other), null, other);
  await blobs.sweep(NOTHING);
  clock.advance(HOUR);
  assert.equal(await elsewhere.named(7, path), DIGEST);
  assert.deepEqual(await elsewhere.read(DIGEST), BYTES);
  await blobs.sweep(NOTHING);
  assert.deepEqual(readdirSync(directory), [DIGEST]);
});
