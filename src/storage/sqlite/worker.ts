import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { withDefaults } from '../../lib/platform.ts';
import { serve } from './channel.ts';
import { DataFiles, sameFile } from './data-files.ts';
import { BUSY_MS } from './database.ts';
import { freeBytes } from './free-bytes.ts';
import { Reader } from './reader.ts';
import { Writer } from './writer.ts';

/** The start options of a storage worker; both files exist. */
export type WorkerTask = { readonly role: 'writer' | 'reader'; readonly file: string; readonly lockFile: string };

export type WriterMethods = Pick<Writer, 'open' | 'obstacle' | 'append' | 'resolveOutcome' | 'tidy' | 'close'>;

export type ReaderMethods = Pick<
  Reader,
  | 'positions'
  | 'entries'
  | 'load'
  | 'page'
  | 'message'
  | 'credential'
  | 'token'
  | 'invitation'
  | 'session'
  | 'keptResult'
  | 'deliveryMarkers'
  | 'furthestReads'
  | 'relatedTo'
  | 'messagesBy'
  | 'file'
  | 'fileBytes'
  | 'uploadsBefore'
  | 'namedDigests'
  | 'check'
  | 'close'
>;

const { role, file, lockFile } = workerData as WorkerTask;
if (parentPort === null) throw new Error('this is not a worker thread');

if (role === 'writer') {
  const writer = new Writer({
    connect: () => new DatabaseSync(existing(file), { timeout: BUSY_MS }),
    walBytes: () => statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0,
    freeBytes: () => freeBytes(dirname(file)),
    files: new DataFiles(file, lockFile, withDefaults({}).monotonic),
  });
  const methods: WriterMethods = writer;
  serve(parentPort, methods, () => writer.trim());
} else {
  const checkFile = sameFile(file);
  const connect = () => {
    checkFile(); // STORE-60
    return new DatabaseSync(file, { timeout: BUSY_MS, readOnly: true });
  };
  const methods: ReaderMethods = new Reader(connect);
  serve(parentPort, methods);
}

/** The address of a database that is not made if it is missing. */
function existing(path: string): URL {
  const url = pathToFileURL(path);
  url.searchParams.set('mode', 'rw');
  return url;
}
