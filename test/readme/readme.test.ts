import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { ROOT } from '../../scripts/lib/tree.ts';
import { BrowserPage, noBrowser } from '../../testing/browser.ts';
import { lastFirst } from '../../testing/last-first.ts';
import { enterAsGuest, messageOf, say as write } from '../../testing/web-actions.ts';
import { WebClients } from '../../testing/web-client.ts';
import { type Block, printed, readmeBlocks } from './blocks.ts';
import { PrintedProject, type TypedProgram } from './printed-project.ts';

const clients = new WebClients({ after });
const blocks = readmeBlocks();
const part = (heading: string) => blocks.filter((block) => block.heading === heading);
const missing = ['nc', 'script', 'npm'].filter((name) => spawnSync('sh', ['-c', `command -v ${name}`]).status !== 0);
const skip = noBrowser || (missing.length > 0 && `needs ${missing.join(' and ')} (netcat-openbsd, bsdutils, npm)`);

/** A way to enter a block: in which pieces. */
type Way = (block: Block) => readonly string[];
const ways: { readonly [name: string]: Way } = {
  pasted: ({ lines }) => [lines.join('\n')],
  'typed line by line': ({ lines }) => lines,
};

test('README.md has the blocks that are tried here', () => {
  const languages = (heading: string) => part(heading).map(({ language }) => language);
  assert.deepEqual(languages('Start'), ['sh', '']);
  assert.deepEqual(languages('Try the protocols'), ['js', '', 'js', '', 'js', '', '', '', 'ts']);
  for (const heading of ['Accounts', 'Units', 'Keep order']) assert.equal(part(heading).length, 1, heading);
});

test('README.md names every page of docs/', () => {
  const page = readFileSync(join(ROOT, 'README.md'), 'utf8');
  const missing = readdirSync(join(ROOT, 'docs')).filter(
    (name) => !page.includes(`](docs/${name.replace(/^decisions$/, 'decisions/')})`),
  );
  assert.deepEqual(missing, []);
});

test('every link from a page of ours to a file leads to one', () => {
  const pages = readdirSync(join(ROOT, 'docs')).filter((name) => name.endsWith('.md'));
  for (const path of [...pages.map((name) => `docs/${name}`), 'README.md', 'CONTRIBUTING.md', 'ARCHITECTURE.md']) {
    const text = readFileSync(join(ROOT, path), 'utf8');
    for (const [, link = ''] of text.matchAll(/\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)/g)) {
      assert.ok(existsSync(join(ROOT, dirname(path), link)), `${path}: ${link}`);
    }
  }
});

for (const [name, way] of Object.entries(ways)) {
  test(`what README.md prints works in a browser, with nc and at a terminal: ${name}`, { skip }, async (t) => {
    const [start] = part('Start')[0]?.lines ?? [];
    const project = await PrintedProject.start(t, withoutComment(start ?? ''));
    const tried = part('Try the protocols');
    const page = await BrowserPage.open(t, project.here('http://localhost:5000/'));
    for (const [index, block] of tried.slice(0, 6).entries()) {
      if (block.language === 'js') await enter(page, way(block));
      else for (const line of block.lines) assert.match(await page.next(), printed(line), `block ${index}`);
    }
    const [, carol] = part('Start');
    const [tom, toto, program] = tried.slice(6);
    assert.ok(carol && tom && toto && program);
    await say(project.run('nc localhost 5000'), way(carol), /"success": ?true/);
    assert.match(await page.next(), /^c2\/MSG carol; \d+; [0-9a-f-]+; hello from a bare socket$/);
    await say(project.run('nc localhost 5000'), way(tom), /"result": ?20\d/);
    assert.match(await page.next(), /^c2\/MSG tom; \d+; [0-9a-f-]+; \(private\) hi!$/);
    await say(project.run('nc localhost 5000'), way(toto), /"status": ?20\d/);
    const bob = await startProgram(project, program);
    assert.match(await page.next(), /^c2\/MSG bob; \d+; [0-9a-f-]+; hello, everybody$/);
    await runAccounts(project);
    for (const heading of ['Units', 'Keep order']) await runOrders(project, heading);
    await bob.until(/kicked|ban|closed|Error/i);
    assert.deepEqual(
      page.lines.filter((line) => !line.startsWith('c2/')),
      [],
    );
  });
}

