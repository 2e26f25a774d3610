import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import test, { type TestContext } from 'node:test';
import { brotliDecompressSync } from 'node:zlib';
import type { Log } from '../../core/ports.ts';
import { temporaryDirectory } from '../../../testing/temporary.ts';
import { loadPage, PROJECT } from './load.ts';
import type { WebPage } from './page.ts';

const execute = promisify(execFile);
const CHILD = fileURLToPath(new URL('./load.child.ts', import.meta.url));
const INDEX = `<head><link rel="manifest" href="/web/app.webmanifest"><link rel="stylesheet" href="/web/main.css">
<script type="application/json" id="server"></script><script type="module" src="/web/main.js"></script></head>`;
const SOURCES = {
  'web/index.html': INDEX,
  'web/main.tsx':
    "import { word } from './word.ts';\nimport('./late.tsx').then(({ late }) => console.log(word, late));\n",
  'web/word.ts': "export const word: string = 'ocean';\n",
  'web/late.tsx': "import { word } from './word.ts';\nexport const late = <p title={word}>later</p>;\n",
  'web/style/main.css': "@import './colours.css';\nbody { margin: 0 }\n",
  'web/style/colours.css': 'a { color: red }\n',
  'web/static/icon.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>\n',
  'web/static/app.webmanifest': '{ "icons": [{ "src": "icon.svg" }] }\n',
};

/** A project with a small page; `load` returns what it loads and the events that it logs meanwhile. */
function project(t: TestContext) {
  const root = temporaryDirectory(t);
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  for (const [path, text] of Object.entries(SOURCES)) write(path, text);
  symlinkSync(join(PROJECT, 'node_modules'), join(root, 'node_modules'));
  const load = async () => {
    const lines: string[] = [];
    const line: Log['info'] = (event, { reason } = {}) =>
      void lines.push(reason === undefined ? event : `${event}: ${reason}`);
    const page = await loadPage(root, { info: line, warn: line, error: line });
    return { page, lines };
  };
  return { root, write, load, kept: join(root, 'dist/web') };
}

/** Every body of every file of the page. */
function contentOf(page: WebPage | null): string[] {
  const bodies = page?.assets.flatMap(({ name, type, bodies }) =>
    [...bodies].map(([encoding, bytes]) => `${name} ${type} ${encoding} ${Buffer.from(bytes).toString('hex')}`),
  );
  return (bodies ?? []).sort();
}

function textOf(page: WebPage | null, name: RegExp): string {
  const asset = page?.assets.find((candidate) => name.test(candidate.name));
  return Buffer.from(asset?.bodies.get('identity') ?? '').toString();
}

test('SERVER-241 SERVER-246 the page is built from its sources: script, chunks, styles and other files', async (t) => {
  const { page, lines } = await project(t).load();
  assert.deepEqual(lines, ['building-web-page']);
  const names = page?.assets.map(({ name }) => name.replace(/-[0-9A-Z]{8}\./, '-#.')).sort();
  assert.deepEqual(names, ['app-#.webmanifest', 'chunk-#.js', 'icon-#.svg', 'late-#.js', 'main-#.css', 'main-#.js']);
  for (const { name } of page?.assets ?? []) {
    const isLoadedLater = /^(?:late|icon)-/.test(name);
    assert.equal(page?.template.includes(`"/web/${name}"`), !isLoadedLater, name);
  }
  assert.match(textOf(page, /^chunk-/), /ocean/);
  assert.match(textOf(page, /^late-/), /"p"/);
  assert.equal(textOf(page, /\.css$/), 'a{color:red}body{margin:0}\n');
  assert.match(textOf(page, /\.webmanifest$/), /"src": "icon-[0-9A-Z]{8}\.svg"/);
  const chunk = page?.assets.find(({ name }) => name.startsWith('late-'));
  assert.equal(String(brotliDecompressSync(chunk?.bodies.get('br') ?? '')), textOf(page, /^late-/));
});

