// Who may import whom. Tests and suites may import anything; everything else in src and web keeps to its layer, without import cycles.
import { posix } from 'node:path';
import { type Import, importsOf } from './lib/imports.ts';
import { viewsOf } from './lib/source.ts';
import { CODE, finish, isTest, readTree, type SourceFile } from './lib/tree.ts';
import { whyNotInWeb } from './lib/web-layers.ts';

/** From bottom to top: a folder imports only from folders before it, and from itself. */
const LAYERS = [
  'lib',
  'core',
  'bus',
  'storage',
  'views',
  'transports',
  'connections',
  'protocols',
  'listing',
  'server',
];
/** The same inside a layer, of folders and files. `*` is what is not named, at the top where it is missing. */
const INSIDE: { readonly [layer: string]: readonly string[] } = {
  core: ['text', 'model', 'ports.ts', 'state', 'engine', 'commands', 'presence', 'services'],
  transports: ['*', 'websocket', 'zmtp', 'accept'],
  connections: ['limits', 'output'],
};
/** Only `server/` chooses among implementations. */
const CHOSEN_BY_SERVER = new Set(['storage', 'bus']);
/** In these the folders below are alternatives that do not know each other. */
const SIBLINGS = new Set(['protocols', 'storage', 'bus']);
const REGISTRY = 'src/protocols/registry.ts';
const FACE = /^src\/protocols\/(?:[^/]+\/index|registry)\.ts$/;
const SDK = /^src\/(?:protocols\/[^/]+|listing)\/client\.ts$/;

/** What breaks the order of layers in these files; only those in `src/` and `web/` are looked at. */
export function checkLayers(files: readonly SourceFile[]): string[] {
  const checked = files.filter(({ path }) => /^(?:src|web)\//.test(path) && !isTest(path));
  return [
    ...checked.flatMap((file) =>
      importsOf(file).flatMap((found) => complaint(file.path, found, whyNot(file.path, found))),
    ),
    ...cyclesOf(checked),
    ...checked.filter(isBarrel).map(({ path }) => `${path}: only re-exports; import from where it is`),
    ...checked.filter(({ path }) => SDK.test(path)).flatMap((file) => checkSdk(file, checked)),
  ];
}

function complaint(path: string, { line, target }: Import, reason: string | null): string[] {
  return reason === null ? [] : [`${path}:${line}: ${target}: ${reason}`];
}

function whyNot(path: string, { target }: Import): string | null {
  const [, layer = '', part] = path.split('/');
  const [top, targetLayer = '', targetPart] = target.split('/');
  if (isTest(target)) return 'only tests import tests';
  if (path.startsWith('web/')) return whyNotInWeb(path, target);
  if (!LAYERS.includes(layer)) return 'this folder has no place among the layers';
  if (!isOwn(target)) return layer === 'core' ? 'core imports no package and nothing of Node' : null;
  if (top !== 'src') return 'src imports nothing from outside src';
  if (LAYERS.indexOf(targetLayer) > LAYERS.indexOf(layer)) return `${layer} is below ${targetLayer}`;
  if (targetLayer !== layer) {
    return CHOSEN_BY_SERVER.has(targetLayer) && layer !== 'server' ? `only server imports ${targetLayer}` : null;
  }
  if (rankOf(layer, targetPart) > rankOf(layer, part)) return `${layer}/${part} is below ${layer}/${targetPart}`;
  const isSibling =
    SIBLINGS.has(layer) && path !== REGISTRY && isFolder(path) && isFolder(target) && part !== targetPart;
  return isSibling ? `${layer}/${part} and ${layer}/${targetPart} do not know each other` : null;
}

function rankOf(layer: string, part = ''): number {
  const order = INSIDE[layer] ?? [];
  const index = order.indexOf(part);
  return index === -1 ? order.indexOf('*') + (order.includes('*') ? 0 : 1 + order.length) : index;
}

/** Each import cycle once, those of types included. */
function cyclesOf(files: readonly SourceFile[]): string[] {
  const targets = new Map(files.map((file) => [file.path, importsOf(file).map(({ target }) => target)]));
  const done = new Set<string>();
  const problems: string[] = [];
  const visit = (path: string, trail: readonly string[]) => {
    if (trail.includes(path))
      problems.push(`an import cycle: ${[...trail.slice(trail.indexOf(path)), path].join(' -> ')}`);
    if (done.has(path)) return;
    done.add(path);
    for (const target of targets.get(path) ?? []) visit(target, [...trail, path]);
  };
  for (const { path } of files) visit(path, []);
  return problems;
}

/** A path in the project, not the name of a package or of a module of Node. */
function isOwn(target: string): boolean {
  return /\.(?:tsx?|mjs|json)$/.test(target);
}

/** True for a file in a folder of a layer, false for one in the layer itself. */
function isFolder(path: string): boolean {
  return path.split('/').length > 3;
}

function isBarrel({ path, text }: SourceFile): boolean {
  if (FACE.test(path)) return false;
  const rest = viewsOf(text).code.replace(/^(?:import|export)\b[^;]*\bfrom\b[^;]*;/gm, '');
  return rest.trim() === '' && /^export\b/m.test(viewsOf(text).code);
}

/** An SDK runs in browsers: what it needs while it runs is in its own folder, beside it for all protocols, or in lib, and is nothing of Node. */
function checkSdk(client: SourceFile, files: readonly SourceFile[]): string[] {
  const folder = posix.dirname(client.path);
  const needed = new Set([client]);
  const problems: string[] = [];
  for (const file of needed) {
    for (const found of importsOf(file).filter(({ typeOnly }) => !typeOnly)) {
      const isShared = posix.dirname(found.target) === posix.dirname(folder);
      const isNear = isShared || found.target.startsWith(`${folder}/`) || found.target.startsWith('src/lib/');
      if (!isNear) problems.push(...complaint(file.path, found, `${client.path} runs in browsers, without this`));
      const next = files.find(({ path }) => path === found.target);
      if (isNear && next) needed.add(next);
    }
  }
  return problems;
}

if (import.meta.main) {
  const files = readTree(['src', 'web'], CODE);
  finish(checkLayers(files), `${files.length} files keep to their layers`);
}
