// Installs into a folder of its own; node_modules is replaced when everything is there, by renaming.
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const SETUP = '.setup';

/** Replaces node_modules by what package-lock.json asks for; Node in it stays. `npm` must not return if it fails. */
export async function installDependencies(root, withDev, npm) {
  await inSetup(root, async (setup) => {
    const { scripts: _, ...manifest } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    writeFileSync(join(setup, 'package.json'), JSON.stringify(manifest)); // our own scripts are not for this folder
    for (const name of ['package-lock.json', '.npmrc']) {
      if (existsSync(join(root, name))) copyFileSync(join(root, name), join(setup, name));
    }
    await npm(setup, 'ci', withDev ? '--include=dev' : '--omit=dev');
    const [fresh, current] = [join(setup, 'node_modules'), join(root, 'node_modules')];
    mkdirSync(fresh, { recursive: true });
    const node = join(current, 'node');
    if (existsSync(node)) cpSync(node, join(fresh, 'node'), { recursive: true, verbatimSymlinks: true });
    replace(current, fresh, join(root, SETUP, 'old'));
  });
}

/** Puts the npm package `node` into node_modules; false, and nothing changes, if its program does not run here. */
export function installNode(root, version, { npm, run, isFitNode }) {
  return inSetup(root, async (setup) => {
    writeFileSync(join(setup, 'package.json'), '{}');
    // Newer versions of npm do not run install scripts without approval, so this script is run here.
    await npm(setup, 'install', '--no-save', '--ignore-scripts', `node@${version}`);
    const fresh = join(setup, 'node_modules/node');
    await run('node', ['installArchSpecificPackage'], fresh);
    if (!isFitNode(join(fresh, 'bin', process.platform === 'win32' ? 'node.exe' : 'node'))) return false;
    mkdirSync(join(root, 'node_modules'), { recursive: true });
    replace(join(root, 'node_modules/node'), fresh, join(root, SETUP, 'old'));
    return true;
  });
}

async function inSetup(root, work) {
  const all = join(root, SETUP);
  const old = join(all, 'old');
  // A setup that was killed between its two renames.
  if (existsSync(old) && !existsSync(join(root, 'node_modules'))) renameSync(old, join(root, 'node_modules'));
  const clear = () => rmSync(all, { recursive: true, force: true });
  clear();
  // The npm of a setup that was killed may still write into the folder of that one.
  const setup = join(all, String(process.pid));
  mkdirSync(setup, { recursive: true });
  process.on('exit', clear);
  const result = await work(setup);
  process.off('exit', clear);
  clear();
  return result;
}

function replace(current, fresh, old) {
  const exists = existsSync(current);
  if (exists) renameSync(current, old);
  try {
    renameSync(fresh, current);
  } catch (error) {
    if (exists) renameSync(old, current);
    throw error;
  }
}
