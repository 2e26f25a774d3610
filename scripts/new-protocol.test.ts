import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import { protocols } from '../src/protocols/index.ts';
import { copyOfProject } from './lib/copy.ts';
import { type Green, inserted, type Insertion, linesAdded, stepsOf } from './lib/recipe.ts';
import { TEST_FLAGS } from './lib/run.ts';
import { readTree, ROOT } from './lib/tree.ts';
import { newFiles, whyNot } from './new-protocol.ts';

const LIMIT_MS = 500_000;
const FOLDER = 'src/protocols/parrot/';
const DOCUMENT = 'docs/adding-a-protocol.md';
const template = readTree(['src/protocols/template'], '');

test('a protocol has a name that is free wherever it will stand', () => {
  const refused = (name: string) => whyNot(name, template, ['WORLD-01']) ?? '';
  for (const name of ['parrot', 'irc', 'p9']) assert.equal(refused(name), '', name);
  for (const name of ['', 'p', 'Parrot', '9p', 'par-rot', 'p'.repeat(17), 'ünder'])
    assert.match(refused(name), /letters/);
  for (const name of ['c2', 'tls', 'ports', 'zeromq']) assert.match(refused(name), /configuration/, name);
  assert.match(refused('world'), /rules/);
  for (const name of ['new', 'await', 'eval', 'sniff', 'encode', 'alice', 'template'])
    assert.match(refused(name), /code/, name);
});

