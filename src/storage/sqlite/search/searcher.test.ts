import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { seededRandom } from '../../../../testing/random.ts';
import {
  deleted,
  edited,
  inDirectory,
  inRoom,
  itemOf,
  message,
  posted,
  resultTypes,
  searchFor,
} from '../../../../testing/storage/samples.ts';
import { CREATION, FaultyDatabases, inProcess, searcherHost } from '../../../../testing/storage/sqlite.ts';
import type { Entry } from '../../../core/model/entries.ts';
import type { Message } from '../../../core/model/message.ts';
import type { Database, Statement } from '../database.ts';
import { Searcher, type SearcherHost } from './searcher.ts';

const ROOM = 1;
const ROOMS = { rooms: [ROOM], limit: 200 };

function open(context: TestContext) {
  const parts = inProcess(context);
  parts.writer.open(CREATION);
  const append = (...entries: Entry[]) =>
    assert.deepEqual(new Set(resultTypes(parts.writer.append([itemOf(entries)], 0).results)), new Set(['committed']));
  const index = join(dirname(parts.file), 'search.db');
  return { ...parts, append, index };
}

/** Another searcher of the same files, as after a restart. */
function restarted(context: TestContext, file: string, more: Partial<SearcherHost> = {}): Searcher {
  const searcher = new Searcher({ ...searcherHost(file), ...more });
  context.after(() => searcher.close());
  return searcher;
}

function entryOf(posted: Message): Entry {
  return inRoom(ROOM, posted.position, { type: 'message-posted', message: posted, at: 1 });
}

function numbers(searcher: Searcher, text: string): readonly number[] | null {
  return searcher.search(searchFor(text, ROOMS))?.messages.map(({ number }) => number) ?? null;
}

function finish(searcher: Searcher): number {
  let steps = 1;
  while (searcher.step()) steps++;
  return steps;
}

/** What of a text is in the files of an index. */
function remains(index: string, text: string): boolean {
  return ['', '-wal'].some((end) => existsSync(index + end) && readFileSync(index + end).includes(text));
}

test('STORE-131 the index goes on from where it was, and indexes nothing twice', (context) => {
  const { append, searcher, file } = open(context);
  append(posted(ROOM, 1, 'word one'), posted(ROOM, 2, 'word two'));
  assert.deepEqual(numbers(searcher, 'word'), [2, 1]);
  searcher.close();
  append(posted(ROOM, 3, 'word three'));
  let looked = 0;
  const host = searcherHost(file);
  const counting = (statement: Statement): Statement => ({
    run: (...values) => statement.run(...values),
    get: (...values) => statement.get(...values),
    all: (...values) => {
      const rows = statement.all(...values);
      looked += rows.length;
      return rows;
    },
  });
  const connect = (): Database => {
    const db = host.connect();
    const prepare = (sql: string) => (sql.includes('rowid, body') ? counting(db.prepare(sql)) : db.prepare(sql));
    return { isOpen: true, exec: (sql) => db.exec(sql), prepare, close: () => db.close() };
  };
  const again = restarted(context, file, { connect });
  assert.deepEqual(numbers(again, 'word'), [3, 2, 1]);
  assert.equal(looked, 1);
});

