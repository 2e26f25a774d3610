import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { seededRandom } from '../../../testing/random.ts';
import { roomStream } from '../../core/model/ids.ts';
import { readEverything } from '../../../testing/storage/history.ts';
import {
  deleted,
  itemOf,
  message,
  ofPerson,
  passwordSet,
  posted,
  markerItem,
  sessionItem,
} from '../../../testing/storage/samples.ts';
import { setUpReader, setUpWriter } from './database.ts';
import { CREATION, inProcess, unwatchedFiles } from '../../../testing/storage/sqlite.ts';
import { FREE_FLOOR_BYTES, WAL_LIMIT_BYTES, Writer } from './writer.ts';

const types = (answer: { readonly results: readonly { readonly type: string }[] }) =>
  answer.results.map(({ type }) => type);

test('STORE-30 a connection that is not durable is refused, for writing and for reading', () => {
  const withPragma = (journal: string, synchronous: number) => ({
    isOpen: true,
    exec() {},
    close() {},
    prepare: (sql: string) => ({
      run() {},
      all: () => [],
      get: () => (sql.includes('journal') ? { journal_mode: journal } : { synchronous }),
    }),
  });
  for (const setUp of [setUpWriter, setUpReader]) {
    setUp(withPragma('wal', 2));
    assert.throws(() => setUp(withPragma('wal', 1)), /synchronous 1/);
    assert.throws(() => setUp(withPragma('delete', 2)), /journal delete/);
  }
});

test('STORE-30 every connection syncs at each commit, also one made after a failure', (context) => {
  let failing = false;
  const { databases, writer, file } = inProcess(context, (_, what) => (failing && what === 'run' ? 'before' : null));
  writer.open(CREATION);
  failing = true;
  writer.append([itemOf([posted(1, 1)])], 0);
  failing = false;
  writer.append([itemOf([posted(1, 1)])], 0);
  assert.equal(databases.calls.filter((what) => what === 'connect').length, 2);
  assert.equal(databases.calls.filter((what) => what === 'PRAGMA synchronous = FULL').length, 2);
  const db = new DatabaseSync(file);
  setUpWriter(db);
  assert.deepEqual({ ...db.prepare('PRAGMA synchronous').get() }, { synchronous: 2 });
  assert.deepEqual({ ...db.prepare('PRAGMA wal_autocheckpoint').get() }, { wal_autocheckpoint: 0 });
  db.close();
});

test('STORE-31 a batch is one transaction; a batch that commits nothing writes nothing', (context) => {
  const { databases, writer } = inProcess(context);
  writer.open(CREATION);
  const transactions = () => databases.calls.splice(0).filter((what) => /^(BEGIN|COMMIT|ROLLBACK)/.test(what));
  transactions();
  const batch = [itemOf([posted(1, 1)]), itemOf([posted(2, 5)]), itemOf([posted(1, 2)])];
  assert.deepEqual(types(writer.append(batch, 0)), ['committed', 'conflict', 'committed']);
  assert.deepEqual(transactions(), ['BEGIN IMMEDIATE', 'COMMIT']);
  assert.deepEqual(types(writer.append([itemOf([posted(1, 1)])], 0)), ['conflict']);
  assert.deepEqual(transactions(), ['BEGIN IMMEDIATE', 'ROLLBACK']);
});

test('STORE-32 a full database refuses new items, can be read, and goes on when there is room', (context) => {
  let pages = 80;
  const { writer, reader } = inProcess(context, undefined, { pages: () => pages });
  writer.open(CREATION);
  const big = (number: number) => itemOf([posted(1, number, 'x'.repeat(10_000))]);
  let number = 1;
  while (types(writer.append([big(number)], 0))[0] === 'committed') number++;
  assert(number > 1 && number < 20);
  const full = { known: true, results: [{ type: 'unavailable', reason: 'database or disk is full' }] };
  assert.deepEqual(writer.append([big(number)], 0), full);
  assert.deepEqual(reader.positions([roomStream(1)]), [number - 1]);
  assert.equal(reader.check(), null);
  pages = 4_000;
  assert.deepEqual(types(writer.append([big(number)], 0)), ['committed']);
});

