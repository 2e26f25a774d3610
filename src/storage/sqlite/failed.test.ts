import assert from 'node:assert/strict';
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { FakeClock } from '../../../testing/clock.ts';
import { countingIds } from '../../../testing/ids.ts';
import { temporaryDirectory } from '../../../testing/temporary.ts';
import { directoryStream } from '../../core/model/ids.ts';
import { itemOf, posted } from '../../../testing/storage/samples.ts';
import { CREATION, inProcess, unwatchedFiles } from '../../../testing/storage/sqlite.ts';
import { Channel } from './channel.ts';
import { openSqliteStorage } from './open.ts';
import { Reader } from './reader.ts';
import { silentLog } from '../../../testing/world.ts';
import { type SqliteStorage, WorkerStorage } from './storage.ts';
import type { ReaderMethods, WriterMethods } from './worker.ts';
import { Writer } from './writer.ts';

/**
 * A worker that answers by a script: the body of a function of the method's name and the number of earlier calls. An error
 * that it returns is one that a method threw; one that it throws ends the worker.
 */
function scripted<M extends ReaderMethods | WriterMethods>(body: string): Channel<M> {
  const code = `
    const { parentPort } = require('node:worker_threads');
    let count = 0;
    const answer = (method, count) => { ${body} };
    parentPort.on('message', (text) => {
      const { id, method } = JSON.parse(text);
      const value = answer(method, count++);
      const reply = value instanceof Error ? { id, ok: false, reason: value.message } : { id, ok: true, value };
      parentPort.postMessage(JSON.stringify(reply));
    });`;
  return new Channel<M>(new Worker(code, { eval: true }));
}

function storageOn(context: TestContext, scripts: { writer: string; reader?: string }) {
  const clock = new FakeClock();
  const released: string[] = [];
  const writer = scripted<WriterMethods>(scripts.writer);
  const storage = new WorkerStorage({
    writer,
    reader: scripted<ReaderMethods>(scripts.reader ?? 'return null'),
    searches: { appended: () => {}, search: () => Promise.resolve(null), close: () => Promise.resolve() },
    opened: { serverId: 1, identity: 'x', clean: true },
    checker: { checked: Promise.resolve('clean'), close: () => Promise.resolve() },
    clock,
    log: silentLog,
    release: () => released.push('released'),
  });
  context.after(() => storage.close());
  /** Resolves when the writer has answered all calls, and those that were made upon the answers. */
  const answered = async () => {
    await writer.ask('close', false);
    await writer.ask('close', false);
  };
  return { storage, clock, released, answered };
}

const BATCH = [itemOf([posted(1, 1)])];

test('STORE-44 a dead writer is reported; its unanswered batches stay so, and new ones are unavailable', async (context) => {
  const { storage, released } = storageOn(context, { writer: 'process.exit(3)' });
  let answered = false;
  void storage.append(BATCH).then(() => (answered = true));
  assert.match((await storage.failed).message, /ended \(3\)/);
  assert.equal((await storage.append(BATCH))[0]?.type, 'unavailable');
  await assert.rejects(storage.positions([]), { name: 'StorageUnavailable' });
  await storage.close();
  assert.deepEqual(released, ['released']);
  assert.equal(answered, false);
});

test('STORE-44 a dead reader is reported; reads reject and appends are unavailable', async (context) => {
  const { storage } = storageOn(context, { writer: 'return null', reader: `throw new Error('broken')` });
  const read = assert.rejects(storage.load(directoryStream), { name: 'StorageUnavailable', message: 'broken' });
  assert.match((await storage.failed).message, /broken/);
  await read;
  await assert.rejects(storage.page(1, null, 1), { name: 'StorageUnavailable' });
  assert.equal((await storage.append(BATCH))[0]?.type, 'unavailable');
});

test('STORE-63 what cannot be passed to the writer is refused, and the next batch is written', async (context) => {
  const { storage } = storageOn(context, { writer: `return { known: true, results: [{ type: 'committed' }] }` });
  const circular: { self?: unknown } = {};
  circular.self = circular;
  const [refused] = await storage.append([{ writes: [], rows: [circular as never] }]);
  assert.match(refused?.type === 'unavailable' ? refused.reason : '', /circular/);
  assert.equal((await storage.append(BATCH))[0]?.type, 'committed');
  await assert.rejects(storage.positions(circular as never), { name: 'StorageUnavailable' });
});

test('STORE-63 what throws in a worker that lives is refused', async (context) => {
  const script = `return new Error('it threw')`;
  const { storage } = storageOn(context, { writer: script, reader: script });
  assert.deepEqual(await storage.append(BATCH), [{ type: 'unavailable', reason: 'it threw' }]);
  await assert.rejects(storage.token('digest'), { name: 'StorageUnavailable', message: 'it threw' });
  assert.equal(await storage.obstacle(), 'it threw');
});

