import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { BuildOptions, Metafile } from 'esbuild';
import { type NamedFile, readStaticFiles } from './static-files.ts';
import { fillTemplate } from './template.ts';

/** The files that begin the page, and the names by which `index.html` knows them. */
const ENTRIES = [
  { in: 'web/main.tsx', out: 'main' },
  { in: 'web/style/main.css', out: 'main' },
];
export const INDEX = 'web/index.html';

/** How the page is built, without where. */
export const OPTIONS = {
  entryPoints: ENTRIES,
  entryNames: '[name]-[hash]',
  chunkNames: '[name]-[hash]',
  assetNames: '[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'browser',
  target: 'es2022',
  minify: true,
  charset: 'utf8',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  tsconfigRaw: '{}',
  loader: { '.svg': 'file', '.png': 'file', '.webp': 'file' },
  metafile: true,
  write: false,
  logLevel: 'silent',
} as const satisfies BuildOptions;

/** The files of the page before they are compressed. */
export type Bundle = {
  readonly template: string;
  readonly files: readonly { readonly name: string; readonly bytes: Uint8Array }[];
  /** What the bundler read, relative to the root. */
  readonly inputs: readonly string[];
};

/** Bundles the page below `root`; esbuild works in a process of its own, which ends with it. Rejects with what is wrong. */
export async function bundlePage(root: string): Promise<Bundle> {
  // Imported here: a server whose page is built already does not need it.
  const { build, stop } = await import('esbuild');
  try {
    const options = { ...OPTIONS, entryPoints: [...ENTRIES], absWorkingDir: root, outdir: join(root, 'web') };
    const { metafile, outputFiles } = await build(options);
    const statics = await readStaticFiles(root);
    const built = outputFiles.map(({ path, contents }) => ({ name: basename(path), bytes: contents }));
    const names = new Map([
      ...entryNames(metafile),
      ...statics.map(({ source, name }): [string, string] => [source, name]),
    ]);
    const template = fillTemplate(await readFile(join(root, INDEX), 'utf8'), names, preloads(metafile));
    return { template, files: [...built, ...statics.map(withoutSource)], inputs: Object.keys(metafile.inputs).sort() };
  } finally {
    await stop();
  }
}

function withoutSource({ name, bytes }: NamedFile): Bundle['files'][number] {
  return { name, bytes };
}

/** `main.js` and `main.css` with the names that they got. */
function entryNames({ outputs }: Metafile): [string, string][] {
  return Object.entries(outputs)
    .filter(([, { entryPoint }]) => ENTRIES.some((entry) => entry.in === entryPoint))
    .map(([path]) => [basename(path).replace(/-[^-]*(?=\.\w+$)/, ''), basename(path)]);
}

/** The chunks that the script needs before it can start. */
function preloads({ outputs }: Metafile): string[] {
  const isScript = ([path, { entryPoint }]: [string, Metafile['outputs'][string]]) =>
    path.endsWith('.js') && ENTRIES.some((entry) => entry.in === entryPoint);
  const needed = new Set(
    Object.entries(outputs)
      .filter(isScript)
      .map(([path]) => path),
  );
  const entries = new Set(needed);
  for (const path of needed) {
    for (const { path: next, kind } of outputs[path]?.imports ?? []) if (kind === 'import-statement') needed.add(next);
  }
  return [...needed.difference(entries)].map((path) => basename(path)).sort();
}
