// Runs a file of this project with what it needs: `node scripts/launch.mjs FILE [ARGUMENT ...]`.
// Works on any Node from 20 on. Sets up what is missing (a newer Node, the dependencies), says so, and does nothing the next time.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NODE_NEEDED = '24.7.0';
const NODE_INSTALLED = '26.10.0';
const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const MODULES = join(ROOT, 'node_modules');
const LOCAL_NODE = join(MODULES, 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
const STAMP = join(MODULES, '.parlance-setup');

function isAtLeast(version, needed) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [neededMajor = 0, neededMinor = 0] = needed.split('.').map(Number);
  return major > neededMajor || (major === neededMajor && minor >= neededMinor);
}

function npm(what, args) {
  process.stderr.write(`parlance: ${what} ...\n`);
  const run = spawnSync('npm', [...args, '--no-fund', '--no-audit', '--loglevel=error'], {
    cwd: ROOT,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (run.status === 0) return;
  process.stderr.write(`parlance: that failed. Is npm there, and its registry reachable? Then run the same command again.\n`);
  process.exit(1);
}

const goodNode = isAtLeast(process.versions.node, NODE_NEEDED);
const lock = createHash('sha256').update(readFileSync(join(ROOT, 'package-lock.json'))).digest('hex');
const ready = existsSync(STAMP) && readFileSync(STAMP, 'utf8') === lock;
if (!ready) npm('installing dependencies', ['ci']);
if (!goodNode && !existsSync(LOCAL_NODE)) {
  npm(`this is Node ${process.versions.node}; installing Node ${NODE_INSTALLED} beside the dependencies`, [
    'install', '--no-save', '--no-package-lock', `node@${NODE_INSTALLED}`,
  ]);
}
if (!ready) writeFileSync(STAMP, lock);

const node = goodNode ? process.execPath : LOCAL_NODE;
const path = `${dirname(node)}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH ?? ''}`;
const child = spawn(node, ['--disable-warning=ExperimentalWarning', ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: { ...process.env, PATH: path },
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(signal === null ? (code ?? 1) : 128 + (signal === 'SIGINT' ? 2 : signal === 'SIGTERM' ? 15 : 9)));
