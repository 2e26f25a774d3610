import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { Condition } from '../../testing/condition.ts';
import { ROOT } from './tree.ts';

const LAUNCHER = ['launch.mjs', 'end-with-parent.mjs', 'lib/installed.mjs', 'lib/install.mjs', 'lib/setup-lock.mjs'];
const NOBODY = 65_534;

/** An npm that installs what the lock file says, and Node if asked to. */
const WORKING_NPM = `
sleep 0.3
case "$1" in
  ci) PACKAGES ;;
  install) mkdir -p node_modules/node/bin; echo "PROGRAM" > node_modules/node/bin/node; chmod 755 node_modules/node/bin/node; echo > node_modules/node/installArchSpecificPackage.js ;;
esac`;

type Packages = { readonly [name: string]: string };
type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string };
type RunOptions = {
  /** The program, relative to the project. */
  readonly file?: string;
  readonly args?: readonly string[];
  /** Runs it as a user that owns nothing; without rights to do so, as this user. */
  readonly stranger?: boolean;
  /** The launcher believes that it runs on Node 20. */
  readonly oldNode?: boolean;
};

/** A project with only the launcher, two packages (`tiny`, and `tool` for development), and an npm that counts its calls. */
export class LaunchedProject {
  readonly folder = mkdtempSync(join(tmpdir(), 'parlance-launch-'));
  readonly #output = new Map<object, { stdout: string; stderr: string }>();
  readonly #said = new Condition();
  readonly #t: TestContext;

