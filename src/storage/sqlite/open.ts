import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Clock, Ids, Log } from '../../core/ports.ts';
import { reasonOf } from '../../lib/reason.ts';
import { Channel } from './channel.ts';
import { claimDirectory, LOCK, problemWith } from './claim.ts';
import { privateFile } from './private-file.ts';
import { SearchClient } from './search/search-client.ts';
import type { SearchMethods, SearchTask } from './search/worker.ts';
import { type Checked, type SqliteStorage, WorkerStorage } from './storage.ts';
import type { ReaderMethods, WorkerTask, WriterMethods } from './worker.ts';

/** The database of a data directory. */
const DATABASE = 'parlance.db';

export type SqliteOptions = {
  /** Holds the data; made if it does not exist. One process at a time can have it open. */
  readonly directory: string;
  readonly clock: Pick<Clock, 'now' | 'monotonic' | 'after'>;
  readonly ids: Pick<Ids, 'integer' | 'identity'>;
  readonly log: Log;
};

/** Opens the store in a directory; rejects, with a sentence for the operator, when it cannot be used. */
export async function openSqliteStorage({ directory, clock, ids, log }: SqliteOptions): Promise<SqliteStorage> {
  const release = await claimDirectory(directory);
  const file = makeDatabase(directory, release);
  const task = { file, lockFile: join(directory, LOCK) };
  const writer = start<WriterMethods>({ role: 'writer', ...task });
  const reader = start<ReaderMethods>({ role: 'reader', ...task });
  try {
    const creation = { serverId: ids.integer(), identity: ids.identity(), opening: ids.identity() };
    const opened = await writer.ask('open', creation);
    await reader.ask('positions', []); // STORE-30
    const checker = opened.clean ? noCheck : startCheck(task, log);
    log.info('storage-opened', { directory, clean: opened.clean });
    const searches = new SearchClient(() => startSearching({ directory, database: DATABASE }), clock, log);
    return new WorkerStorage({ writer, reader, searches, opened, checker, clock, log, release });
  } catch (error) {
    await Promise.all([writer.close(), reader.close()]);
    release();
    throw new Error(`cannot open the database ${file}: ${reasonOf(error)}`, { cause: error });
  }
}

function makeDatabase(directory: string, release: () => void): string {
  try {
    return privateFile(directory, DATABASE);
  } catch (error) {
    release();
    throw problemWith(directory, error);
  }
}

const noCheck = { checked: Promise.resolve<Checked>('clean'), close: () => Promise.resolve() };

/** Checks the whole file in a third worker, so that neither the start nor a read waits for it (STORE-39). */
function startCheck(
  task: Omit<WorkerTask, 'role'>,
  log: Log,
): { readonly checked: Promise<Checked>; close(): Promise<void> } {
  const checker = start<ReaderMethods>({ role: 'reader', ...task });
  let closed = false;

  async function check(): Promise<Checked> {
    let problem: string | null;
    try {
      problem = await checker.ask('check');
    } catch (error) {
      if (closed) return 'closed';
      log.warn('storage-check-failed', { reason: reasonOf(error) });
      return 'unchecked'; // STORE-68
    }
    if (closed) return 'closed';
    await checker.close();
    if (problem === null) return 'checked'; // STORE-39
    throw new Error(
      `the database ${task.file} is damaged (${problem}). Keep a copy of its directory and restore a backup in its place.`,
    );
  }

  async function close(): Promise<void> {
    closed = true;
    await checker.close();
  }

  return { checked: check(), close };
}

function start<M extends ReaderMethods | WriterMethods>(workerData: WorkerTask): Channel<M> {
  return new Channel<M>(new Worker(new URL('./worker.ts', import.meta.url), { workerData }));
}

function startSearching(workerData: SearchTask): Channel<SearchMethods> {
  return new Channel<SearchMethods>(new Worker(new URL('./search/worker.ts', import.meta.url), { workerData }));
}
