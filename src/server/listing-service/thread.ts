import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Clock, Log } from '../../core/ports.ts';
import { Backoff } from '../../lib/reconnecting/backoff.ts';
import type { Config } from '../config/schema.ts';
import type { ListingConfig } from './start.ts';
import type { FromThread } from './worker.ts';

/** The folder of the list in the data directory. */
const DIRECTORY = 'listing';
const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 60_000;

/** Starts the directory that the configuration asks for, if it asks for one; rejects with a sentence for the operator. */
export async function startListingThread(config: Config, clock: Clock, log: Log): Promise<RunningThread | null> {
  const {
    listing_port: port,
    host,
    data,
    listing_allow_private: allowPrivate,
    trusted_proxies: trustedProxies,
  } = config;
  if (port === undefined) return null;
  const options: ListingConfig = {
    host,
    port,
    portFlag: '--listing-port',
    data: join(data, DIRECTORY),
    allowPrivate,
    trustedProxies,
  };
  const startWorker = () => new Worker(new URL('./worker.ts', import.meta.url), { workerData: options });
  const thread = new ListingThread(startWorker, clock, log);
  return { ...(await thread.start()), stop: () => thread.stop() };
}

/** The part of a thread that is used. */
type ListingWorker = Pick<Worker, 'on' | 'once' | 'postMessage'>;
type Listening = { readonly port: number; readonly address: string };
/** A directory that runs, and where it listens. */
export type RunningThread = Listening & { readonly stop: () => Promise<void> };

/** A listing service in a thread of its own: what goes wrong there does not disturb the chat, and is tried again. */
export class ListingThread {
  readonly #startWorker: () => ListingWorker;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #backoff = new Backoff(FIRST_RETRY_MS, LAST_RETRY_MS, Math.random);
  #worker: ListingWorker | null = null;
  #cancelRetry = (): void => {};
  #wasUp = false;
  #isStopped = false;

  constructor(startWorker: () => ListingWorker, clock: Clock, log: Log) {
    this.#startWorker = startWorker;
    this.#clock = clock;
    this.#log = log;
  }

  /** Resolves when the service listens; rejects with a sentence for the operator if it cannot. */
  start(): Promise<Listening> {
    const { promise, resolve, reject } = Promise.withResolvers<Listening>();
    const worker = this.#startWorker();
    let reason = 'it ended';
    this.#worker = worker;
    worker.on('message', (message: FromThread) => {
      if (message.type === 'log') return this.#log[message.level](message.event, message.fields);
      if (message.type === 'not-started') return void (reason = message.reason);
      this.#backoff.reset();
      this.#wasUp = true;
      resolve(message);
    });
    worker.on('error', (error: Error) => (reason = error.message));
    worker.on('exit', () => {
      reject(new Error(reason));
      this.#worker = null;
      if (this.#wasUp && !this.#isStopped) this.#retry(reason);
    });
    return promise;
  }

  /** Resolves when the thread has ended. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancelRetry();
    const worker = this.#worker;
    if (worker === null) return;
    const ended = new Promise((done) => worker.once('exit', done));
    worker.postMessage('stop');
    await ended;
  }

  #retry(reason: string): void {
    this.#log.error('listing-service-failed', { reason }); // SERVER-231
    this.#cancelRetry = this.#clock.after(this.#backoff.next(), () => {
      void this.start().then(
        ({ port, address }) => this.#log.info('listening', { port, address, only: 'listing' }), // SERVER-231
        () => {}, // It ended again, which is logged.
      );
    });
  }
}
