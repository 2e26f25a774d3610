import { hash, randomUUID } from 'node:crypto';
import { rmSync, statSync } from 'node:fs';
import { readFile, rename, rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { PersonId } from '../../core/model/ids.ts';
import type { Clock } from '../../core/ports.ts';
import { picturePath } from '../../core/model/picture.ts';
import { makeSyncedDirectory, namesIn, nullIfMissing, syncDirectory, writeSynced } from '../synced-file.ts';

/** An uploaded picture that no account names is kept for this long. */
const UNNAMED_MS = 60 * 60 * 1_000;
const STORED = /^[0-9a-f]{64}$/;
/** What the names of files begin with that are being written. */
const UNFINISHED = 'new-';

/**
 * The pictures that people uploaded, each in a file that is named by its SHA-256. A picture is on the disk before it is
 * known here.
 */
export class Pictures {
  readonly #directory: string;
  readonly #clock: Clock;
  /** The stored pictures by their digest, and when each was last uploaded or needed, by the monotonic clock. */
  readonly #needed = new Map<string, number>();

  /** Finds what is stored in this data directory, and removes files that were never finished. Throws if it cannot be read. */
  constructor(dataDirectory: string, clock: Clock) {
    this.#directory = join(dataDirectory, 'pictures');
    this.#clock = clock;
    for (const name of namesIn(this.#directory)) {
      const path = join(this.#directory, name);
      if (name.startsWith(UNFINISHED)) rmSync(path, { force: true }); // SERVER-184
      if (!STORED.test(name)) continue;
      const age = Math.max(0, clock.now() - statSync(path).mtimeMs);
      this.#needed.set(name, clock.monotonic() - age); // SERVER-185
    }
  }

  /** Stores a picture; resolves with its digest once it is on the disk, and rejects with the error of the system. */
  async add(bytes: Buffer): Promise<string> {
    const digest = hash('sha256', bytes);
    const isKnown = this.#needed.has(digest);
    if (isKnown) this.#need(digest); // So that it is not deleted meanwhile.
    if (!isKnown || !(await this.#renew(digest))) await this.#write(digest, bytes);
    this.#need(digest);
    return digest;
  }

  /** The bytes of a picture; null if it is not stored. */
  async read(digest: string): Promise<Buffer | null> {
    return readFile(join(this.#directory, digest)).catch(nullIfMissing);
  }

  /** The digest of the stored picture that has this path as a picture of this person; null if there is none. */
  named(person: PersonId, path: string): string | null {
    for (const digest of this.#needed.keys()) {
      if (path !== picturePath(person, digest)) continue;
      this.#need(digest); // SERVER-186
      return digest;
    }
    return null;
  }

  /** Deletes the pictures that no account names and nobody needed for an hour, given those that accounts name now. */
  async sweep(named: ReadonlySet<string>): Promise<void> {
    for (const digest of named) if (this.#needed.has(digest)) this.#need(digest);
    for (const [digest, at] of this.#needed) {
      if (this.#clock.monotonic() - at < UNNAMED_MS) continue; // SERVER-185
      rmSync(join(this.#directory, digest), { force: true }); // Nobody can upload it between these two lines.
      this.#needed.delete(digest);
      await setImmediate(); // Others are served between two files.
    }
  }

  #need(digest: string): void {
    this.#needed.set(digest, this.#clock.monotonic());
  }

  /** Makes a stored file as young as one that was just uploaded; false if there is none. */
  async #renew(digest: string): Promise<boolean> {
    const now = this.#clock.now() / 1_000;
    const renewed = utimes(join(this.#directory, digest), now, now).then(() => true);
    return (await renewed.catch(nullIfMissing)) ?? false;
  }

  async #write(digest: string, bytes: Buffer): Promise<void> {
    await makeSyncedDirectory(this.#directory);
    const unfinished = join(this.#directory, `${UNFINISHED}${randomUUID()}`);
    try {
      await writeSynced(unfinished, bytes, this.#clock.now() / 1_000);
      await rename(unfinished, join(this.#directory, digest));
    } catch (error) {
      await rm(unfinished, { force: true });
      throw error;
    }
    await syncDirectory(this.#directory); // SERVER-183
  }
}
