import { hash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';

/** The folder of files that go into the page as they are, relative to the root. */
export const STATIC = 'web/static';

/** A file with the name that it has in the sources, and the one that it gets. */
export type NamedFile = { readonly source: string; readonly name: string; readonly bytes: Uint8Array };

/** The names of the files in `web/static`; none if there is no such folder. */
export async function staticNames(root: string): Promise<string[]> {
  const names = await readdir(join(root, STATIC)).catch(() => []);
  return names.sort();
}

/** Reads the files in `web/static`. A web manifest names the others as they are named in the folder. */
export async function readStaticFiles(root: string): Promise<NamedFile[]> {
  const names = await staticNames(root);
  const read = async (source: string) => ({ source, bytes: await readFile(join(root, STATIC, source)) });
  const all = await Promise.all(names.map(read));
  const isManifest = ({ source }: { source: string }) => source.endsWith('.webmanifest');
  const others = all.filter((file) => !isManifest(file)).map(({ source, bytes }) => named(source, bytes));
  const manifests = all.filter(isManifest).map(({ source, bytes }) => named(source, withNames(bytes, others)));
  return [...others, ...manifests];
}

function withNames(bytes: Uint8Array, files: readonly NamedFile[]): Uint8Array {
  const text = Buffer.from(bytes).toString();
  return Buffer.from(files.reduce((left, { source, name }) => left.replaceAll(`"${source}"`, `"${name}"`), text));
}

function named(source: string, bytes: Uint8Array): NamedFile {
  const end = extname(source);
  const digest = hash('sha256', bytes).slice(0, 8).toUpperCase();
  return { source, name: `${source.slice(0, -end.length)}-${digest}${end}`, bytes };
}
