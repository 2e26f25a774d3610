// `npm test [-- FILE ...]`: runs all tests, or those in these files (globs too). Node's own summary comes last.
import { availableParallelism } from 'node:os';
import { CANARY, runHere, TEST_FLAGS } from './lib/run.ts';

/** Longer than all tests ever take: a test that blocks its process is past Node's own timeouts. */
const LIMIT_MS = 15 * 60_000;
const ALL = '{src,testing,test,scripts,bench,examples}/**/*.test.ts';

const chosen = process.argv.slice(2);
const concurrency = `--test-concurrency=${Math.max(2, availableParallelism())}`;
const flags = [...TEST_FLAGS, ...CANARY, concurrency, '--test-reporter=spec'];
process.exitCode = await runHere(process.execPath, [...flags, ...(chosen.length > 0 ? chosen : [ALL])], LIMIT_MS);