test('STORE-46 on a nearly full disk nothing is appended, and everything else goes on', (context) => {
  let free = FREE_FLOOR_BYTES;
  const { databases, writer, reader } = inProcess(context, undefined, { freeBytes: () => free });
  writer.open(CREATION);
  assert.deepEqual(types(writer.append([itemOf([posted(1, 1)])], 0)), ['committed']);
  free--;
  databases.calls.length = 0;
  const full = { known: true, results: [{ type: 'unavailable', reason: 'the disk is full: make room on it' }] };
  assert.deepEqual(writer.append([itemOf([posted(1, 2)])], 0), full);
  assert.deepEqual(databases.calls, []);
  assert.equal(reader.message('1-1')?.text, 'message 1');
  assert.equal(writer.tidy(0), false);
  free++;
  assert.deepEqual(types(writer.append([itemOf([posted(1, 2)])], 0)), ['committed']);
});

test('STORE-32 an item that violates a constraint makes its whole batch unavailable', (context) => {
  const { writer, reader } = inProcess(context);
  writer.open(CREATION);
  assert.deepEqual(types(writer.append([itemOf([posted(1, 1)])], 0)), ['committed']);
  const sameId = {
    ...posted(3, 1),
    body: { type: 'message-posted', message: { ...message(3, 1, 1, ''), id: '1-1' }, at: 1 },
  } as const;
  assert.deepEqual(types(writer.append([itemOf([posted(4, 1)]), itemOf([sameId])], 0)), ['unavailable', 'unavailable']);
  assert.deepEqual(reader.positions([roomStream(3), roomStream(4)]), [0, 0]);
});

test('STORE-33 after a failed COMMIT a new connection finds out whether the batch is there', (context) => {
  for (const when of ['before', 'after'] as const) {
    let failing = false;
    const { writer, reader } = inProcess(context, (_, what) => (failing && what === 'COMMIT' ? when : null));
    writer.open(CREATION);
    failing = true;
    const batch = [itemOf([posted(1, 1)]), itemOf([posted(1, 3)])];
    const answer = writer.append(batch, 0);
    assert.deepEqual([answer.known, types(answer)], [false, ['committed', 'conflict']]);
    failing = false;
    assert.equal(writer.resolveOutcome(), when === 'after');
    assert.deepEqual(reader.positions([roomStream(1)]), [when === 'after' ? 1 : 0]);
    assert.deepEqual(types(writer.append(batch, 0)), [when === 'after' ? 'conflict' : 'committed', 'conflict']);
  }
});

test('STORE-33 the log is checkpointed before a failed COMMIT counts as committed', (context) => {
  let failing = '';
  const { databases, walBytes, writer } = inProcess(context, (_, what) => (failing.includes(what) ? 'after' : null));
  writer.open(CREATION);
  failing = 'COMMIT';
  writer.append([itemOf([posted(1, 1)])], 0);
  failing = 'PRAGMA wal_checkpoint(TRUNCATE)';
  assert.equal(writer.resolveOutcome(), null);
  failing = '';
  databases.calls.length = 0;
  assert.equal(writer.resolveOutcome(), true);
  assert(databases.calls.includes('PRAGMA wal_checkpoint(TRUNCATE)'));
  assert.equal(walBytes(), 0);
});

test('STORE-33 if no checkpoint is possible, another commit replaces a failed one that is not there', (context) => {
  let failing: readonly string[] = [];
  const { writer, reader } = inProcess(context, (_, what) => (failing.includes(what) ? 'before' : null));
  writer.open(CREATION);
  failing = ['COMMIT', 'PRAGMA wal_checkpoint(TRUNCATE)'];
  writer.append([itemOf([posted(1, 1)])], 0);
  assert.equal(writer.resolveOutcome(), false);
  assert.deepEqual(reader.positions([roomStream(1)]), [0]);
});

