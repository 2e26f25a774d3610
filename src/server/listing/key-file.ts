import { readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../core/ports.ts';
import { parseJson } from '../../lib/json.ts';
import { isKey } from '../../listing/client/answers.ts';
import { syncDirectory, writeSynced } from '../synced-file.ts';

/** Backups leave both names out: a copy of the data elsewhere must not take over the entry. SERVER-218 */
const NAME = 'listing.json';
const UNFINISHED = 'listing.json.new';

/** Keeps the key of the server's entry in a directory of servers across restarts. */
export class KeyFile {
  readonly #directory: string;
  readonly #url: string;
  readonly #clock: Pick<Clock, 'now'>;

  /** The key is that of the listing service at `url`. */
  constructor(dataDirectory: string, url: string, clock: Pick<Clock, 'now'>) {
    this.#directory = dataDirectory;
    this.#url = url;
    this.#clock = clock;
  }

  /** The key that was saved; null if there is none, it belongs to another service, or it cannot be read. */
  async load(): Promise<string | null> {
    const bytes = await readFile(join(this.#directory, NAME)).catch(() => null);
    const json = bytes && parseJson(bytes);
    if (!json?.ok || typeof json.value !== 'object' || json.value === null) return null; // SERVER-216
    const { url, key } = { url: null, key: null, ...json.value };
    return url === this.#url && isKey(key) ? key : null; // SERVER-216
  }

  /** Saves a key; resolves when it is on the disk, and rejects with the error of the system. */
  async save(key: string): Promise<void> {
    const unfinished = join(this.#directory, UNFINISHED);
    await rm(unfinished, { force: true }); // Of a server that was killed.
    const content = `${JSON.stringify({ url: this.#url, key })}\n`;
    await writeSynced(unfinished, content, this.#clock.now() / 1_000); // SERVER-216
    await rename(unfinished, join(this.#directory, NAME));
    await syncDirectory(this.#directory); // SERVER-216
  }

  /** Removes the key; rejects with the error of the system. */
  async remove(): Promise<void> {
    await rm(join(this.#directory, NAME), { force: true }); // SERVER-217
  }
}