test('WEB-175 by the first screen of README.md a guest in the page and somebody with nc meet', { skip }, async (t) => {
  const cleanup = lastFirst(t);
  const [start, carol] = part('Start');
  assert.ok(start && carol);
  const project = await PrintedProject.start(cleanup, withoutComment(start.lines[0] ?? ''));
  const { page } = await clients.open(cleanup, project.here('http://localhost:5000'));
  await enterAsGuest(page, 'alice');
  const terminal = project.run('nc localhost 5000');
  await say(terminal, [carol.lines.join('\n')], /"success": ?true/);
  await messageOf(page, 'hello from a bare socket').waitFor();
  await write(page, 'hello from a page');
  await terminal.until(/"user":"alice","msg":"hello from a page"/);
});

/** Types into the console; after a line that opens a socket the person is slower than the connection. */
async function enter(page: BrowserPage, pieces: readonly string[]): Promise<void> {
  for (const piece of pieces) {
    await page.type(piece);
    if (pieces.length > 1)
      await page.type('new Promise((open) => (socket.readyState ? open() : (socket.onopen = open)))');
  }
}

/** Types lines, and waits for as many answers. */
async function say(program: TypedProgram, pieces: readonly string[], answer: RegExp): Promise<void> {
  for (const piece of pieces) {
    program.type(`${piece}\n`);
    for (let lines = piece.split('\n').length; lines > 0; lines--) await program.until(answer);
  }
}

async function startProgram(project: PrintedProject, { lines }: Block): Promise<TypedProgram> {
  project.write('bob.ts', lines);
  const bob = project.run('node scripts/launch.mjs bob.ts');
  await bob.until(/hello, everybody/);
  return bob;
}

async function runAccounts(project: PrintedProject): Promise<void> {
  for (const command of part('Accounts')[0]?.lines ?? []) {
    const program = project.runAtTerminal(withoutComment(command));
    if (/ (create|password) /.test(command)) {
      await program.until(/Password: /);
      program.type('correct horse\r');
      await program.until(/The same again: /);
      program.type('correct horse\r');
    }
    assert.equal(await program.ended(), 0, `${command}\n${program.output}`);
  }
}

async function runOrders(project: PrintedProject, heading: string): Promise<void> {
  for (const command of part(heading)[0]?.lines ?? []) {
    const program = project.run(command);
    assert.equal(await program.ended(), 0, `${command}\n${program.output}`);
  }
}

function withoutComment(command: string): string {
  return command.replace(/ +#.*$/, '');
}

test('SERVER-133 a browser that comes by a name which the server does not know is told what the operator does', {
  skip,
}, async (t) => {
  const [start] = part('Start')[0]?.lines ?? [];
  const command = withoutComment(start ?? '');
  const address = 'http://localhost:5000/';
  const opened = async (options: string) => {
    const project = await PrintedProject.start(t, command + options);
    const page = await BrowserPage.open(t, project.here(address).replace('localhost', 'chat.example.org'));
    return { page, text: String(await page.type('document.getElementById("server").textContent')) };
  };
  const [first] = part('Try the protocols');
  const refused = await opened('');
  assert.match(refused.text, /"missingOption":"--public-host chat\.example\.org"/);
  await enter(refused.page, [first?.lines.join('\n') ?? '']);
  assert.match(await refused.page.next(), /403/);
  assert.equal(await refused.page.next(), 'closed 1006 ');
  const allowed = await opened(' -- --public-host chat.example.org');
  assert.doesNotMatch(allowed.text, /--public-host/);
  await enter(allowed.page, [first?.lines.join('\n') ?? '']);
  assert.equal(await allowed.page.next(), 'c2/ACKNOWLEDGE Parlance');
});