test('STORE-62 errors of the system at the free space and the size of the log are refusals, and leave the writer working', (context) => {
  let broken = false;
  const fail = () => {
    if (broken) throw Object.assign(new Error('statfs failed'), { code: 'EIO' });
  };
  const freeBytes = () => {
    fail();
    return 2 ** 40;
  };
  const walBytes = () => {
    fail();
    return 0;
  };
  const { file } = inProcess(context);
  const connect = () => new DatabaseSync(file);
  const writer = new Writer({ connect, walBytes, freeBytes, files: unwatchedFiles });
  writer.open(CREATION);
  broken = true;
  const reason = 'the free space of the disk cannot be read (EIO)';
  assert.deepEqual(writer.append(BATCH, 0), { known: true, results: [{ type: 'unavailable', reason }] });
  assert.equal(writer.obstacle(), reason);
  writer.trim();
  broken = false;
  assert.equal(writer.obstacle(), null);
  assert.deepEqual(writer.append(BATCH, 0), { known: true, results: [{ type: 'committed' }] });
  writer.close(true);
});

test('STORE-68 only damage that SQLite finds is damage; a check that cannot be made throws', () => {
  const failing = (errcode: number) =>
    new Reader(() => {
      throw Object.assign(new Error(`code ${errcode}`), { errcode });
    });
  const [corrupt, corruptIndex, noDatabase] = [11, 779, 26];
  for (const code of [corrupt, corruptIndex, noDatabase]) assert.equal(failing(code).check(), `code ${code}`);
  const [busy, inputOutput, readError, cannotOpen] = [5, 10, 266, 14];
  for (const code of [busy, inputOutput, readError, cannotOpen]) assert.throws(() => failing(code).check(), /code/);
  const moved = new Reader(() => {
    throw new Error('moved');
  });
  assert.throws(() => moved.check(), /moved/);
});

test('STORE-68 where the check cannot be made, the store works, and the next start checks', async (context) => {
  const directory = temporaryDirectory(context);
  const told: string[] = [];
  const log = { ...silentLog, warn: (event: string) => told.push(event) };
  const open = () => openSqliteStorage({ directory, clock: new FakeClock(), ids: countingIds(), log });
  await (await open()).close();
  const moved = join(directory, 'moved');
  const file = join(directory, 'parlance.db');
  const openUnclean = () => {
    const database = new DatabaseSync(file);
    database.exec('UPDATE meta SET clean = 0');
    database.close();
    return open();
  };
  /** Moves the file away before the checker's thread has started; on a busy machine that may need another try. */
  const openUnchecked = async (): Promise<SqliteStorage> => {
    const storage = await openUnclean();
    renameSync(file, moved);
    const outcome = await storage.checked;
    renameSync(moved, file);
    if (outcome === 'unchecked') return storage;
    await storage.close();
    return openUnchecked();
  };
  const storage = await openUnchecked();
  assert.deepEqual(told, ['storage-check-failed']);
  assert.equal((await storage.append(BATCH))[0]?.type, 'committed');
  await storage.close();
  const again = await open();
  assert.equal(await again.checked, 'checked');
  await again.close();
});

test('STORE-44 closing is no failure', async (context) => {
  const { storage } = storageOn(context, { writer: 'return null' });
  let failed = false;
  void storage.failed.then(() => (failed = true));
  await storage.close();
  assert.equal(failed, false);
});

test('STORE-34 the store asks for an unknown outcome until it is known, with growing pauses', async (context) => {
  const pauses = [10, 20, 40, 80, 160, 320, 640, 1_000, 1_000];
  for (const isCommitted of [true, false]) {
    const writer = `
      if (method === 'append') return { known: false, results: [{ type: 'committed' }] };
      if (method === 'resolveOutcome') globalThis.questions = (globalThis.questions ?? 0) + 1;
      return globalThis.questions > ${pauses.length} ? ${isCommitted} : null;`;
    const { storage, clock, answered } = storageOn(context, { writer });
    const result = storage.append(BATCH);
    for (const pause of pauses) {
      await answered();
      clock.advance(pause - 1);
      assert.equal(clock.timers, 1, `${pause} ms`);
      clock.advance(1);
      assert.equal(clock.timers, 0, `${pause} ms`);
    }
    assert.equal((await result)[0]?.type, isCommitted ? 'committed' : 'unavailable');
  }
});

test('STORE-40 STORE-42 the writer tidies up after a pause, and again while there is more to do', async (context) => {
  const writer = `return method === 'append' ? { known: true, results: [] } : method === 'tidy' && count < 3`;
  const { storage, clock, answered } = storageOn(context, { writer });
  const first = storage.append([]).then(() => clock.timers);
  const second = storage.append([]).then(() => clock.timers);
  assert.deepEqual([clock.timers, await first, await second], [0, 0, 1], 'not while a batch is written');
  for (const more of [1, 0]) {
    clock.advance(199);
    assert.equal(clock.timers, 1);
    clock.advance(1);
    assert.equal(clock.timers, 0);
    await answered();
    assert.equal(clock.timers, more);
  }
  await storage.close();
  assert.equal(clock.timers, 0);
});
