import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Log } from '../../core/ports.ts';
import { reasonOf } from '../../lib/reason.ts';
import { buildPage } from './build.ts';
import { INDEX } from './bundle.ts';
import { digestOfSources } from './digest.ts';
import { type KeptPage, keepPage, readKeptPage } from './kept.ts';
import type { WebPage } from './page.ts';

/** The folder of this project. */
export const PROJECT = fileURLToPath(new URL('../../..', import.meta.url));

/**
 * The page of the project in `root`: the one that was built before if its sources are the same or gone, else a new one, which
 * is kept in `dist/web`. Null, with a line in the log, if there is none. Never rejects.
 */
export async function loadPage(root: string, log: Log): Promise<WebPage | null> {
  const dist = join(root, 'dist');
  const kept = await readKeptPage(dist);
  if (kept !== null && (await isFresh(root, kept))) return kept; // SERVER-241
  log.info('building-web-page');
  try {
    const built = await buildPage(root);
    await keepPage(dist, built).catch((error: unknown) => log.warn('web-page-not-kept', { reason: reasonOf(error) })); // SERVER-243
    return built;
  } catch (error) {
    log.error('web-page-failed', { reason: reasonOf(error) }); // SERVER-242
    return null;
  }
}

async function isFresh(root: string, { inputs, digest }: KeptPage): Promise<boolean> {
  return !existsSync(join(root, INDEX)) || (await digestOfSources(root, inputs)) === digest;
}