test('STORE-34 while the outcome of a batch is unknown, the next ones are refused', (context) => {
  let failing: readonly string[] = [];
  const { writer } = inProcess(context, (_, what) => (failing.includes(what) ? 'before' : null));
  writer.open(CREATION);
  failing = ['COMMIT', 'connect'];
  assert.equal(writer.append([itemOf([posted(1, 1)])], 0).known, false);
  assert.equal(writer.resolveOutcome(), null);
  assert.deepEqual(types(writer.append([itemOf([posted(1, 1)])], 0)), ['unavailable']);
  failing = [];
  assert.deepEqual(types(writer.append([itemOf([posted(1, 1)])], 0)), ['unavailable']);
  assert.throws(() => writer.tidy(0));
  assert.equal(writer.resolveOutcome(), false);
  assert.deepEqual(types(writer.append([itemOf([posted(1, 1)])], 0)), ['committed']);
});

test('STORE-40 the log stays bounded when no quiet moment comes', (context) => {
  const { walBytes, writer } = inProcess(context);
  writer.open(CREATION);
  let number = 0;
  let most = 0;
  for (let batch = 0; batch < 60; batch++) {
    const items = Array.from({ length: 100 }, () => itemOf([posted(1, ++number, 'x'.repeat(16_384))]));
    assert.equal(types(writer.append(items, 0))[0], 'committed');
    most = Math.max(most, walBytes());
    writer.trim();
  }
  assert(most > WAL_LIMIT_BYTES, 'there was enough to checkpoint');
  assert(most < 1.5 * WAL_LIMIT_BYTES, `the log grew to ${most} bytes`);
});

test('STORE-40 in a quiet moment the log is copied to the database, and a failing disk is reported', (context) => {
  let failing = false;
  const { databases, writer } = inProcess(context, (_, what) =>
    failing && what.includes('PASSIVE') ? 'before' : null,
  );
  writer.open(CREATION);
  writer.append([itemOf([posted(1, 1)])], 0);
  databases.calls.length = 0;
  assert.equal(writer.tidy(0), false);
  assert(databases.calls.includes('PRAGMA wal_checkpoint(PASSIVE)'));
  failing = true;
  assert.throws(() => writer.tidy(0), /disk I\/O error/);
  assert.deepEqual(types(writer.append([itemOf([posted(1, 2)])], 0)), ['committed']);
});

test('STORE-42 expired results are deleted, a thousand at a time', (context) => {
  const { file, writer } = inProcess(context);
  writer.open(CREATION);
  const items = Array.from({ length: 1_500 }, (_, index) => {
    const once = { scope: 's', key: `${index}`, digest: '', result: '', expires: index < 1_200 ? 10 : 11 };
    return itemOf([posted(1, index + 1)], once);
  });
  writer.append(items, 0);
  const left = () => {
    const db = new DatabaseSync(file, { readOnly: true });
    const row = db.prepare('SELECT count(*) AS count FROM once').get();
    db.close();
    return row?.['count'];
  };
  assert.deepEqual([writer.tidy(9), left()], [false, 1_500]);
  assert.deepEqual([writer.tidy(10), left()], [true, 500]);
  assert.deepEqual([writer.tidy(10), left()], [false, 300]);
});

test('STORE-144 expired sessions are deleted with their subscriptions, a thousand at a time', (context) => {
  const { file, writer } = inProcess(context);
  writer.open(CREATION);
  const items = Array.from({ length: 1_500 }, (_, index) => {
    const expires = index < 1_200 ? 10 : 11;
    return sessionItem({ digest: `${index}`, person: 3, passwordPosition: 1, expires, documents: ['a', 'b'] });
  });
  writer.append(items, 0);
  const left = () => {
    const db = new DatabaseSync(file, { readOnly: true });
    const counts = ['session', 'subscription'].map(
      (table) => db.prepare(`SELECT count(*) AS count FROM ${table}`).get()?.['count'],
    );
    db.close();
    return counts;
  };
  assert.deepEqual([writer.tidy(9), left()], [false, [1_500, 3_000]]);
  assert.deepEqual([writer.tidy(10), left()], [true, [500, 1_000]]);
  assert.deepEqual([writer.tidy(10), left()], [false, [300, 600]]);
  assert.deepEqual([writer.tidy(11), left()], [false, [0, 0]]);
});

