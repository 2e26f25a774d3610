// What is in node_modules, compared with package-lock.json.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The files that code loads from its own package. */
const LOADED = /(?:require\(|\bfrom|\bimport|import\()\s*['"](\.{1,2}\/[^'"\n]+)['"]/g;

/**
 * What keeps `folder/node_modules` from being what `folder/package-lock.json` asks for, as phrases such as "ws is
 * missing"; empty if it fits. Packages for development count only if `withDev`. Nothing is written.
 */
export function misfits(folder, withDev) {
  return Object.entries(lockedPackages(folder)).flatMap(([path, wanted]) => {
    if (path === '' || wanted.link || (wanted.dev && !withDev)) return [];
    const misfit = misfitOf(join(folder, path), wanted, withDev);
    return misfit === null ? [] : [`${path.replace('node_modules/', '')} ${misfit}`];
  });
}

/** Whether packages for development were installed, so that a new installation must have them too. */
export function hasDevelopmentPackages(folder) {
  return Object.entries(lockedPackages(folder)).some(([path, { dev }]) => dev && existsSync(join(folder, path)));
}

function lockedPackages(folder) {
  return JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8')).packages ?? {};
}

function misfitOf(folder, wanted, withDev) {
  const found = manifestOf(folder);
  if (found === 'missing') return isOptional(wanted, withDev) ? null : 'is missing';
  if (found === 'damaged') return 'cannot be read';
  if (found.version !== wanted.version) return `is ${found.version} instead of ${wanted.version}`;
  const isWhole = wanted.dev ? isFile : isWholeFile;
  return entries(found).every((entry) => isWhole(join(folder, entry))) ? null : 'is incomplete';
}

/** npm leaves out what does not run on this machine. */
function isOptional({ optional, devOptional, peer }, withDev) {
  return Boolean(optional || peer || (devOptional && !withDev));
}

function manifestOf(folder) {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  } catch (error) {
    return error.code === 'ENOENT' || error.code === 'ENOTDIR' ? 'missing' : 'damaged';
  }
}

/** The files that the package names for `import` and `require`. */
function entries({ exports, main }) {
  return exports ? paths(exports) : [main].filter((path) => typeof path === 'string' && path !== '');
}

/** The paths of `exports` in package.json, without patterns, folders, and types, which only compilers read. */
function paths(exports) {
  if (typeof exports === 'string') return /^\.\/[^*]*[^*/]$/.test(exports) ? [exports] : [];
  if (exports === null || typeof exports !== 'object') return [];
  return Object.entries(exports).flatMap(([condition, value]) => (condition.startsWith('types') ? [] : paths(value)));
}

function isFile(path) {
  return fileAt(path) !== undefined;
}

/** Whether the file is there, and those that it loads from its own package. */
function isWholeFile(path) {
  const file = fileAt(path);
  if (file === undefined || !/\.[cm]?js$/.test(file)) return file !== undefined;
  const loaded = [...readFileSync(file, 'utf8').matchAll(LOADED)];
  return loaded.every(([, relative]) => isFile(join(dirname(file), relative)));
}

/** The file that Node loads for a path, which may leave out its end. */
function fileAt(path) {
  const candidates = ['', '.js', '.cjs', '.mjs', '.json', '.node', '/index.js'].map((end) => `${path}${end}`);
  return candidates.find((file) => statSync(file, { throwIfNoEntry: false })?.isFile());
}
