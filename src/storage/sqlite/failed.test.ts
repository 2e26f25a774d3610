import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { directoryStream } from '../../core/ids.ts';
import { itemOf, posted } from '../samples.ts';
import { Channel } from './channel.ts';
import { silentLog } from './samples.ts';
import { WorkerStorage } from './storage.ts';
import type { ReaderMethods, WriterMethods } from './worker.ts';

/** A worker that answers by a script: the body of a function of a method's name and the number of questions before this one. */
function scripted<M extends ReaderMethods | WriterMethods>(body: string): Channel<M> {
  const code = `
    const { parentPort } = require('node:worker_threads');
    let count = 0;
    const answer = (method, count) => { ${body} };
    parentPort.on('message', (text) => {
      const { id, method } = JSON.parse(text);
      parentPort.postMessage(JSON.stringify({ id, ok: true, value: answer(method, count++) }));
    });`;
  return new Channel<M>(new Worker(code, { eval: true }));
}

function storageOn(context: TestContext, writer: string, reader: string) {
  const pauses: number[] = [];
  const clock = {
    now: () => 0,
    after(ms: number, run: () => void) {
      // What waits for a quiet moment waits for good; what waits to ask again does so at once.
      if (ms === 200) return () => {};
      pauses.push(ms);
      queueMicrotask(run);
      return () => {};
    },
  };
  const released: string[] = [];
  const storage = new WorkerStorage({
    writer: scripted<WriterMethods>(writer),
    reader: scripted<ReaderMethods>(reader),
    opened: { serverId: 1, identity: 'x', clean: true },
    checker: { checked: Promise.resolve('clean'), close: () => Promise.resolve() },
    clock,
    log: silentLog,
    release: () => released.push('released'),
  });
  context.after(() => storage.close());
  return { storage, pauses, released };
}

const BATCH = [itemOf([posted(1, 1)])];

test('STORE-44 a writer that dies is reported; what it had not answered stays open, all else is unavailable', async (context) => {
  const { storage, released } = storageOn(context, `process.exit(3)`, 'return []');
  let answered = false;
  void storage.append(BATCH).then(() => (answered = true));
  assert.match((await storage.failed).message, /ended \(3\)/);
  assert.deepEqual((await storage.append(BATCH))[0]?.type, 'unavailable');
  await assert.rejects(storage.heads([]), { name: 'StorageUnavailable' });
  await storage.close();
  assert.deepEqual(released, ['released']);
  assert.equal(answered, false);
});

test('STORE-44 a reader that dies is reported; reads reject and appends are unavailable', async (context) => {
  const { storage } = storageOn(context, 'return null', `throw new Error('broken')`);
  const read = assert.rejects(storage.load(directoryStream), { name: 'StorageUnavailable', message: 'broken' });
  assert.match((await storage.failed).message, /broken/);
  await read;
  await assert.rejects(storage.page(1, null, 1), { name: 'StorageUnavailable' });
  assert.deepEqual((await storage.append(BATCH))[0]?.type, 'unavailable');
});

test('STORE-44 an end that was asked for is no failure', async (context) => {
  const { storage } = storageOn(context, 'return null', 'return null');
  let failed = false;
  void storage.failed.then(() => (failed = true));
  await storage.close();
  assert.equal(failed, false);
});

test('STORE-34 an unknown outcome is asked for until it is known, with growing pauses', async (context) => {
  const unknown = `{ known: false, results: [{ type: 'committed' }] }`;
  const writer = (landed: boolean) =>
    `return method === 'append' ? ${unknown} : method === 'settle' && count > 9 ? ${landed} : null`;
  const there = storageOn(context, writer(true), 'return null');
  assert.deepEqual(await there.storage.append(BATCH), [{ type: 'committed' }]);
  assert.deepEqual(there.pauses, [10, 20, 40, 80, 160, 320, 640, 1_000, 1_000]);
  const lost = storageOn(context, writer(false), 'return null');
  assert.deepEqual((await lost.storage.append(BATCH))[0]?.type, 'unavailable');
});