test('STORE-54 rows without entries are in the transaction of their batch, and fail with it', (context) => {
  let failing = '';
  const { databases, writer, reader } = inProcess(context, (_, what) => (what === failing ? 'before' : null));
  writer.open(CREATION);
  databases.calls.length = 0;
  const batch = [markerItem(3, [[1, 1]]), itemOf([posted(1, 1)])];
  assert.deepEqual(types(writer.append(batch, 0)), ['committed', 'committed']);
  assert.deepEqual(types(writer.append([markerItem(3, [[1, 2]])], 0)), ['committed']);
  const transactions = databases.calls.filter((what) => /^(BEGIN|COMMIT|ROLLBACK)/.test(what));
  assert.deepEqual(transactions, ['BEGIN IMMEDIATE', 'COMMIT', 'BEGIN IMMEDIATE', 'COMMIT']);
  failing = 'COMMIT';
  assert.equal(writer.append([markerItem(3, [[1, 3]])], 0).known, false);
  failing = '';
  assert.equal(writer.resolveOutcome(), false);
  assert.deepEqual(reader.deliveryMarkers(3), [[1, 2]]);
});

test('STORE-53 a replaced verifier is in no file after the database is closed, or opened again', async (context) => {
  const { file, writer, reader } = inProcess(context);
  writer.open(CREATION);
  const random = seededRandom(53);
  const people = Array.from({ length: 20 }, () => ({ position: 0, verifier: '', at: 0 }));
  const old: string[] = [];
  // Other rows come and go in between, so that pages are split, merged and reused.
  for (let change = 0; change < 600; change++) {
    const person = random.below(people.length);
    const { position, verifier, at } = people[person] ?? assert.fail('nobody');
    if (random.below(3) === 0) {
      const type = random.pick(['contact-added', 'contact-removed'] as const);
      const entry = ofPerson(person, position + 1, { type, person, other: random.below(50), at: 1 });
      people[person] = { position: position + 1, verifier, at };
      assert.deepEqual(types(writer.append([itemOf([entry])], 0)), ['committed']);
      continue;
    }
    const fresh = `$argon2id$${change}$`.padEnd(40 + random.below(300), `${change}/`);
    const entry = passwordSet(person, position + 1, fresh, at === 0 ? null : at);
    assert.deepEqual(types(writer.append([itemOf([entry])], 0)), ['committed']);
    if (at > 0) old.push(verifier);
    people[person] = { position: position + 1, verifier: fresh, at: position + 1 };
  }
  const left = () => {
    const bytes = readFileSync(file);
    return old.filter((verifier) => bytes.includes(verifier.slice(0, 20)));
  };
  assert.equal(reader.credential(1)?.verifier, people[1]?.verifier);
  reader.close();
  writer.close(true);
  assert.deepEqual([left(), old.length > 300, existsSync(`${file}-wal`)], [[], true, false]);
  const again = new Writer({
    connect: () => new DatabaseSync(file),
    walBytes: () => 0,
    freeBytes: () => 2 ** 40,
    files: unwatchedFiles,
  });
  again.open({ ...CREATION, opening: 'another' });
  assert.deepEqual(left(), []);
  again.close(true);
  assert.deepEqual(left(), []);
});

test('STORE-10 a deleted text is in no file after the database is closed', async (context) => {
  const { file, writer, reader } = inProcess(context);
  writer.open(CREATION);
  const secret = 'the words that were taken back';
  for (let number = 1; number < 30; number++) writer.append([itemOf([posted(1, number, `${secret} ${number}`)])], 0);
  reader.positions([]);
  for (let number = 1; number < 30; number++) {
    writer.append([itemOf([deleted(message(1, number, number, secret), 29 + number)])], 0);
  }
  assert(!JSON.stringify(await readEverything(reader)).includes(secret));
  reader.close();
  writer.close(true);
  assert(!readFileSync(file).includes(secret));
  assert(!existsSync(`${file}-wal`));
});
