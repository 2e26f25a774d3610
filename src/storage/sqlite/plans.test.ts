import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { text } from './database.ts';
import { migrate } from './migrations.ts';
import { Queries } from './queries.ts';

/** The plan of each query that the reader prepares, by its SQL. */
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
  new Queries({ isOpen: true, exec: () => {}, close: () => {}, prepare });
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
