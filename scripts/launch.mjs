// Runs a file of this project: `node scripts/launch.mjs [FLAG ...] FILE [ARGUMENT ...]`. Works on any Node from 20 on.
// Where something is missing in node_modules, it first installs the dependencies and, if needed, a newer Node. `npm ci` ends with
// `launch.mjs --with-node`, which installs that Node only, so that a later start needs no network.
import { spawn, spawnSync } from 'node:child_process';
import { constants } from 'node:os';
import { delimiter, dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { hasDevelopmentPackages, misfits } from './lib/installed.mjs';
import { installDependencies, installNode } from './lib/install.mjs';
import { alone } from './lib/setup-lock.mjs';

const NODE_NEEDED = '24.9.0';
const NODE_INSTALLED = '26.10.0';
const INSTALL_NODE = `install Node ${NODE_NEEDED} or newer (https://nodejs.org)`;
const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const MODULES = join(ROOT, 'node_modules');
const LOCAL_NODE = join(MODULES, 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
const END_WITH_PARENT = pathToFileURL(join(ROOT, 'scripts/end-with-parent.mjs')).href;
/** Without a network npm gives up after seconds, not after a minute. */
const RETRIES = ['--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=5000'];
const NPM_FLAGS = ['--no-fund', '--no-audit', '--loglevel=error', '--prefer-offline', ...RETRIES];
/** Programs that need the packages for development. */
const FOR_DEVELOPMENT = /^(scripts|test|testing|bench|node_modules)[\\/]|\.(test|timing)\.ts$/;
const ONLY_NODE = '--with-node';
const NPM_CHECK_MS = 500;
const MOST_NAMED = 5;

const withDev = isForDevelopment(process.argv.slice(2).find((arg) => !arg.startsWith('-')) ?? '');
// Node in `node_modules` does not count: a new installation replaces it.
const ownNode = isAtLeast(process.versions.node, NODE_NEEDED) && !process.execPath.startsWith(MODULES + sep);
const node = ownNode ? process.execPath : LOCAL_NODE;
let child = null;
let interrupted = false;
let stopping = false;

passSignalsOn();
stopWithNpm();
if (process.argv[2] === ONLY_NODE) {
  if (!hasNode()) await alone(ROOT, async () => hasNode() || (await setUpNode()), say).catch(explain);
  process.exit(0);
}
if (!isReady()) await alone(ROOT, async () => isReady() || (await setUp()), say).catch(explain);
const path = [dirname(node), process.env.PATH ?? ''].join(delimiter);
// Without this flag SIGUSR1 opens Node's debugger until the program has a listener of its own.
const flags = ['--disable-warning=ExperimentalWarning', '--disable-sigusr1', `--import=${END_WITH_PARENT}`];
process.exit(await run(node, [...flags, ...process.argv.slice(2)], { stdio: 'inherit', env: { PATH: path } }));

function isForDevelopment(file) {
  return FOR_DEVELOPMENT.test(relative(ROOT, resolve(file)));
}

function isAtLeast(version, needed) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [neededMajor = 0, neededMinor = 0] = needed.split('.').map(Number);
  return major > neededMajor || (major === neededMajor && minor >= neededMinor);
}

function isReady() {
  return missing().length === 0 && hasNode();
}

function missing() {
  try {
    return misfits(ROOT, withDev);
  } catch (error) {
    return fail(
      `package-lock.json cannot be read (${error.message}). It says what to install: restore it, as with git.`,
    );
  }
}

function hasNode() {
  return ownNode || isFitNode(LOCAL_NODE);
}

/** Whether the program is there, runs on this machine, and is new enough. */
function isFitNode(program) {
  const { status, stdout } = spawnSync(program, ['--version'], { encoding: 'utf8' });
  return status === 0 && isAtLeast(stdout.trim().slice(1), NODE_NEEDED);
}

async function setUp() {
  const wrong = missing();
  if (wrong.length > 0) {
    say(`installing dependencies (${listed(wrong)}) ...`);
    await installDependencies(ROOT, withDev || hasDevelopmentPackages(ROOT), npm);
  }
  if (!hasNode()) await setUpNode();
}

async function setUpNode() {
  say(`installing Node ${NODE_INSTALLED} into node_modules (${NODE_NEEDED} or newer is needed) ...`);
  const installed = await installNode(ROOT, NODE_INSTALLED, { npm, run: runOutside, isFitNode });
  if (!installed) {
    fail(`the npm package "node" has no binary that runs here. ${INSTALL_NODE}, then run the same command again.`);
  }
}

function listed(phrases) {
  const more = phrases.length - MOST_NAMED;
  return [...phrases.slice(0, MOST_NAMED), ...(more > 0 ? [`and ${more} more`] : [])].join(', ');
}

async function npm(folder, ...args) {
  const code = await runOutside('npm', [...args, ...NPM_FLAGS], folder);
  if (code === 0) return;
  const otherwise = args[0] === 'install' ? ` Or: ${INSTALL_NODE}.` : '';
  fail(
    `"npm ${args.join(' ')}" failed. Check that npm is installed and reaches its registry, then run the same command again. node_modules is as it was.${otherwise}`,
  );
}

/** Runs a program without `node_modules` in its PATH, so that it does not run on the Node that is replaced. */
async function runOutside(program, args, cwd) {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const path = folders.filter((folder) => !folder.startsWith(MODULES)).join(delimiter);
  const code = await run(program, args, { stdio: ['ignore', 2, 2], env: { PATH: path }, cwd });
  if (interrupted) process.exit(code);
  return code;
}

/** Runs a program and resolves with its exit code as a shell gives it. */
function run(program, args, { stdio, env, cwd }) {
  return new Promise((resolve) => {
    const shell = process.platform === 'win32' && program === 'npm';
    child = spawn(program, args, { stdio, shell, cwd, env: { ...process.env, ...env } });
    child.on('error', (error) => {
      say(`${program}: ${error.message}`);
      resolve(127);
    });
    child.on('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal]));
  });
}

/** A listener for SIGUSR1 also keeps Node from opening its debugger. */
function passSignalsOn() {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => passOn(signal));
  for (const signal of ['SIGUSR1', 'SIGUSR2']) process.on(signal, () => {});
}

function passOn(signal) {
  interrupted = true;
  // To the server SIGHUP may mean that it should go on.
  if (signal !== 'SIGHUP') stopping = true;
  if (child === null) process.exit(128 + constants.signals[signal]);
  child.kill(signal);
}

/** npm dies of signals that it does not pass on; without it nobody would stop the program. */
function stopWithNpm() {
  if (!process.env.npm_lifecycle_script?.includes('scripts/launch.mjs')) return;
  const npm = process.ppid;
  const check = () => {
    if (process.ppid === npm) return;
    clearInterval(timer);
    if (!stopping) passOn('SIGTERM');
  };
  const timer = setInterval(check, NPM_CHECK_MS).unref();
}

function explain(error) {
  const wrong = [...missing(), ...(hasNode() ? [] : [`Node ${NODE_NEEDED} or newer is missing`])];
  fail(
    `node_modules does not fit package-lock.json (${listed(wrong)}) and cannot be mended here (${error.message}). Run "npm ci" in ${ROOT} as the owner of that folder.`,
  );
}

function say(words) {
  process.stderr.write(`parlance: ${words}\n`);
}

/** `npm ci` itself has succeeded, also where Node could not be fetched. */
function fail(words) {
  say(words);
  process.exit(process.argv[2] === ONLY_NODE ? 0 : 1);
}
