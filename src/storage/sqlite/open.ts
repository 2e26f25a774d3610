import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Clock, Ids, Log } from '../../core/ports.ts';
import { reasonOf } from '../../lib/reason.ts';
import { Channel } from './channel.ts';
import { lockDirectory } from './lock.ts';
import { type Checked, type SqliteStorage, WorkerStorage } from './storage.ts';
import type { ReaderMethods, WorkerTask, WriterMethods } from './worker.ts';

export type SqliteOptions = {
  /** Holds the data; made if it does not exist. One process at a time can have it open. */
  readonly directory: string;
  readonly clock: Pick<Clock, 'now' | 'monotonic' | 'after'>;
  readonly ids: Pick<Ids, 'integer' | 'identity'>;
  readonly log: Log;
};

/** Opens the store in a directory; rejects, with a sentence for the operator, when it cannot be used. */
export async function openSqliteStorage({ directory, clock, ids, log }: SqliteOptions): Promise<SqliteStorage> {
  mkdirSync(directory, { recursive: true, mode: 0o700 }); // STORE-38
  const file = privateFile(directory, 'parlance.db');
  privateFile(directory, 'lock.db');
  const release = lockDirectory(directory);
  const writer = start<WriterMethods>('writer', file);
  const reader = start<ReaderMethods>('reader', file);
  try {
    const creation = { serverId: ids.integer(), identity: ids.identity(), opening: ids.identity() };
    const opened = await writer.ask('open', creation);
    await reader.ask('positions', []); // STORE-30
    const checker = opened.clean ? noCheck : startCheck(file);
    log.info('storage-opened', { directory, clean: opened.clean });
    return new WorkerStorage({ writer, reader, opened, checker, clock, log, release });
  } catch (error) {
    await Promise.all([writer.close(), reader.close()]);
    release();
    throw new Error(`cannot open the database ${file}: ${reasonOf(error)}`, { cause: error });
  }
}

const noCheck = { checked: Promise.resolve<Checked>('clean'), close: () => Promise.resolve() };

/** Checks the whole file in a third worker, so that neither the start nor a read waits for it (STORE-39). */
function startCheck(file: string): { readonly checked: Promise<Checked>; close(): Promise<void> } {
  const checker = start<ReaderMethods>('reader', file);
  let closed = false;

  async function check(): Promise<Checked> {
    const problem = await checker.ask('check').catch(reasonOf);
    if (closed) return 'closed';
    await checker.close();
    if (problem === null) return 'checked'; // STORE-39
    throw new Error(
      `the database ${file} is damaged (${problem}). Keep a copy of its directory and restore a backup in its place.`,
    );
  }

  async function close(): Promise<void> {
    closed = true;
    await checker.close();
  }

  return { checked: check(), close };
}

/** Makes a missing file readable by this user only; SQLite gives the files beside it the same rights. */
export function privateFile(directory: string, name: string): string {
  const file = join(directory, name);
  closeSync(openSync(file, 'a', 0o600)); // STORE-38
  return file;
}

function start<M extends ReaderMethods | WriterMethods>(role: WorkerTask['role'], file: string): Channel<M> {
  const workerData: WorkerTask = { role, file };
  return new Channel<M>(new Worker(new URL('./worker.ts', import.meta.url), { workerData }));
}