for (const when of ['before', 'after'] as const)
  test(`STORE-131 STORE-121 wherever a call of the index fails (${when} its effect), what is asked again finds everything`, (context) => {
    const { append, file, index } = open(context);
    append(posted(ROOM, 1, 'first word'), posted(ROOM, 2, 'second secret'), posted(ROOM, 3, 'third word'));
    append(
      edited(message(ROOM, 2, 2, 'second secret'), 4, 'second word'),
      deleted(message(ROOM, 1, 1, 'first word'), 5),
    );
    let position = 5;
    let failures = 0;
    for (let n = 1; ; n++) {
      let calls = 0;
      const databases = new FaultyDatabases(index, () => (++calls === n ? when : null));
      const searcher = new Searcher({ ...searcherHost(file), openIndex: () => databases.connect() });
      const twice = <T>(use: () => T): T => {
        try {
          return use();
        } catch {
          failures++;
          return use();
        }
      };
      assert.deepEqual(
        twice(() => numbers(searcher, 'word')),
        [3, 2],
        `call ${n}`,
      );
      for (const text of ['2nd draft', 'second word']) {
        append(edited(message(ROOM, 2, 2, ''), ++position, text));
        assert.deepEqual(
          twice(() => numbers(searcher, 'draft word')),
          [],
          `call ${n}`,
        );
        assert.deepEqual(
          twice(() => numbers(searcher, text)),
          [2],
          `call ${n}`,
        );
        twice(() => finish(searcher));
      }
      searcher.close();
      databases.end();
      if (calls < n) break;
      if (n % 3 === 0) for (const end of ['', '-wal', '-shm']) rmSync(index + end, { force: true });
    }
    assert.ok(failures > 50, `${failures} failures`);
  });

const damages: { readonly [what: string]: (index: string, file: string) => void } = {
  'is missing': (index) => rmSync(index),
  'is empty': (index) => truncateSync(index, 0),
  'is no database': (index) => writeFileSync(index, 'x'.repeat(10_000)),
  'is cut': (index) => truncateSync(index, 8_192),
  'has other pages': (index) => {
    const bytes = readFileSync(index);
    writeFileSync(index, bytes.fill(0xa5, 4_096));
  },
  'has damaged words': (index) => {
    const bytes = readFileSync(index);
    writeFileSync(index, bytes.fill(0xa5, Math.floor(bytes.length * 0.8)));
  },
  'belongs to another history': (index) => change(index, `UPDATE meta SET history = 'another'`),
  'is ahead of the log': (index) => change(index, 'UPDATE meta SET place = 1000'),
  'was made with another version of Unicode': (index) => change(index, `UPDATE meta SET form = '1 15'`),
};

function change(file: string, sql: string): void {
  const db = new DatabaseSync(file);
  db.exec(sql);
  db.close();
}

for (const [what, damage] of Object.entries(damages))
  test(`STORE-132 an index that ${what} is made anew`, (context) => {
    const { append, searcher, file, index } = open(context);
    append(...Array.from({ length: 300 }, (_, at) => posted(ROOM, at + 1, `word ${at}`)));
    append(
      inDirectory(1, {
        type: 'account-created',
        account: { person: 7, name: 'word', skeleton: 'word', displayName: 'Ada', role: 'user' },
        at: 1,
      }),
    );
    assert.equal(numbers(searcher, 'word')?.length, 200);
    searcher.close();
    damage(index, file);
    const again = restarted(context, file);
    const attempts = [1, 2, 3].map(() => {
      try {
        return again.search(searchFor('word', { ...ROOMS, kinds: ['message', 'account'] }));
      } catch {
        return null;
      }
    });
    const found = attempts.at(-1);
    assert.deepEqual([found?.messages.length, found?.accounts.length], [200, 1]);
    assert.ok(
      attempts.filter((attempt) => attempt === null).length <= 1,
      'it is noticed by the first use at the latest',
    );
    assert.deepEqual(numbers(again, '"299"'), [300]);
  });

test('STORE-132 a long log is indexed in steps, and meanwhile the store is too busy to search', (context) => {
  const { append, searcher } = open(context);
  const count = 10_001;
  for (let at = 0; at < count; at += 1_000)
    append(...Array.from({ length: Math.min(1_000, count - at) }, (_, index) => posted(ROOM, at + index + 1, 'word')));
  assert.equal(numbers(searcher, 'word'), null);
  assert.equal(searcher.step(), true);
  assert.deepEqual(numbers(searcher, 'word')?.[0], count, 'the rest is little enough to wait for');
  const again = open(context);
  again.append(...Array.from({ length: 1_000 }, (_, index) => posted(ROOM, index + 1, 'word')));
  let parts = 0;
  const counting = restarted(context, again.file, {
    freeBytes: () => {
      parts++;
      return 2 ** 40;
    },
  });
  finish(counting);
  assert.equal(parts, 2, 'the disk is looked at before each part');
});

