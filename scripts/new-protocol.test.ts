import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import { protocols } from '../src/protocols/index.ts';
import { copyProject } from './lib/copy.ts';
import { type PassingTest, applyInsertion, type Insertion, addedLines, stepsOf } from './lib/recipe.ts';
import { TEST_FLAGS } from './lib/run.ts';
import { readTree, ROOT } from './lib/tree.ts';
import { newFiles, nameProblem } from './new-protocol.ts';

const LIMIT_MS = 500_000;
const FOLDER = 'src/protocols/parrot/';
const DOCUMENT = 'docs/adding-a-protocol.md';
const template = readTree(['src/protocols/template'], '');

test('the name of a protocol must be free in configuration, rules and code', () => {
  const refused = (name: string) => nameProblem(name, template, ['WORLD-01']) ?? '';
  for (const name of ['parrot', 'irc', 'p9']) assert.equal(refused(name), '', name);
  for (const name of ['', 'p', 'Parrot', '9p', 'par-rot', 'p'.repeat(17), 'ünder'])
    assert.match(refused(name), /letters/);
  for (const name of ['c2', 'tls', 'ports', 'zeromq']) assert.match(refused(name), /configuration/, name);
  assert.match(refused('world'), /rules/);
  for (const name of ['new', 'await', 'eval', 'sniff', 'encode', 'alice', 'template'])
    assert.match(refused(name), /code/, name);
});

test('no copied file contains the name of the template', () => {
  const files = newFiles('parrot', template);
  assert.ok(files.length > 15);
  for (const { path, text } of files) assert.doesNotMatch(`${path}\n${text}`, /template/i, path);
  assert.match(files.find(({ path }) => path.endsWith('/SPEC.md'))?.text ?? '', /^- \*\*PARROT-01\*\* /m);
  assert.match(files.find(({ path }) => path.endsWith('/session.ts'))?.text ?? '', /function parrotLobby/);
});

