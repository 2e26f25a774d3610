import { statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { serve } from './channel.ts';
import { BUSY_MS } from './database.ts';
import { Reader } from './reader.ts';
import { Writer } from './writer.ts';

/** The start options of a storage worker. */
export type WorkerTask = { readonly role: 'writer' | 'reader'; readonly file: string };

export type WriterMethods = Pick<Writer, 'open' | 'append' | 'resolveOutcome' | 'tidy' | 'close'>;

export type ReaderMethods = Pick<
  Reader,
  | 'positions'
  | 'entries'
  | 'load'
  | 'page'
  | 'message'
  | 'credential'
  | 'token'
  | 'deliveryMarkers'
  | 'relatedTo'
  | 'messagesBy'
  | 'check'
  | 'close'
>;

const { role, file } = workerData as WorkerTask;
if (parentPort === null) throw new Error('this is not a worker thread');

if (role === 'writer') {
  const writer = new Writer({
    connect: () => new DatabaseSync(file, { timeout: BUSY_MS }),
    walBytes: () => statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0,
    freeBytes: () => freeBytes(dirname(file)),
  });
  const methods: WriterMethods = writer;
  serve(parentPort, methods, () => writer.trim());
} else {
  const methods: ReaderMethods = new Reader(() => new DatabaseSync(file, { timeout: BUSY_MS, readOnly: true }));
  serve(parentPort, methods);
}

function freeBytes(directory: string): number {
  const { bavail, bsize } = statfsSync(directory);
  return bavail * bsize;
}
