import { StorageUnavailable } from '../../unavailable.ts';
import type { Reader } from '../reader.ts';
import { type BlobStatement, blobStatement } from './statements.ts';

/** What PostgreSQL answers when it has no room, and when another row has the same key. */
const DISK_FULL = '53100';
const TAKEN = '23505';

/** The disk of the database is full; the code is that of a full disk of this machine. */
class DiskFull extends StorageUnavailable {
  readonly code = 'ENOSPC';
}

export type Asker = Pick<Reader, 'ask'>;

/** The rows that a statement about bytes answers. */
export async function ask<Row extends object>(
  asker: Asker,
  name: BlobStatement,
  ...values: readonly unknown[]
): Promise<Row[]> {
  try {
    return await asker.ask<Row>(blobStatement(name), values);
  } catch (error) {
    throw codeOf(error) === DISK_FULL ? new DiskFull(String(error), { cause: error }) : error; // STORE-244
  }
}

/** Whether a statement was refused because another row has the same key. */
export function isTaken(error: unknown): boolean {
  return codeOf(error) === TAKEN;
}

function codeOf(error: unknown): unknown {
  return ((error as Error).cause as { code?: unknown } | undefined)?.code;
}

/** So many pieces are deleted at once: one statement for a large file would take too long. */
const AT_ONCE = 16;

/** Deletes what is stored under a key, unless the statement refuses to close it. After a failure a sweep goes on with it. */
export async function removeBlob(asker: Asker, key: number, close: 'close' | 'closeOver'): Promise<void> {
  const closed = await ask(asker, close, key);
  if (closed.length === 0) return;
  const [last] = await ask<{ number: number }>(asker, 'lastPiece', key);
  for (let number = 0; number <= (last?.number ?? -1); number += AT_ONCE)
    await ask(asker, 'removePieces', key, number + AT_ONCE); // STORE-243
  await ask(asker, 'remove', key);
}