test('STORE-132 a search waits about a second for what is slow to index', (context) => {
  const { append, file } = open(context);
  let now = 0;
  const searcher = restarted(context, file, { monotonic: () => (now += 400) });
  append(...Array.from({ length: 3_000 }, (_, index) => posted(ROOM, index + 1, 'word')));
  assert.equal(numbers(searcher, 'word'), null, '500 entries take 400 ms here');
  assert.equal(numbers(searcher, 'word'), null);
  assert.equal(numbers(searcher, 'word')?.[0], 3_000);
});

test('STORE-133 what is deleted or edited away leaves the files of the index, once all is indexed', (context) => {
  const { append, searcher, index } = open(context);
  const secret = message(ROOM, 1, 1, 'the password is swordfish1976 and 秘密文書');
  const draft = message(ROOM, 2, 2, 'call me at 5550123');
  const after = edited(draft, 4, 'do not call me');
  append(...[secret, draft, message(ROOM, 3, 3, 'harmless words')].map(entryOf));
  finish(searcher);
  const secrets = ['swordfish', 'password', '秘密', '密文', '5550123'];
  for (const text of secrets) assert.ok(remains(index, text), text);
  append(after, deleted(secret, 5));
  finish(searcher);
  for (const text of secrets) assert.ok(!remains(index, text), text);
  assert.ok(remains(index, 'harmless'));
  assert.deepEqual([numbers(searcher, 'swordfish'), numbers(searcher, 'call')], [[], [2]]);
});

test('STORE-133 a deleted word that FTS5 leaves in its directory of pages goes, too, also after a restart', (context) => {
  const { append, searcher, file, index } = open(context);
  const texts = Array.from({ length: 2_000 }, (_, at) => (at === 6 ? 'passwordx passwordy' : 'passwordx'));
  append(...texts.map((text, at) => posted(ROOM, at + 1, text)));
  finish(searcher);
  searcher.close();
  // The many messages with the first word fill pages, so that the second word begins one.
  change(index, `INSERT INTO message (message) VALUES ('optimize')`);
  const again = restarted(context, file);
  append(deleted(message(ROOM, 7, 7, ''), 2_001));
  assert.equal(again.step(), true);
  again.close();
  assert.ok(remains(index, 'passwordy'), 'the test is made for this version of FTS5');
  const last = restarted(context, file);
  const steps = finish(last);
  assert.ok(steps > 3, `${steps} steps`);
  assert.deepEqual([remains(index, 'passwordy'), remains(index, 'passwordx')], [false, true]);
  assert.deepEqual([numbers(last, 'passwordy'), numbers(last, 'passwordx')?.length], [[], 200]);
  assert.equal(finish(last), 1);
});

test('STORE-133 of many deleted and changed words none is left', (context) => {
  const { append, searcher, index } = open(context);
  const random = seededRandom(133);
  const letters = () => Array.from({ length: 20 }, () => String.fromCharCode(97 + random.below(26))).join('');
  const texts = Array.from({ length: 1_200 }, letters);
  const messages = texts.map((text, at) => message(ROOM, at + 1, at + 1, `the common words ${text} stay here`));
  for (let at = 0; at < messages.length; at += 100) {
    append(...messages.slice(at, at + 100).map(entryOf));
    searcher.step();
  }
  const gone = texts.filter((_, at) => at % 3 !== 2);
  const changes = messages.flatMap((one, at) => {
    const position = messages.length + at + 1 - Math.floor((at + 1) / 3);
    if (at % 3 === 2) return [];
    return [at % 3 === 0 ? deleted(one, position) : edited(one, position, 'other words stay here')];
  });
  append(...changes);
  finish(searcher);
  const bytes = ['', '-wal'].map((end) => readFileSync(index + end, 'latin1')).join();
  assert.deepEqual(
    gone.filter((text) => bytes.includes(text.slice(0, 8))),
    [],
  );
  assert.equal(numbers(searcher, 'common')?.length, 200);
  assert.deepEqual(numbers(searcher, texts[2] ?? ''), [3]);
});

