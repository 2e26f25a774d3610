import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noPrivatePostgres } from '../testing/postgres.ts';
import { measurePostgres } from './postgres.ts';

const skip = noPrivatePostgres;

test('what a node commits in PostgreSQL is measured in turn with pgbench', { skip }, async () => {
  const { parlance, pgbench, ratio } = await measurePostgres({ milliseconds: 300, rounds: 1 }, () => {});
  assert.ok(parlance.low > 0 && pgbench.low > 0, `${parlance.low} and ${pgbench.low} messages a second`);
  assert.equal(ratio.median, parlance.median / pgbench.median);
});
