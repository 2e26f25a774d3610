import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import test from 'node:test';
import { waitForIo } from '../../../testing/condition.ts';
import { openTestFiles } from '../../../testing/files.ts';

const MINUTE = 60 * 1_000;

test('SERVER-278 SERVER-279 a file that no message names ends after an hour, and its bytes an hour later', async (t) => {
  const files = await openTestFiles(t);
  const { app, request, uploaded, post, directory } = files;
  const [sent, unsent] = [await uploaded('sent'), await uploaded('unsent')];
  await post(sent.address);
  t.after(files.sweep());
  const status = async ({ address }: typeof sent) => (await request('GET', address)).status;
  const pass = async (minutes: number) => {
    for (let left = minutes; left > 0; left -= 10) {
      app.clock.advance(10 * MINUTE);
      await waitForIo();
    }
  };
  await pass(50);
  assert.equal(await status(unsent), 200);
  await pass(10);
  while ((await status(unsent)) !== 404) await waitForIo();
  assert.equal(await status(sent), 200);
  assert.equal(await app.storage.fileBytes(files.alice), 4);
  await assert.rejects(post(unsent.address));
  assert.equal(readdirSync(directory).length, 2);
  await pass(10);
  while (readdirSync(directory).length > 1) await pass(10);
  await pass(60);
  assert.equal(await status(sent), 200);
});

test('SERVER-278 a clock that jumps ahead ends no file early', async (t) => {
  const files = await openTestFiles(t);
  const { address } = await files.uploaded('words');
  t.after(files.sweep());
  await waitForIo();
  files.app.clock.jump(100 * 60 * MINUTE);
  files.app.clock.advance(10 * MINUTE);
  await waitForIo();
  assert.equal((await files.request('GET', address)).status, 200);
});

test('SERVER-279 while storage cannot be read nothing is deleted, and that is tried again', async (t) => {
  const files = await openTestFiles(t);
  const { app, port, directory } = files;
  await files.uploaded('words');
  const { namedDigests, uploadsBefore } = app.storage;
  app.storage.uploadsBefore = () => Promise.reject(new Error('unavailable'));
  app.storage.namedDigests = () => Promise.reject(new Error('unavailable'));
  const stop = files.sweep();
  for (let count = 0; count < 20; count++) {
    await waitForIo();
    app.clock.advance(10 * MINUTE);
  }
  assert.deepEqual([...new Set(port.logged.map(({ event }) => event))], ['file-sweep-failed']);
  assert.equal(readdirSync(directory).length, 1);
  Object.assign(app.storage, { namedDigests, uploadsBefore });
  while (readdirSync(directory).length > 0) {
    await waitForIo();
    app.clock.advance(10 * MINUTE);
  }
  stop();
});
