import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { FakeClock } from '../../../testing/clock.ts';
import { seededRandom } from '../../../testing/random.ts';
import type { AppendItem, AppendResult } from '../../core/ports.ts';
import { MemoryStorage } from '../memory/storage.ts';
import { readEverything, randomHistory, ROUND_LENGTH } from '../../../testing/storage/history.ts';
import { itemOf, posted } from '../../../testing/storage/samples.ts';
import { Reader } from './reader.ts';
import { CREATION, FaultyDatabases, unwatchedFiles } from '../../../testing/storage/sqlite.ts';
import { temporaryDirectory } from '../../../testing/temporary.ts';
import { Writer } from './writer.ts';

/** The calls that fail: `length` of them, from the `first` on. */
type Fault = { readonly first: number; readonly length: number; readonly when: 'before' | 'after' };

const TRIES = 40;
const TABLES = 21;
/** The items of a batch: four batches have every kind, and with this seed also redactions. */
const BATCH = Math.ceil(ROUND_LENGTH / 4);

/** Batches with items of every kind. Each follows from the one before, except for one item that always conflicts. */
function script(): AppendItem[][] {
  const items = randomHistory(seededRandom(7), 4 * BATCH);
  const batches = Array.from({ length: 4 }, (_, index) => items.slice(BATCH * index, BATCH * (index + 1)));
  const changes = new Set(items.flatMap(({ rows }) => rows.map((row) => (row.op === 'put' ? row.table : row.op))));
  assert(
    changes.size === TABLES + 4,
    `not all tables, drops of one row, of all and of sessions, and redactions: ${[...changes].join()}`,
  );
  const once = { scope: 'person/7', key: 'key', digest: 'd', result: 'r', expires: 100 };
  batches[1]?.push({ ...itemOf([posted(3, 1), posted(4, 1)]), once });
  batches[2]?.push(itemOf([posted(3, 1, 'too late')]));
  return batches;
}

/** Runs the script on a failing database and reads everything after every answer; returns whether the fault happened. */
async function run(file: string, fault: Fault, withReader: boolean): Promise<boolean> {
  const { first, length, when } = fault;
  const databases = new FaultyDatabases(file, (call) => (call >= first && call < first + length ? when : null));
  const writer = new Writer({
    connect: () => databases.connect(),
    walBytes: () => 2 ** 40,
    freeBytes: () => 2 ** 40,
    files: unwatchedFiles,
  });
  const reader = new Reader(() => new DatabaseSync(file, { readOnly: true }));
  const model = new MemoryStorage(new FakeClock());
  const compare = async (what: string) => {
    assert.deepEqual(
      await readEverything(reader),
      await readEverything(model),
      `${what} with ${JSON.stringify(fault)}`,
    );
    if (!withReader) reader.close();
  };

  untilItWorks(() => writer.open(CREATION));
  for (const batch of script()) {
    for (let tries = 0; ; tries++) {
      assert(tries < TRIES, `never committed with ${JSON.stringify(fault)}`);
      const results = appended(writer, batch);
      if (results.some(({ type }) => type === 'unavailable')) {
        assert(results.every(({ type }) => type === 'unavailable'));
        await compare('refused but there');
        continue;
      }
      const conflicts = results.filter(({ type }) => type !== 'committed');
      assert.deepEqual(
        conflicts.map(({ type }) => type),
        batch.length > BATCH && results.at(-1)?.type === 'conflict' ? ['conflict'] : [],
      );
      await model.append(batch);
      await compare('committed but not there');
      break;
    }
    writer.trim();
    try {
      writer.tidy(50);
    } catch {}
  }
  writer.close(true);
  databases.end();
  reader.close();
  const again = new Writer({
    connect: () => new DatabaseSync(file),
    walBytes: () => 0,
    freeBytes: () => 2 ** 40,
    files: unwatchedFiles,
  });
  again.open({ ...CREATION, opening: 'another' });
  await compare('lost by reopening');
  reader.close();
  again.close(true);
  return databases.calls.length >= first;
}

function appended(writer: Writer, batch: readonly AppendItem[]): readonly AppendResult[] {
  const { known, results } = writer.append(batch, 50);
  if (known) return results;
  const isCommitted = untilItWorks(() => writer.resolveOutcome() ?? assert.fail('not settled'));
  return isCommitted ? results : batch.map(() => ({ type: 'unavailable', reason: 'settled' }));
}

function untilItWorks<T>(action: () => T): T {
  for (let tries = 1; ; tries++) {
    try {
      return action();
    } catch (error) {
      if (tries === TRIES) throw error;
    }
  }
}

async function everyCall(
  context: TestContext,
  when: Fault['when'],
  length: number,
  withReader: boolean,
): Promise<void> {
  const directory = temporaryDirectory(context, 'memory');
  let first = 1;
  while (await run(join(directory, `${first}.db`), { first, length, when }, withReader)) first++;
  assert(first > 100, `only ${first} calls`);
}

for (const withReader of [true, false]) {
  for (const when of ['before', 'after'] as const) {
    for (const length of [1, 6]) {
      const title = `${length} calls fail ${when} their effect, ${withReader ? 'with' : 'without'} a reader: committed items are there, refused ones are not`;
      test(`STORE-32 STORE-33 ${title}`, (context) => everyCall(context, when, length, withReader));
    }
  }
}
