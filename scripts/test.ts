// `npm test [-- FILE ...]`: runs all tests, or those in these files (globs too). Node's own summary comes last, and what was left out.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { pureTests } from './lib/pure.ts';
import { CANARY, runHere, TEST_FLAGS } from './lib/run.ts';
import { noBrowser } from '../testing/browser.ts';
import { noPrivateNats } from '../testing/nats.ts';
import { noPostgres } from '../testing/postgres.ts';
import { FOLDERS, ROOT, readTree } from './lib/tree.ts';

/** Longer than all tests ever take: a test that blocks its process is past Node's own timeouts. */
const LIMIT_MS = 60 * 60_000;
/** Enough to keep all processors busy; each has to load what the tests import. */
const SHARES = 4;

function allTests(folder: string): string[] {
  const files = readTree(FOLDERS, '.ts');
  const pure = pureTests(files);
  const others = files.map(({ path }) => path).filter((path) => path.endsWith('.test.ts') && !pure.includes(path));
  const shares = Array.from({ length: SHARES }, (_, share) => {
    const mine = pure.filter((_, index) => index % SHARES === share);
    const path = join(folder, `pure-${share}.mjs`);
    writeFileSync(path, mine.map((test) => `import '${pathToFileURL(join(ROOT, test)).href}';\n`).join(''));
    return path;
  });
  return [...shares, ...others];
}

const chosen = process.argv.slice(2);
const concurrency = `--test-concurrency=${Math.max(2, availableParallelism())}`;
const flags = [...TEST_FLAGS, ...CANARY, concurrency, '--test-reporter=spec'];
const folder = mkdtempSync(join(tmpdir(), 'parlance-tests-'));
const tests = chosen.length > 0 ? chosen : allTests(folder);
// Every process loads much the same code: the first one keeps what it compiled for the others.
process.env.NODE_COMPILE_CACHE = join(folder, 'compiled');
process.exitCode = await runHere(process.execPath, [...flags, ...tests], LIMIT_MS);
rmSync(folder, { recursive: true, force: true });
const missing = [
  ['what runs in a browser', noBrowser],
  ['what is stored in PostgreSQL', noPostgres],
  ['what nodes tell each other by NATS', noPrivateNats],
] as const;
for (const [what, why] of missing) {
  if (why === false || chosen.length > 0) continue;
  process.stdout.write(`\nNOT TESTED: ${what} (${why}).\n`);
  if (process.env.CI === 'true') process.exitCode = 1;
}