test('STORE-134 an index that is wrong shows nothing that is not there', (context) => {
  const { append, searcher, file, index } = open(context);
  const own = { ...message(ROOM, 4, 4, 'fourth secret'), withheld: true, author: { id: 8, name: 'Bob' } } as const;
  append(
    posted(ROOM, 1, 'first word'),
    posted(ROOM, 2, 'second word'),
    posted(ROOM, 3, 'third word'),
    inRoom(ROOM, 4, { type: 'message-posted', message: own, at: 1 }),
  );
  append(deleted(message(ROOM, 2, 2, 'second word'), 5), posted(9, 1, 'elsewhere word'));
  append(
    inDirectory(1, {
      type: 'account-created',
      account: { person: 7, name: 'ada', skeleton: 'ada', displayName: 'Ada', role: 'user' },
      at: 1,
    }),
  );
  append(inRoom(9, 2, { type: 'room-created', room: 9, identity: 'x', name: 'closed', closed: true, at: 1 }));
  finish(searcher);
  searcher.close();
  const db = new DatabaseSync(index);
  const line = '\u{E000} \u{E002}1 \u{E003}7 secret word ada closed';
  for (const row of [1, 2, 3, 4, 5, 6, 99])
    db.prepare('INSERT OR REPLACE INTO message (rowid, terms) VALUES (?, ?)').run(row, line);
  for (const table of ['account', 'room'])
    for (const row of [7, 8, 9])
      db.prepare(`INSERT OR REPLACE INTO ${table} (rowid, terms) VALUES (?, ?)`).run(row, line);
  db.close();
  const again = restarted(context, file);
  const search = (text: string) => again.search(searchFor(text, { ...ROOMS, kinds: ['message', 'account', 'room'] }));
  assert.deepEqual(
    search('word')?.messages.map(({ number }) => number),
    [3, 1],
  );
  assert.deepEqual(search('secret'), { accounts: [], rooms: [], messages: [] });
  assert.deepEqual(
    search('ada')?.accounts.map(({ name }) => name),
    ['ada'],
  );
  assert.deepEqual(search('closed')?.rooms, []);
});

test('STORE-137 a damaged row is not found, and keeps no other from being found', (context) => {
  const { append, searcher, file } = open(context);
  append(
    posted(ROOM, 1, 'first word'),
    posted(ROOM, 2, 'second word'),
    posted(ROOM, 3, 'third word'),
    posted(ROOM, 4, 'fourth word'),
  );
  const db = new DatabaseSync(file);
  db.exec(`UPDATE message SET body = replace(body, 'second', 'secret') WHERE number = 2`);
  db.exec(`UPDATE entry SET body = 'no json' WHERE position = 3`);
  assert.deepEqual(numbers(searcher, 'word'), [4, 1]);
  db.exec(`UPDATE message SET body = replace(body, 'first', 'worst') WHERE number = 1`);
  db.close();
  assert.deepEqual([numbers(searcher, 'word'), numbers(searcher, 'secret'), numbers(searcher, 'worst')], [[4], [], []]);
});

test('STORE-139 with little room on the disk nothing is indexed, and what was indexed is found', (context) => {
  const { append, file } = open(context);
  let free = 2 ** 40;
  const searcher = restarted(context, file, { freeBytes: () => free });
  append(posted(ROOM, 1, 'first word'));
  assert.deepEqual(numbers(searcher, 'word'), [1]);
  free = 32 * 2 ** 20 - 1;
  assert.deepEqual(numbers(searcher, 'word'), [1]);
  append(posted(ROOM, 2, 'second word'));
  assert.throws(() => numbers(searcher, 'word'), /no room/);
  assert.throws(() => searcher.step(), /no room/);
  free += 1;
  assert.deepEqual(numbers(searcher, 'word'), [2, 1]);
});
