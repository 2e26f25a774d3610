// Runs a file of this project: `node scripts/launch.mjs [FLAG ...] FILE [ARGUMENT ...]`. Works on any Node from 20 on.
// The first time it installs the dependencies and, if needed, a newer Node.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join, sep } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const NODE_NEEDED = '24.9.0';
const NODE_INSTALLED = '26.10.0';
const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const MODULES = join(ROOT, 'node_modules');
const NODE_PACKAGE = join(MODULES, 'node');
const LOCAL_NODE = join(NODE_PACKAGE, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
const STAMP = join(MODULES, '.parlance-setup');
const SETUP_LOCK = join(ROOT, '.setup.lock');
const NPM_FLAGS = ['--no-fund', '--no-audit', '--loglevel=error'];

// Node in `node_modules` does not count: `npm ci` deletes it, even while it runs this file.
const ownNode = isAtLeast(process.versions.node, NODE_NEEDED) && !process.execPath.startsWith(MODULES + sep);
const node = ownNode ? process.execPath : LOCAL_NODE;
let interrupted = false;
const lockFile = createHash('sha256')
  .update(readFileSync(join(ROOT, 'package-lock.json')))
  .digest('hex');

if (!isReady()) await alone(setUp);
const path = [dirname(node), process.env.PATH ?? ''].join(delimiter);
const args = ['--disable-warning=ExperimentalWarning', ...process.argv.slice(2)];
process.exit(await run(node, args, 'inherit', { PATH: path }));

function isAtLeast(version, needed) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [neededMajor = 0, neededMinor = 0] = needed.split('.').map(Number);
  return major > neededMajor || (major === neededMajor && minor >= neededMinor);
}

function isReady() {
  return hasDependencies() && hasNode();
}

function hasDependencies() {
  return existsSync(STAMP) && readFileSync(STAMP, 'utf8') === lockFile;
}

function hasNode() {
  if (ownNode) return true;
  if (!existsSync(LOCAL_NODE)) return false;
  return JSON.parse(readFileSync(join(NODE_PACKAGE, 'package.json'), 'utf8')).version === NODE_INSTALLED;
}

async function setUp() {
  if (!hasDependencies()) {
    say('installing dependencies ...');
    await npm('ci', '--include=dev');
    writeFileSync(STAMP, lockFile);
  }
  if (hasNode()) return;
  say(`installing Node ${NODE_INSTALLED} into node_modules (${NODE_NEEDED} or newer is needed) ...`);
  // Newer versions of npm do not run install scripts without approval, so this script is run here.
  await npm('install', '--no-save', '--ignore-scripts', `node@${NODE_INSTALLED}`);
  await run('node', ['installArchSpecificPackage'], ['ignore', 2, 2], { PATH: outerPath() }, NODE_PACKAGE);
  if (spawnSync(LOCAL_NODE, ['--version']).status !== 0) {
    fail(
      `the npm package "node" has no binary that runs here. Install Node ${NODE_NEEDED} or newer (https://nodejs.org), then run the same command again.`,
    );
  }
  const link = join(MODULES, '.bin', 'node');
  if (process.platform !== 'win32' && !existsSync(link)) symlinkSync(join('..', 'node', 'bin', 'node'), link);
}

async function npm(...args) {
  const code = await run('npm', [...args, ...NPM_FLAGS], ['ignore', 2, 2], { PATH: outerPath() }, ROOT);
  if (interrupted) process.exit(code);
  if (code !== 0)
    fail(
      `"npm ${args.join(' ')}" failed. Check that npm is installed and reaches its registry, then run the same command again.`,
    );
}

/** The PATH without `node_modules`, so that `npm ci` does not run on the Node that it deletes. */
function outerPath() {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders.filter((folder) => !folder.startsWith(MODULES)).join(delimiter);
}

/** Runs a program, passes signals on to it, and resolves with its exit code as a shell gives it. */
function run(program, args, stdio, env, cwd) {
  return new Promise((resolve) => {
    const shell = process.platform === 'win32' && program === 'npm';
    const child = spawn(program, args, { stdio, shell, cwd, env: { ...process.env, ...env } });
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
      process.on(signal, () => {
        interrupted = true;
        child.kill(signal);
      });
    }
    child.on('error', (error) => {
      say(`${program}: ${error.message}`);
      resolve(127);
    });
    child.on('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal]));
  });
}

/** Lets one process at a time set up; the others wait and then find it done. */
async function alone(work) {
  for (let waits = 0; !takesLock(); waits += 1) {
    if (waits === 0) say(`another setup is running (if not: delete ${SETUP_LOCK}), waiting for it ...`);
    await sleep(200);
  }
  const release = () => rmSync(SETUP_LOCK, { force: true });
  process.on('exit', release);
  if (!isReady()) await work();
  process.off('exit', release);
  release();
}

function takesLock() {
  try {
    writeFileSync(SETUP_LOCK, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    if (isAlive(lockHolder())) return false;
    rmSync(SETUP_LOCK, { force: true });
    return takesLock();
  }
}

/** The process id in the lock file; 0 if it is not written yet, or already removed. */
function lockHolder() {
  try {
    return Number(readFileSync(SETUP_LOCK, 'utf8'));
  } catch {
    return 0;
  }
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function say(words) {
  process.stderr.write(`parlance: ${words}\n`);
}

function fail(words) {
  say(words);
  process.exit(1);
}
