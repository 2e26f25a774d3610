import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { text } from './database.ts';
import { migrate } from './migrations.ts';
import { Queries } from './queries.ts';
import { SqliteStreamStore } from './stream-store.ts';

/** The plan of each statement that the reader and the writer prepare, by its SQL. */
function plans(context: TestContext): ReadonlyMap<string, string> {
  const db = new DatabaseSync(':memory:');
  context.after(() => db.close());
  migrate(db);
  const found = new Map<string, string>();
  const prepare = (sql: string) => {
    const steps = db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all();
    found.set(sql, steps.map((row) => text(row, 'detail')).join('; '));
    return db.prepare(sql);
  };
  const database = { isOpen: true, exec: () => {}, close: () => {}, prepare };
  new Queries(database);
  new SqliteStreamStore(database);
  return found;
}

test('STORE-112 withheld messages and furthest read positions are read from their indexes, already in order', (context) => {
  const [[, withheld] = [], ...more] = [...plans(context)].filter(([sql]) => sql.includes('withheld'));
  assert.equal(withheld, 'SEARCH message USING INDEX message_withheld (room=?)');
  assert.deepEqual(more, []);
  const [[, furthest] = [], ...others] = [...plans(context)].filter(([sql]) => sql.includes('LIMIT 2'));
  assert.equal(furthest, 'SEARCH read USING INDEX read_room (room=?)');
  assert.deepEqual(others, []);
});

test('STORE-155 files are found, summed up and compared by an index, and the oldest uploads too', (context) => {
  const about = [...plans(context)].filter(([sql]) => /\b(upload|file)\b/.test(sql));
  for (const [sql, plan] of about)
    assert.doesNotMatch(plan, /SCAN (?:upload|file)\b(?! USING INDEX)|TEMP B-TREE FOR ORDER/, sql);
  const used = about.flatMap(
    ([, plan]) => plan.replaceAll('COVERING ', '').match(/(?:upload|file) USING INDEX \w+/g) ?? [],
  );
  assert.deepEqual([...new Set(used)].toSorted(), [
    'file USING INDEX file_digest',
    'file USING INDEX file_person',
    'file USING INDEX sqlite_autoindex_file_1',
    'file USING INDEX sqlite_autoindex_file_2',
    'upload USING INDEX sqlite_autoindex_upload_1',
    'upload USING INDEX upload_at',
    'upload USING INDEX upload_digest',
    'upload USING INDEX upload_person',
  ]);
});

test('STORE-162 invitations are found and dropped by an index', (context) => {
  const about = [...plans(context)].filter(([sql]) => /\binvitation\b/.test(sql));
  for (const [sql, plan] of about) assert.doesNotMatch(plan, /SCAN|TEMP B-TREE/, sql);
  const used = about.flatMap(([, plan]) => plan.match(/\w+ USING INDEX \w+/g) ?? []);
  assert.deepEqual([...new Set(used)].toSorted(), [
    'invitation USING INDEX invitation_room',
    'invitation USING INDEX sqlite_autoindex_invitation_1',
  ]);
});

test('STORE-146 sessions, subscriptions and kept results are found, dropped and purged by an index', (context) => {
  const about = [...plans(context)].filter(([sql]) => /\b(session|subscription|once)\b/.test(sql));
  for (const [sql, plan] of about) assert.doesNotMatch(plan, /SCAN|TEMP B-TREE/, sql);
  const used = about.flatMap(([, plan]) => plan.replaceAll('COVERING ', '').match(/\w+ USING INDEX \w+/g) ?? []);
  assert.deepEqual([...new Set(used)].toSorted(), [
    'once USING INDEX once_expires',
    'once USING INDEX sqlite_autoindex_once_1',
    'session USING INDEX session_expires',
    'session USING INDEX session_person',
    'session USING INDEX sqlite_autoindex_session_1',
    'subscription USING INDEX sqlite_autoindex_subscription_1',
    'subscription USING INDEX subscription_person',
  ]);
});
