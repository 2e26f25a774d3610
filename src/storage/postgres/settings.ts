import type { Client } from 'pg';
import type { Log } from '../../core/ports.ts';
import { reasonOf } from '../../lib/reason.ts';

/**
 * What sessions of our role in our database begin with. Batches read what others have just committed; a node that stops in the middle
 * of a transaction must not keep others waiting; a plan
 * for any values is made once instead of at each call; and compiling statements takes longer than they do.
 */
const SETTINGS: Readonly<Record<string, string>> = {
  default_transaction_isolation: 'read committed',
  idle_in_transaction_session_timeout: '1s',
  jit: 'off',
  plan_cache_mode: 'force_generic_plan',
};

/** Gives our role its settings in this database; tells the operator what to do where it may not. Only new connections have them. */
export async function applySettings(client: Client, log: Log): Promise<void> {
  const { rows } = await client.query<{ database: string; fsync: string | null }>(
    `SELECT current_database() AS database, current_setting('fsync', true) AS fsync`,
  );
  const [{ database, fsync } = { database: '', fsync: null }] = rows;
  if (fsync === 'off')
    log.warn('storage-unsafe', { advice: 'the database loses data in a power failure: switch fsync on' }); // STORE-187
  for (const [name, value] of Object.entries(SETTINGS)) {
    const found = await client.query<{ value: string }>('SELECT current_setting($1, true) AS value', [name]);
    if (found.rows[0]?.value === value) continue;
    const order = `ALTER ROLE CURRENT_USER IN DATABASE ${client.escapeIdentifier(database)} SET ${name} = '${value}'`;
    try {
      await client.query('BEGIN');
      await client.query('SELECT 1 FROM meta FOR UPDATE'); // Two nodes that change one role at once would fail.
      await client.query(order); // STORE-186
      await client.query('COMMIT');
    } catch (error) {
      await client.query('ROLLBACK');
      log.warn('storage-setting-missing', { advice: order, reason: reasonOf(error) }); // STORE-186
    }
  }
}
