import type { Clock, Log } from '../../../core/ports.ts';
import { reasonOf } from '../../../lib/reason.ts';
import { type Ask, NODES } from './batch-log.ts';
import type { Part } from './parts.ts';

/** How often old rows are removed. */
export const PURGE_EVERY_MS = 10_000;
/** The most rows that one statement removes, so that none takes long. */
const LIMIT = 1_000;
/** The most statements of one run. */
const STATEMENTS = 20;

/** Every node removes old rows, whichever comes first; by the clock of the database, and none that another node is removing. */
export function startPurging(ask: Ask, clock: Pick<Clock, 'after'>, log: Log): () => void {
  let isStopped = false;
  let cancel = () => {};

  async function run(): Promise<void> {
    try {
      await purge(ask);
    } catch (error) {
      log.warn('storage-purge-failed', { reason: reasonOf(error) });
    }
    if (!isStopped) wait();
  }

  function wait(): void {
    cancel = clock.after(PURGE_EVERY_MS, () => void run());
  }

  wait();
  return () => {
    isStopped = true;
    cancel();
  };
}

/** Removes what is old, a bounded part of it; rejects when PostgreSQL cannot be asked. */
export async function purge(ask: Ask): Promise<void> {
  for (const statement of PURGES) {
    for (let count = 0; count < STATEMENTS; count++) {
      const removed = await ask(statement);
      if (removed.length < LIMIT) break;
    }
  }
}

/** Not those that another node is removing. */
const SOME = `LIMIT ${LIMIT} FOR UPDATE SKIP LOCKED`;
const NOW_MS = '(extract(epoch FROM clock_timestamp()) * 1000)::bigint';

/**
 * Batches fence and tell for 10 minutes. A node's newest one shows what it wrote as long as the node may come back. The oldest of
 * each node are found by the index.
 */
const BATCHES = `${NODES}
SELECT old.node, old.number FROM nodes n, LATERAL (
  SELECT b.node, b.number, b.at FROM batch b WHERE b.node = n.node ORDER BY b.number LIMIT ${LIMIT}
) old
WHERE old.at < clock_timestamp() - interval '10 minutes' AND (
  old.number < (SELECT max(number) FROM batch b WHERE b.node = n.node)
  OR old.at < clock_timestamp() - interval '1 day' AND NOT EXISTS (SELECT FROM node WHERE node.id = n.node)
)`;

const PURGES: readonly Part[] = [
  remove('batch', 'node, number', `${BATCHES} LIMIT ${LIMIT}`), // STORE-224
  remove('once', 'scope, key', `SELECT scope, key FROM once WHERE expires <= ${NOW_MS} ${SOME}`), // STORE-224
  {
    name: 'purge sessions',
    text: `WITH ended AS (
      DELETE FROM session WHERE digest IN (SELECT digest FROM session WHERE expires <= ${NOW_MS} ${SOME}) RETURNING digest
    ), gone AS (DELETE FROM subscription WHERE session IN (SELECT digest FROM ended))
    SELECT FROM ended`, // STORE-224
    values: [],
  },
];

function remove(table: string, key: string, old: string): Part {
  return { name: `purge ${table}`, text: `DELETE FROM ${table} WHERE (${key}) IN (${old}) RETURNING 1`, values: [] };
}