describe(`the recipe of ${DOCUMENT}, in a copy of the project`, () => {
  const [copying, joining, ...others] = stepsOf(readFileSync(join(ROOT, DOCUMENT), 'utf8'));
  assert.ok(copying !== undefined && joining !== undefined);
  const steps = [copying, joining, ...others];
  const [registration, ...rest] = steps.flatMap(({ insertions }) => insertions);
  const testSteps = others.filter(({ insertions }) => insertions.length > 0);
  let copy: string;
  let old: ReadonlyMap<string, string>;

  /** The files of the copy, without the dependencies. */
  const files = () => {
    const top = readdirSync(copy, { withFileTypes: true });
    const folders = top.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    const loose = top.filter((entry) => entry.isFile()).map(({ name: path }) => ({ path, text: read(path) }));
    return new Map([...readTree(folders, '', copy), ...loose].map(({ path, text }) => [path, text]));
  };

  const read = (path: string) => readFileSync(join(copy, path), 'utf8');

  before(() => {
    copy = copyProject();
    old = files();
  });
  after(() => rmSync(copy, { recursive: true }));

  const insert = (insertion: Insertion) =>
    writeFileSync(join(copy, insertion.path), applyInsertion(read(insertion.path), insertion));

  /** Runs a program in the copy, outside of this test run. */
  async function run(...args: readonly string[]): Promise<{ readonly code: unknown; readonly output: string }> {
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...args], {
      cwd: copy,
      env,
      timeout: LIMIT_MS,
    });
    const [output, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
    return { code, output: `${output}${errors}` };
  }

  /** Whether each test passes whose title contains one of these words; without words, of all tests. */
  async function outcomes(
    files: readonly string[],
    words: readonly string[] = [],
  ): Promise<ReadonlyMap<string, boolean>> {
    const patterns = words.map((word) => `--test-name-pattern=${word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`);
    const flags = [...TEST_FLAGS, '--test-reporter=tap', ...patterns];
    const { output } = await run(...flags, ...new Set(files));
    const found = output.matchAll(/^ *(not )?ok \d+ - (.+?)(?: # .*)?$/gm);
    return new Map([...found].map(([, not, title = '']) => [title, not === undefined]));
  }

  const outcomesOf = (passing: readonly PassingTest[]) =>
    outcomes(
      passing.map(({ path }) => path),
      passing.map(({ title }) => title),
    );

  function allAre(good: boolean, passing: readonly PassingTest[], found: ReadonlyMap<string, boolean>): void {
    assert.deepEqual(
      passing.map(({ title }) => [title, found.get(title)]),
      passing.map(({ title }) => [title, good]),
    );
  }

  test('step 1: the copy passes the first case of the shared suite, and all tests of its own', async () => {
    const { code, output } = await run('scripts/new-protocol.ts', 'parrot');
    assert.deepEqual([code, output.includes(`\n  ${registration?.lines.join()}\n`)], [0, true], output);
    const own = steps.flatMap(({ passing }) => passing).filter(({ path }) => path.startsWith(FOLDER));
    const found = await outcomes([`${FOLDER}*.test.ts`]);
    allAre(true, own, found);
    assert.deepEqual(
      [...found].filter(([, ok]) => !ok),
      [],
    );
    assert.equal(
      copying.passing[0]?.title,
      'a client that joins and speaks gets answers, and the others get each message once',
    );
  });

  test('step 1 overwrites nothing', async () => {
    const path = `${FOLDER}codec.ts`;
    const mine = `${read(path)}// mine\n`;
    writeFileSync(join(copy, path), mine);
    assert.equal((await run('scripts/new-protocol.ts', 'parrot')).code, 1);
    rmSync(join(copy, FOLDER, 'SPEC.md'));
    const { code, output } = await run('scripts/new-protocol.ts', 'parrot');
    assert.deepEqual([code, output], [1, `${FOLDER}codec.test.ts already exists\n`]);
    assert.equal(read(path), mine);
    rmSync(join(copy, FOLDER), { recursive: true });
    for (const { path: test } of readTree(['test'], '/parrot.ts', copy)) rmSync(join(copy, test));
    assert.equal((await run('scripts/new-protocol.ts', 'parrot')).code, 0);
  });

  test('step 2: after the line in the registry the tests that know all protocols fail', async () => {
    assert.ok(registration !== undefined && testSteps.length === 5);
    insert(registration);
    const passing = testSteps.flatMap((step) => step.passing);
    allAre(false, passing, await outcomesOf(passing));
  });

  test('steps 2 to 7: after each step its tests pass, and in the end all tests of the protocol', async () => {
    for (const insertion of joining.insertions.slice(1)) insert(insertion);
    for (const { insertions, passing } of testSteps) {
      for (const insertion of insertions) insert(insertion);
      allAre(true, passing, await outcomesOf(passing));
    }
    const matrix = joining.passing.map(({ path }) => path);
    const privacy = ['replay', 'visibility'].map((name) => `test/privacy/${name}.test.ts`);
    const cells = await outcomes([...matrix, ...privacy], ['parrot', 'every pair', 'no two']);
    allAre(true, joining.passing, cells);
    for (const { name } of protocols)
      for (const pair of [`parrot -> ${name}`, `${name} -> parrot`])
        assert.ok(cells.has(`matrix: ${pair}: lobby message`), pair);
    assert.deepEqual(
      [...cells].filter(([, ok]) => !ok),
      [],
    );
  });

  test('steps 8 to 17: each named test exists and passes', async () => {
    const passing = steps.flatMap((step) => step.passing).filter(({ path }) => !path.startsWith(FOLDER));
    const left = passing.filter((passed) => ![joining, ...testSteps].some((step) => step.passing.includes(passed)));
    allAre(true, left, await outcomesOf(left));
  });

  test('outside of its folder and of the tests the protocol is one line, and the document shows all changes', () => {
    const now = [...files()];
    const fresh = now.map(([path]) => path).filter((path) => !old.has(path));
    assert.deepEqual(
      fresh.filter((path) => !path.startsWith(FOLDER) && !/^test\/[^/]+\/[^/]+\/parrot\.ts$/.test(path)),
      [],
    );
    const changed = now.filter(([path, text]) => old.has(path) && old.get(path) !== text);
    const shown = changed.map(([path, text]) => ({ path, lines: addedLines(old.get(path) ?? '', text) }));
    const told = [registration, ...rest].map((insertion) => ({
      path: insertion?.path ?? '',
      lines: [...(insertion?.lines ?? [])],
    }));
    const byPath = (one: { path: string }, other: { path: string }) => (one.path < other.path ? -1 : 1);
    assert.deepEqual(shown.sort(byPath), told.sort(byPath));
    assert.deepEqual(
      shown.filter(({ path }) => !/^(?:test|bench)\//.test(path)),
      [{ path: 'src/protocols/registry.ts', lines: ["export { parrot } from './parrot/index.ts';"] }],
    );
  });

  test('a server with the protocol passes the smoke test', async () => {
    const { code, output } = await run('scripts/smoke.ts');
    assert.equal(code, 0, output);
    assert.match(output, /^parrot: entered, spoke, left$/m);
  });

  const touched = () => [
    FOLDER,
    ...readTree(['test'], '/parrot.ts', copy).map(({ path }) => path),
    ...[registration, ...rest].map((insertion) => insertion?.path ?? ''),
  ];

  for (const [what, args] of [
    ['formatted', () => ['node_modules/@biomejs/biome/bin/biome', 'format', ...touched()]],
    ['without faults', () => ['node_modules/oxlint/bin/oxlint', ...touched()]],
    ['of the right types', () => ['node_modules/typescript/bin/tsc', '-p', '.']],
    ['in its layers', () => ['scripts/check-layers.ts']],
    ['tested rule by rule', () => ['scripts/check-rules.ts']],
    ['used, all of it', () => ['node_modules/knip/bin/knip.js']],
  ] as const) {
    test(`the result is ${what}`, async () => {
      const { code, output } = await run(...args());
      assert.equal(code, 0, output);
    });
  }
});
