import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Asset, Encoding, WebPage } from './page.ts';
import { typeOf } from './types.ts';

/** A built page, and what it was made of. */
export type KeptPage = WebPage & { readonly inputs: readonly string[]; readonly digest: string };

/** The record of a kept page: the sizes of its files, by which one that a crash cut off is noticed. */
type Kept = Omit<KeptPage, 'assets'> & {
  readonly assets: readonly { readonly name: string; readonly sizes: Partial<Record<Encoding, number>> }[];
};

const RECORD = 'page.json';
const ENDINGS: Readonly<Record<Encoding, string>> = { br: '.br', gzip: '.gz', identity: '' };
const UNFINISHED = 'web-unfinished-';
const HOUR = 3_600_000;

/** Reads the page that was kept below `dist`; null if there is none, or not all of it. */
export async function readKeptPage(dist: string): Promise<KeptPage | null> {
  try {
    const folder = join(dist, 'web');
    const record = JSON.parse(await readFile(join(folder, RECORD), 'utf8')) as Kept;
    const assets = await Promise.all(record.assets.map((asset) => readAsset(folder, asset)));
    return { ...record, assets };
  } catch {
    return null;
  }
}

async function readAsset(folder: string, { name, sizes }: Kept['assets'][number]): Promise<Asset> {
  const read = async ([encoding, size]: [string, number]): Promise<[Encoding, Uint8Array]> => {
    const bytes = await readFile(join(folder, name + ENDINGS[encoding as Encoding]));
    if (bytes.length !== size) throw new Error(`${name} is not whole`);
    return [encoding as Encoding, bytes];
  };
  return { name, type: typeOf(name), bodies: new Map(await Promise.all(Object.entries(sizes).map(read))) };
}

/** Keeps a page in `dist/web`, in place of the one before. Whoever reads meanwhile finds a whole one, or none. */
export async function keepPage(dist: string, page: KeptPage): Promise<void> {
  await removeUnfinished(dist);
  const fresh = join(dist, UNFINISHED + randomUUID());
  await mkdir(fresh, { recursive: true });
  try {
    await Promise.all(page.assets.map((asset) => writeAsset(fresh, asset)));
    const assets = page.assets.map(({ name, bodies }) => ({ name, sizes: sizesOf(bodies) }));
    await writeFile(join(fresh, RECORD), JSON.stringify({ ...page, assets } satisfies Kept));
    await replace(join(dist, 'web'), fresh);
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

async function writeAsset(folder: string, { name, bodies }: Asset): Promise<void> {
  for (const [encoding, bytes] of bodies) await writeFile(join(folder, name + ENDINGS[encoding]), bytes);
}

function sizesOf(bodies: Asset['bodies']): Kept['assets'][number]['sizes'] {
  return Object.fromEntries([...bodies].map(([encoding, { length }]) => [encoding, length]));
}

/** A folder with files in it cannot be replaced by renaming, so the old one goes out of the way first. */
async function replace(folder: string, fresh: string): Promise<void> {
  const old = `${fresh}-old`;
  await rename(folder, old).catch(() => {});
  // If this fails, another server has just put its page there.
  await rename(fresh, folder).catch(async (error: unknown) => {
    if ((await readKeptPage(join(folder, '..'))) === null) throw error;
  });
  await rm(old, { recursive: true, force: true });
}

/** Removes what builds have left behind that were killed; a build of another server may still go on. */
async function removeUnfinished(dist: string): Promise<void> {
  const names = await readdir(dist).catch(() => []);
  for (const name of names.filter((each) => each.startsWith(UNFINISHED))) {
    const path = join(dist, name);
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Date.now() }));
    if (mtimeMs < Date.now() - HOUR) await rm(path, { recursive: true, force: true });
  }
}