test('SERVER-241 what was built is used until something that it is made of changes', async (t) => {
  const { load, write, root } = project(t);
  const first = await load();
  const second = await load();
  assert.deepEqual(second.lines, []);
  assert.ok(contentOf(first.page).length > 6);
  assert.deepEqual(contentOf(second.page), contentOf(first.page));
  assert.equal(second.page?.template, first.page?.template);
  write('web/word.test.ts', 'a test is no part of the page');
  assert.deepEqual((await load()).lines, []);
  const changes: readonly (() => void)[] = [
    () => write('web/word.ts', "export const word = 'river';\n"),
    () => write('web/style/colours.css', 'a { color: blue }\n'),
    () => write('web/index.html', INDEX.replace('<head>', '<head><title>Tea</title>')),
    () => write('web/static/icon.svg', '<svg/>'),
    () => write('web/static/new.svg', '<svg/>'),
    () => rmSync(join(root, 'web/static/new.svg')),
    () => {
      rmSync(join(root, 'node_modules'));
      mkdirSync(join(root, 'node_modules'));
      cpSync(join(PROJECT, 'node_modules/preact'), join(root, 'node_modules/preact'), { recursive: true });
      const manifest = 'node_modules/preact/package.json';
      write(manifest, readFileSync(join(root, manifest), 'utf8').replace(/"version": ".*"/, '"version": "99.0.0"'));
    },
  ];
  for (const change of changes) {
    change();
    assert.deepEqual((await load()).lines, ['building-web-page'], String(change));
    assert.deepEqual((await load()).lines, [], String(change));
  }
  const { page } = await load();
  assert.ok(contentOf(page).some((line) => line.includes(Buffer.from('river').toString('hex'))));
});

test('SERVER-241 where the sources are gone, what was built is used', async (t) => {
  const { load, root } = project(t);
  const { page } = await load();
  rmSync(join(root, 'web'), { recursive: true });
  const later = await load();
  assert.deepEqual([later.lines, later.page?.template], [[], page?.template]);
});

test('SERVER-242 the log says what is wrong with the sources, and there is no page', async (t) => {
  const { load, write, root } = project(t);
  for (const [path, text, reason] of [
    [
      'web/main.tsx',
      "import './none.ts';",
      /^web-page-failed: .*web\/main\.tsx:1:7: ERROR: Could not resolve "\.\/none\.ts"/s,
    ],
    ['web/main.tsx', 'let = ;', /^web-page-failed: .*web\/main\.tsx:1/s],
    ['web/index.html', '<head></head>', /^web-page-failed: web\/index\.html has not one <script/],
    ['web/static/page.exe', '', /^web-page-failed: page-\w+\.exe: files of the page end in/],
  ] as const) {
    const before = readOr(join(root, path));
    write(path, text);
    const { page, lines } = await load();
    assert.deepEqual([page, lines[0], lines.length], [null, 'building-web-page', 2], path);
    assert.match(lines[1] ?? '', reason);
    if (before === null) rmSync(join(root, path));
    else write(path, before);
  }
  assert.equal((await load()).lines.length, 1);
  rmSync(join(root, 'web'), { recursive: true });
  rmSync(join(root, 'dist'), { recursive: true });
  const { page, lines } = await load();
  assert.deepEqual([page, lines.length], [null, 2]);
});

function readOr(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

test('SERVER-243 a kept page of which something is missing or cut off is built again', async (t) => {
  const { load, kept } = project(t);
  await load();
  const names = readdirSync(kept);
  assert.ok(names.length > 6);
  const { page } = await load();
  for (const name of names) {
    for (const damage of [
      () => rmSync(join(kept, name)),
      () => writeFileSync(join(kept, name), readFileSync(join(kept, name)).subarray(1)),
    ]) {
      damage();
      const mended = await load();
      assert.deepEqual(mended.lines, ['building-web-page'], name);
      assert.deepEqual(contentOf(mended.page), contentOf(page), name);
    }
  }
  assert.deepEqual((await load()).lines, []);
});

test('SERVER-243 servers that build at once all get the page, keep one, and leave nothing else', async (t) => {
  const { load, root, kept } = project(t);
  const outputs = await Promise.all(
    Array.from({ length: 4 }, () => execute(process.execPath, [CHILD, root], { encoding: 'utf8' })),
  );
  for (const { stdout } of outputs) assert.match(stdout, /^(?:building-web-page\n)?6\n$/);
  assert.ok(outputs.some(({ stdout }) => stdout.startsWith('building')));
  assert.deepEqual(readdirSync(join(root, 'dist')), ['web']);
  assert.ok(readdirSync(kept).includes('page.json'));
  assert.deepEqual((await load()).lines, []);
});

test('SERVER-243 what a killed build left behind is removed once nobody works on it any more', async (t) => {
  const { load, root } = project(t);
  const left = (name: string) => join(root, 'dist', `web-unfinished-${name}`);
  for (const name of ['dead', 'busy']) mkdirSync(left(name), { recursive: true });
  utimesSync(left('dead'), 0, 0);
  await load();
  assert.deepEqual(readdirSync(join(root, 'dist')).sort(), ['web', 'web-unfinished-busy']);
});

test('SERVER-243 a page that cannot be kept is served all the same', async (t) => {
  const { load, root } = project(t);
  writeFileSync(join(root, 'dist'), 'this is no folder');
  const { page, lines } = await load();
  assert.match(textOf(page, /^chunk-/), /ocean/);
  assert.equal(lines.length, 2);
  assert.match(lines[1] ?? '', /^web-page-not-kept: /);
});
