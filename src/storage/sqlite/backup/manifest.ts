import { createHash } from 'node:crypto';
import { createReadStream, readFileSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DATABASE, sync } from './files.ts';

const FORMAT = 1;
/** The file in a backup that says what belongs to it. */
const MANIFEST = 'backup.json';

/** What is in a backup: its files by their path in it, and the rows of the database's tables. */
export type Manifest = {
  readonly format: typeof FORMAT;
  /** When the backup began: everything acknowledged before is in it. */
  readonly made: string;
  readonly rows: Readonly<Record<string, number>>;
  readonly files: Readonly<Record<string, { readonly bytes: number; readonly sha256: string }>>;
};

/** Describes the files in a directory; writes, syncs and returns the description. */
export async function writeManifest(directory: string, made: string, rows: Manifest['rows']): Promise<Manifest> {
  const manifest: Manifest = { format: FORMAT, made, rows, files: await describeFiles(directory) };
  const file = join(directory, MANIFEST);
  writeFileSync(file, `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600, flag: 'wx' }); // STORE-85
  sync(file);
  return manifest;
}

/** Reads the manifest of a backup and compares its files with it; throws a sentence about the first difference. */
export async function checkManifest(directory: string): Promise<Manifest> {
  const manifest = readManifest(directory);
  const found = await describeFiles(directory);
  for (const [path, expected] of Object.entries(manifest.files)) {
    const file = found[path];
    if (file === undefined) throw new Error(`the backup ${directory} lacks the file ${path}`);
    const isSame = file.bytes === expected.bytes && file.sha256 === expected.sha256;
    if (!isSame) throw new Error(`the backup ${directory} is damaged: ${path} is not what was written`); // STORE-86
  }
  const extra = Object.keys(found).find((path) => manifest.files[path] === undefined);
  if (extra !== undefined) throw new Error(`the backup ${directory} has a file that does not belong to it: ${extra}`); // STORE-86
  return manifest;
}

function readManifest(directory: string): Manifest {
  const manifest = parse(directory);
  if (manifest.format !== FORMAT) throw new Error(`the backup ${directory} was made by another version of Parlance`);
  if (manifest.files?.[DATABASE] === undefined || manifest.rows === undefined || manifest.made === undefined)
    throw new Error(`the backup ${directory} is damaged: ${MANIFEST} is incomplete`);
  return manifest as Manifest;
}

function parse(directory: string): Partial<Manifest> {
  try {
    return JSON.parse(readFileSync(join(directory, MANIFEST), 'utf8')) as Partial<Manifest>;
  } catch (error) {
    throw new Error(`${directory} is no backup: it has no readable ${MANIFEST}`, { cause: error });
  }
}

async function describeFiles(directory: string): Promise<Manifest['files']> {
  const files: [string, Manifest['files'][string]][] = [];
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    const name = path.slice(directory.length + 1);
    if (entry.isFile() && name !== MANIFEST) files.push([name, await describe(path)]);
  }
  return Object.fromEntries(files.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

async function describe(path: string): Promise<Manifest['files'][string]> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(path)) {
    const piece = chunk as Buffer;
    bytes += piece.length;
    hash.update(piece);
  }
  return { bytes, sha256: hash.digest('hex') };
}
