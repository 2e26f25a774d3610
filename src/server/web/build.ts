import { bundlePage } from './bundle.ts';
import { compressed } from './compress.ts';
import { digestOfSources } from './digest.ts';
import type { KeptPage } from './kept.ts';

/** Builds the page from its sources below `root`; rejects with what is wrong with them. */
export async function buildPage(root: string): Promise<KeptPage> {
  const { template, files, inputs } = await bundlePage(root);
  const assets = await Promise.all(files.map(({ name, bytes }) => compressed(name, bytes)));
  const digest = (await digestOfSources(root, inputs)) ?? 'changed meanwhile';
  return { template, assets, inputs, digest };
}
