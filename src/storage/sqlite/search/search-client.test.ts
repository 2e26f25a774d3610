import assert from 'node:assert/strict';
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { FakeClock } from '../../../../testing/clock.ts';
import { countingIds } from '../../../../testing/ids.ts';
import { deleted, itemOf, message, posted, resultTypes, searchFor } from '../../../../testing/storage/samples.ts';
import { temporaryDirectory } from '../../../../testing/temporary.ts';
import { silentLog } from '../../../../testing/world.ts';
import type { Found } from '../../../core/ports.ts';
import { openSqliteStorage } from '../open.ts';
import { MOST_WAITING, SearchClient, type SearchWorker } from './search-client.ts';

const nothing: Found = { accounts: [], rooms: [], messages: [] };
const search = searchFor('word', { rooms: [1] });

/** A client of a worker that answers when the test says so. */
function client() {
  const clock = new FakeClock();
  const asked: { readonly method: string; answer(value: unknown): void; fail(reason: string): void }[] = [];
  const warnings: string[] = [];
  let started = 0;
  let hasEnded = false;
  const worker: SearchWorker = {
    get hasEnded() {
      return hasEnded;
    },
    ask: ((method: string) =>
      new Promise<unknown>((resolve, reject) => {
        if (method === 'close') return resolve(undefined);
        asked.push({
          method,
          answer: (value) => resolve(value),
          fail: (reason) => reject(new Error(reason)),
        });
      })) as SearchWorker['ask'],
    close: () => Promise.resolve(),
  };
  const start = () => {
    started++;
    return worker;
  };
  const log = { ...silentLog, warn: (event: string) => void warnings.push(event) };
  const searches = new SearchClient(start, clock, log);
  const turn = () => new Promise(setImmediate);
  return {
    clock,
    asked,
    warnings,
    searches,
    turn,
    started: () => started,
    end: () => (hasEnded = true),
    advance: async (ms: number) => {
      clock.advance(ms);
      await turn();
    },
  };
}

test('STORE-130 what is appended is indexed a moment later, in steps with pauses, one at a time', async () => {
  const { asked, searches, advance, turn, started } = client();
  assert.deepEqual([started(), asked.length], [0, 0]);
  await advance(199);
  assert.equal(started(), 0);
  await advance(1);
  assert.deepEqual([started(), asked.map(({ method }) => method)], [1, ['step']]);
  for (let append = 0; append < 100; append++) searches.appended();
  await advance(10_000);
  assert.equal(asked.length, 1, 'the first step is not answered yet');
  asked[0]?.answer(true);
  await turn();
  await advance(4);
  assert.equal(asked.length, 1);
  await advance(1);
  assert.equal(asked.length, 2);
  asked[1]?.answer(false);
  await turn();
  await advance(60_000);
  assert.equal(asked.length, 2, 'nothing was appended since');
  searches.appended();
  searches.appended();
  await advance(200);
  assert.equal(asked.length, 3);
  searches.appended();
  asked[2]?.answer(false);
  await turn();
  await advance(200);
  assert.deepEqual([asked.length, started()], [4, 1]);
  await searches.close();
  asked[3]?.answer(true);
  await turn();
  await advance(60_000);
  assert.equal(asked.length, 4);
});

test('STORE-136 at most 32 searches wait at once', async () => {
  const { asked, searches } = client();
  const waiting = Array.from({ length: MOST_WAITING }, () => searches.search(search));
  assert.equal(await searches.search(search), null);
  assert.deepEqual([asked.length, MOST_WAITING], [32, 32]);
  asked[0]?.answer(nothing);
  assert.deepEqual(await waiting[0], nothing);
  asked[1]?.fail('broken');
  await assert.rejects(waiting[1] ?? Promise.resolve(), /broken/);
  void searches.search(search);
  void searches.search(search);
  assert.equal(asked.length, 34);
  assert.equal(await searches.search(search), null);
});

test('STORE-138 a step that fails is logged and tried again after 10 s; a dead worker is logged once', async () => {
  const { asked, searches, advance, turn, warnings, end } = client();
  await advance(200);
  asked[0]?.fail('disk full');
  await turn();
  searches.appended();
  await advance(9_999);
  assert.deepEqual([asked.length, warnings], [1, ['search-index-failed']]);
  await advance(1);
  assert.equal(asked.length, 2);
  end();
  asked[1]?.fail('the worker has ended');
  await turn();
  for (let append = 0; append < 3; append++) {
    searches.appended();
    await advance(60_000);
  }
  assert.deepEqual([asked.length, warnings.length], [2, 2]);
  await searches.close();
});

function openIn(context: TestContext, directory: string) {
  const clock = new FakeClock();
  const warnings: string[] = [];
  const log = { ...silentLog, warn: (event: string) => void warnings.push(event) };
  const opening = openSqliteStorage({ directory, clock, ids: countingIds(), log });
  context.after(async () => (await opening).close());
  return { opening, clock, warnings };
}

test('STORE-138 STORE-130 where the index cannot be written, searches reject and all else works', async (context) => {
  const directory = temporaryDirectory(context);
  mkdirSync(join(directory, 'search.db'), { recursive: true });
  const { opening } = openIn(context, directory);
  const storage = await opening;
  assert.deepEqual(resultTypes(await storage.append([itemOf([posted(1, 1)])])), ['committed']);
  await assert.rejects(storage.search(search), { name: 'StorageUnavailable' });
  assert.deepEqual(
    (await storage.page(1, null, 5)).messages.map(({ number }) => number),
    [1],
  );
  assert.deepEqual(resultTypes(await storage.append([itemOf([posted(1, 2)])])), ['committed']);
});

test('STORE-130 STORE-38 the index is a file of its own that only its owner can read, and is there again after a restart', async (context) => {
  const directory = temporaryDirectory(context);
  const first = await openIn(context, directory).opening;
  await first.append([itemOf([posted(1, 1, 'word one'), posted(1, 2, 'word two')])]);
  assert.equal((await first.search(search))?.messages.length, 2);
  for (const end of ['', '-wal', '-shm'])
    assert.equal(statSync(join(directory, `search.db${end}`)).mode & 0o777, 0o600);
  await first.close();
  const second = await openIn(context, directory).opening;
  await second.append([itemOf([deleted(message(1, 1, 1, 'word one'), 3)])]);
  assert.deepEqual(
    (await second.search(search))?.messages.map(({ number }) => number),
    [2],
  );
  await second.close();
  await assert.rejects(second.search(search), { name: 'StorageUnavailable' });
});
