import { parentPort, workerData } from 'node:worker_threads';
import { serve } from '../channel.ts';
import { indexBeside } from './index-files.ts';
import { Searcher } from './searcher.ts';

/** The start options of the worker that searches; the database exists. */
export type SearchTask = { readonly directory: string; readonly database: string };

export type SearchMethods = Pick<Searcher, 'step' | 'search' | 'close'>;

if (parentPort === null) throw new Error('this is not a worker thread');
const { directory, database } = workerData as SearchTask;
const methods: SearchMethods = new Searcher(indexBeside(directory, database));
serve(parentPort, methods);
