import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { FakeClock } from '../../../testing/clock.ts';
import { runParlance, startServerProcess } from '../../../testing/server.ts';
import { temporaryDirectory } from '../../../testing/temporary.ts';
import type { BlobKind, Blobs } from '../../storage/blobs.ts';
import { DirectoryBlobs } from './directory.ts';
import { openBlobs } from './open.ts';

const limits = { max_mebibytes: 1, person_mebibytes: 1 };

async function add(blobs: Blobs): Promise<void> {
  const blob = await blobs.begin();
  await blob.write(Buffer.from('a file'));
  await blob.keep();
}

test('SERVER-183 SERVER-267 SERVER-322 SERVER-323 a directory that is named counts, then the database, then the data directory', async (t) => {
  const [data, directory, elsewhere] = [temporaryDirectory(t), temporaryDirectory(t), temporaryDirectory(t)];
  const clock = new FakeClock();
  const beside = (kind: BlobKind) => new DirectoryBlobs(join(elsewhere, kind), clock);
  const contents = () => [data, directory, elsewhere].map((path) => readdirSync(path).toSorted());
  await add(openBlobs({ data, files: { ...limits, directory } }, beside, clock)('files'));
  await add(openBlobs({ data, files: { ...limits, directory } }, null, clock)('pictures'));
  assert.deepEqual(contents(), [[], ['files', 'pictures'], []]);
  await add(openBlobs({ data, files: limits }, beside, clock)('files'));
  assert.deepEqual(contents(), [[], ['files', 'pictures'], ['files']]);
  await add(openBlobs({ data, files: limits }, null, clock)('pictures'));
  assert.deepEqual(contents(), [['pictures'], ['files', 'pictures'], ['files']]);
});

test('SERVER-184 SERVER-266 SERVER-321 at the start unfinished files of the data directory are removed, those of a shared one are not', async (t) => {
  const [data, directory] = [temporaryDirectory(t), temporaryDirectory(t)];
  for (const parent of [data, directory]) {
    mkdirSync(join(parent, 'files'));
    writeFileSync(join(parent, 'files', 'new-1c5c9c52'), 'half a fi');
  }
  openBlobs({ data, files: limits }, null, new FakeClock())('files');
  openBlobs({ data, files: { ...limits, directory } }, null, new FakeClock())('files');
  assert.deepEqual(readdirSync(join(data, 'files')), []);
  assert.deepEqual(readdirSync(join(directory, 'files')), ['new-1c5c9c52']);
});

test('SERVER-322 a directory for files that is missing ends the start with a sentence', async (t) => {
  const data = temporaryDirectory(t);
  const serve = ['serve', '--port', '0', '--host', '127.0.0.1', '--data', data, '--files', join(data, 'gone')];
  const { code, stderr } = await runParlance(serve);
  assert.equal(code, 1);
  assert.match(stderr, /^parlance: the directory for files cannot be used \(ENOENT.*gone'\)\n$/);
  await startServerProcess(t, { args: ['--files', data] });
});
