import type { Clock, Log } from '../../src/core/ports.ts';
import { systemClock } from '../../src/server/clock.ts';
import { asked, connect, pooled, targetOf } from '../../src/storage/postgres/connection.ts';
import { migrate } from '../../src/storage/postgres/migrations.ts';
import type { Ask } from '../../src/storage/postgres/writer/batch-log.ts';
import { openWriteSide, type WriteSide } from '../../src/storage/postgres/writer/write-side.ts';
import type { Cleanup } from '../temporary.ts';
import { silentLog } from '../world.ts';

export type NodeOptions = { readonly node: string; readonly log?: Log; readonly clock?: Pick<Clock, 'now' | 'after'> };

/** The part of a node's store that writes; `ask` is its connection for reads. */
export type WritingNode = WriteSide & { readonly ask: Ask };

/** Opens a node that writes to a database, which is made if it is empty. `way` is another URL by which the writer connects. */
export async function openWriter(
  cleanup: Cleanup,
  url: string,
  { node, log = silentLog, clock = systemClock }: NodeOptions,
  way = url,
): Promise<WritingNode> {
  const target = targetOf(url);
  const client = await connect(target);
  const { identity } = await migrate(client, { serverId: 1, identity: 'first' });
  await client.end();
  const pool = pooled(target, 1);
  const ask: Ask = async ({ values, ...statement }) => {
    const { rows } = await pool.query<Record<string, unknown>>(asked(target, statement, values));
    return rows;
  };
  const newIdentity = () => `after ${node}`;
  const side = await openWriteSide({ target: targetOf(way), node, identity, newIdentity, ask, clock, log });
  cleanup.after(async () => {
    await side.close();
    await pool.end();
  });
  return { ...side, ask };
}
