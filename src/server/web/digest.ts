import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { INDEX, OPTIONS } from './bundle.ts';
import { STATIC, staticNames } from './static-files.ts';

const PACKAGE = /\bnode_modules\/((?:@[^/]+\/)?[^/]+)\//;

/**
 * A digest over everything that a page is made of: these sources, `index.html`, the files in `web/static`, the packages of the
 * sources and the bundler, and its options. Null if a source is not there.
 */
export async function digestOfSources(root: string, inputs: readonly string[]): Promise<string | null> {
  const statics = (await staticNames(root)).map((name) => `${STATIC}/${name}`);
  const paths = [...inputs, INDEX, ...statics];
  const manifests = packagesOf(inputs).map((name) => join(root, 'node_modules', name, 'package.json'));
  const digest = createHash('sha256').update(JSON.stringify([OPTIONS, paths]));
  try {
    // A path may lead elsewhere than it did; then the sources are the old ones, and the manifest is another.
    const versions = manifests.map((path) => readFile(path).catch(() => Buffer.of()));
    const files = await Promise.all([...versions, ...paths.map((path) => readFile(join(root, path)))]);
    for (const file of files) digest.update(`${file.length}\n`).update(file);
    return digest.digest('hex');
  } catch {
    return null;
  }
}

function packagesOf(inputs: readonly string[]): string[] {
  return [...new Set(['esbuild', ...inputs.flatMap((path) => PACKAGE.exec(path)?.[1] ?? [])])];
}
