import { parentPort, workerData } from 'node:worker_threads';
import type { Log, LogFields } from '../../core/ports.ts';
import { reasonOf } from '../../lib/reason.ts';
import { systemClock } from '../clock.ts';
import { type ListingConfig, startListing } from './start.ts';

/** What the thread tells: a line for the log, that it listens, or that it could not start. It ends when it has stopped. */
export type FromThread =
  | { readonly type: 'log'; readonly level: keyof Log; readonly event: string; readonly fields: LogFields }
  | { readonly type: 'listening'; readonly port: number; readonly address: string }
  | { readonly type: 'not-started'; readonly reason: string };

if (parentPort === null) throw new Error('this is not a worker thread');
const parent = parentPort;
const tell = (message: FromThread) => parent.postMessage(message);
const at =
  (level: keyof Log): Log['info'] =>
  (event, fields = {}) =>
    tell({ type: 'log', level, event, fields });
const log: Log = { info: at('info'), warn: at('warn'), error: at('error') };

try {
  const { port, address, stop } = await startListing(workerData as ListingConfig, { clock: systemClock, log });
  tell({ type: 'listening', port, address });
  // The one message of the server: stop.
  parent.once('message', () => void stop().finally(() => parent.close()));
} catch (error) {
  tell({ type: 'not-started', reason: reasonOf(error) });
  parent.close();
}