  constructor(t: TestContext, npm: string | null = null) {
    this.#t = t;
    t.after(() => {
      chmodSync(this.folder, 0o755);
      rmSync(this.folder, { recursive: true, force: true });
    });
    chmodSync(this.folder, 0o755);
    for (const name of ['scripts/lib', 'bin', 'src', 'test', 'bench', 'examples']) {
      mkdirSync(this.path(name), { recursive: true });
    }
    for (const name of LAUNCHER) copyFileSync(join(ROOT, 'scripts', name), this.path(`scripts/${name}`));
    writeFileSync(this.path('package.json'), '{"scripts":{"postinstall":"exit 1"}}');
    this.lock({ tiny: '1.0.0' });
    this.setNpm(npm);
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  /** Writes the lock file; `tool` 2.0.0 is always in it, for development. */
  lock(packages: Packages): void {
    const locked = Object.entries(packages).map(([name, version]) => [`node_modules/${name}`, { version }]);
    const all = { '': {}, ...Object.fromEntries(locked), 'node_modules/tool': { version: '2.0.0', dev: true } };
    writeFileSync(this.path('package-lock.json'), JSON.stringify({ packages: all }));
  }

  /** Without a script: the npm that works. It says in `calls` how it was called. */
  setNpm(script: string | null = null): void {
    const install = `cp ${this.path('package-lock.json')} lock; ${process.execPath} ${this.path('bin/install.mjs')} "$2"`;
    const program = fakeNode('v26.0.0', 'the Node from npm')
      .replaceAll('"', String.raw`\"`)
      .replaceAll('$', String.raw`\$`);
    const working = WORKING_NPM.replace('PACKAGES', install).replace('PROGRAM', program);
    const record = `echo "$1 $2" >> ${this.path('calls')}`;
    writeFileSync(this.path('bin/npm'), `#!/bin/sh\n${record}\n${script ?? working}\n`, { mode: 0o755 });
    writeFileSync(this.path('bin/install.mjs'), INSTALL);
  }

  /** Puts these packages into node_modules. */
  install(packages: Packages): void {
    for (const [name, version] of Object.entries(packages)) writePackage(this.path(`node_modules/${name}`), version);
  }

  installNode(version: string): void {
    mkdirSync(this.path('node_modules/node/bin'), { recursive: true });
    writeFileSync(this.path('node_modules/node/bin/node'), fakeNode(version, 'the Node here'), { mode: 0o755 });
  }

  move(from: string, to: string): void {
    renameSync(this.path(from), this.path(to));
  }

  /** Everything in a folder, sorted. */
  files(name: string): string[] {
    if (!existsSync(this.path(name))) return [];
    return (readdirSync(this.path(name), { recursive: true }) as string[]).sort();
  }

  /** What a setup left behind. */
  leftovers(): string[] {
    return readdirSync(this.folder).filter((name) => name.startsWith('.setup'));
  }

  /** The calls of npm: the first two arguments of each. */
  get calls(): string[] {
    const file = this.path('calls');
    return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  }

  start(code: string, options: RunOptions = {}): ChildProcessWithoutNullStreams {
    return this.#spawn(process.execPath, this.#arguments(code, options), options);
  }

  /** Starts the launcher as npm does, below a process that does nothing but wait. */
  startByNpm(code: string): ChildProcessWithoutNullStreams {
    const [script = '', ...args] = this.#arguments(code, {});
    const command = [process.execPath, script, ...args].join(' ');
    return this.#spawn('/bin/sh', ['-c', `${command} & wait`], {}, { npm_lifecycle_script: `exec node ${script}` });
  }

  /** What `npm ci` runs at its end. */
  async runPostinstall(options: RunOptions): Promise<Ended> {
    return this.#ended(this.#spawn(process.execPath, ['scripts/launch.mjs', '--with-node'], options));
  }

  async run(code: string, options: RunOptions = {}): Promise<Ended> {
    return this.#ended(this.start(code, options));
  }

  async #ended(child: ChildProcessWithoutNullStreams): Promise<Ended> {
    const [status] = (await once(child, 'close')) as [number | null];
    return { code: status, ...(this.#output.get(child) ?? { stdout: '', stderr: '' }) };
  }

  /** Resolves when the program has printed this. */
  said(child: object, words: string): Promise<void> {
    const output = this.#output.get(child);
    return this.#said.until(() => output?.stdout.includes(words) === true || output?.stderr.includes(words) === true);
  }

  stderrOf(child: object): string {
    return this.#output.get(child)?.stderr ?? '';
  }

  #arguments(code: string, { file = 'src/program.ts', args = [] }: RunOptions): string[] {
    if (!existsSync(this.path(file)) || readFileSync(this.path(file), 'utf8') !== code) {
      writeFileSync(this.path(file), code);
    }
    return ['scripts/launch.mjs', file, ...args];
  }

  #spawn(
    program: string,
    args: readonly string[],
    { stranger = false, oldNode = false }: RunOptions,
    more: NodeJS.ProcessEnv = {},
  ): ChildProcessWithoutNullStreams {
    const { NODE_TEST_CONTEXT: _, npm_lifecycle_script: __, ...inherited } = process.env;
    const PATH = [join(this.folder, 'bin'), dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter);
    const env = { ...inherited, PATH, ...(oldNode ? { NODE_OPTIONS: `--import=${OLD_NODE}` } : {}), ...more };
    const user = stranger && process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
    const child = spawn(program, args, { cwd: this.folder, env, ...user });
    this.#t.after(() => child.kill('SIGKILL'));
    const output = { stdout: '', stderr: '' };
    this.#output.set(child, output);
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (words: string) => {
        output[name] += words;
        this.#said.notify();
      });
    }
    return child;
  }
}

const OLD_NODE = `data:text/javascript,${encodeURIComponent(
  "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.1.0' } })",
)}`;

/** What `npm ci` does with the lock file beside it. */
const INSTALL = `
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
const { packages } = JSON.parse(readFileSync('lock', 'utf8'));
for (const [path, { version, dev }] of Object.entries(packages)) {
  if (path === '' || (dev && process.argv[2] !== '--include=dev')) continue;
  mkdirSync(path, { recursive: true });
  writeFileSync(path + '/package.json', JSON.stringify({ version, main: 'index.js' }));
  writeFileSync(path + '/index.js', "require('./lib')");
  writeFileSync(path + '/lib.js', '');
}`;

function writePackage(folder: string, version: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ version, main: 'index.js' }));
  writeFileSync(join(folder, 'index.js'), "require('./lib')");
  writeFileSync(join(folder, 'lib.js'), '');
}

/** A program that says this version, and otherwise who it is. */
function fakeNode(version: string, words: string): string {
  return `#!/bin/sh\nif [ "$1" = --version ]; then echo ${version}; else echo ${words}; fi\n`;
}