test('nothing of the template’s name is left in what is copied', () => {
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
  const [line, ...rest] = steps.flatMap(({ insertions }) => insertions);
  const knowing = others.filter(({ insertions }) => insertions.length > 0);
  let copy: string;
  let old: ReadonlyMap<string, string>;

  /** All of the copy but the dependencies, which are a link. */
  const files = () => {
    const top = readdirSync(copy, { withFileTypes: true });
    const folders = top.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    const loose = top.filter((entry) => entry.isFile()).map(({ name: path }) => ({ path, text: read(path) }));
    return new Map([...readTree(folders, '', copy), ...loose].map(({ path, text }) => [path, text]));
  };

  const read = (path: string) => readFileSync(join(copy, path), 'utf8');

  before(() => {
    copy = copyOfProject();
    old = files();
  });
  after(() => rmSync(copy, { recursive: true }));

  const insert = (insertion: Insertion) =>
    writeFileSync(join(copy, insertion.path), inserted(read(insertion.path), insertion));

  /** Runs a program there, which is nobody's test even if it runs tests. */
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

  /** How the tests with any of these words in their titles end; all of them if there are no words. */
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

  const outcomesOf = (greens: readonly Green[]) =>
    outcomes(
      greens.map(({ path }) => path),
      greens.map(({ title }) => title),
    );

  function allAre(good: boolean, greens: readonly Green[], found: ReadonlyMap<string, boolean>): void {
    assert.deepEqual(
      greens.map(({ title }) => [title, found.get(title)]),
      greens.map(({ title }) => [title, good]),
    );
  }

  test('step 1: the copy passes the first case of the shared suite, and all tests of its own', async () => {
    const { code, output } = await run('scripts/new-protocol.ts', 'parrot');
    assert.deepEqual([code, output.includes(`\n  ${line?.lines.join()}\n`)], [0, true], output);
    const own = steps.flatMap(({ greens }) => greens).filter(({ path }) => path.startsWith(FOLDER));
    const found = await outcomes([`${FOLDER}*.test.ts`]);
    allAre(true, own, found);
    assert.deepEqual(
      [...found].filter(([, ok]) => !ok),
      [],
    );
    assert.equal(copying.greens[0]?.title, 'who joins and speaks is answered, and heard by the others, once each');
  });

  test('step 1 overwrites nothing', async () => {
    const path = `${FOLDER}codec.ts`;
    const mine = `${read(path)}// mine\n`;
    writeFileSync(join(copy, path), mine);
    assert.equal((await run('scripts/new-protocol.ts', 'parrot')).code, 1);
    rmSync(join(copy, FOLDER, 'SPEC.md'));
    const { code, output } = await run('scripts/new-protocol.ts', 'parrot');
    assert.deepEqual([code, output], [1, `${FOLDER}codec.test.ts is there already\n`]);
    assert.equal(read(path), mine);
    rmSync(join(copy, FOLDER), { recursive: true });
    for (const { path: test } of readTree(['test'], '/parrot.ts', copy)) rmSync(join(copy, test));
    assert.equal((await run('scripts/new-protocol.ts', 'parrot')).code, 0);
  });

  test('step 2: after the one line the tests that know all protocols fail', async () => {
    assert.ok(line !== undefined && knowing.length === 5);
    insert(line);
    const greens = knowing.flatMap((step) => step.greens);
    allAre(false, greens, await outcomesOf(greens));
  });

  test('steps 2 to 7: each turns green what it says, and whatever else names the protocol is', async () => {
    for (const insertion of joining.insertions.slice(1)) insert(insertion);
    for (const { insertions, greens } of knowing) {
      for (const insertion of insertions) insert(insertion);
      allAre(true, greens, await outcomesOf(greens));
    }
    const matrix = joining.greens.map(({ path }) => path);
    const privacy = ['replay', 'visibility'].map((name) => `test/privacy/${name}.test.ts`);
    const cells = await outcomes([...matrix, ...privacy], ['parrot', 'every pair', 'no two']);
    allAre(true, joining.greens, cells);
    for (const { name } of protocols)
      for (const pair of [`parrot -> ${name}`, `${name} -> parrot`])
        assert.ok(cells.has(`matrix: ${pair}: lobby message`), pair);
    assert.deepEqual(
      [...cells].filter(([, ok]) => !ok),
      [],
    );
  });

  test('steps 8 to 17: each test that is named is there, and green', async () => {
    const greens = steps.flatMap((step) => step.greens).filter(({ path }) => !path.startsWith(FOLDER));
    const left = greens.filter((green) => ![joining, ...knowing].some((step) => step.greens.includes(green)));
    allAre(true, left, await outcomesOf(left));
  });

  test('all of it is one line outside its folder and outside the tests, and all that the document shows', () => {
    const now = [...files()];
    const fresh = now.map(([path]) => path).filter((path) => !old.has(path));
    assert.deepEqual(
      fresh.filter((path) => !path.startsWith(FOLDER) && !/^test\/[^/]+\/[^/]+\/parrot\.ts$/.test(path)),
      [],
    );
    const changed = now.filter(([path, text]) => old.has(path) && old.get(path) !== text);
    const shown = changed.map(([path, text]) => ({ path, lines: linesAdded(old.get(path) ?? '', text) }));
    const told = [line, ...rest].map((insertion) => ({
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

  test('a server that speaks it can be entered', async () => {
    const { code, output } = await run('scripts/smoke.ts');
    assert.equal(code, 0, output);
    assert.match(output, /^parrot: entered, spoke, left$/m);
  });

  const touched = () => [
    FOLDER,
    ...readTree(['test'], '/parrot.ts', copy).map(({ path }) => path),
    ...[line, ...rest].map((insertion) => insertion?.path ?? ''),
  ];

  for (const [what, args] of [
    ['formatted', () => ['node_modules/@biomejs/biome/bin/biome', 'format', ...touched()]],
    ['without faults', () => ['node_modules/oxlint/bin/oxlint', ...touched()]],
    ['of the right types', () => ['node_modules/typescript/bin/tsc', '-p', '.']],
    ['in its layers', () => ['scripts/check-layers.ts']],
    ['tested rule by rule', () => ['scripts/check-rules.ts']],
    ['used, all of it', () => ['node_modules/knip/bin/knip.js']],
  ] as const) {
    test(`what came of it is ${what}`, async () => {
      const { code, output } = await run(...args());
      assert.equal(code, 0, output);
    });
  }
});
