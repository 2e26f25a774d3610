import { rmSync } from 'node:fs';
import { open, opendir, rename, stat } from 'node:fs/promises';
import { createHash, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Clock } from '../../core/ports.ts';
import { makeSyncedDirectory, namesIn, nullIfMissing, syncDirectory } from '../synced-file.ts';
import { NewFile } from './new-file.ts';

/** Bytes that no file has are kept for this long: a backup that was begun before may still copy them. */
const UNNAMED_MS = 60 * 60 * 1_000;
const STORED = /^[0-9a-f]{64}$/;
/** What the names of files begin with that are being written. */
const UNFINISHED = 'new-';
const READ_BYTES = 64 * 1024;
/** So many digests are compared with storage at once. */
const COMPARED = 500;

/** Bytes on the disk. They are not deleted until `release` is called. */
export type Kept = { readonly digest: string; readonly release: () => void };

/** The bytes of uploaded files, each in a file that is named by its SHA-256: equal bytes are stored once. */
export class FileStore {
  readonly #directory: string;
  readonly #clock: Pick<Clock, 'monotonic'>;
  /** How many uploads of each digest are under way. */
  readonly #held = new Map<string, number>();
  /** When it was first seen that no file has these bytes, by the monotonic clock. */
  readonly #unnamed = new Map<string, number>();

  /** Removes what a killed server left unfinished. Throws if the directory cannot be read. */
  constructor(dataDirectory: string, clock: Pick<Clock, 'monotonic'>) {
    this.#directory = join(dataDirectory, 'files');
    this.#clock = clock;
    for (const name of namesIn(this.#directory))
      if (name.startsWith(UNFINISHED)) rmSync(join(this.#directory, name), { force: true }); // SERVER-266
  }

  /** Begins a file, to be filled piece by piece; rejects with the error of the system. */
  async begin(): Promise<NewFile> {
    await makeSyncedDirectory(this.#directory);
    const path = join(this.#directory, `${UNFINISHED}${randomUUID()}`);
    return new NewFile(path, await open(path, 'wx+', 0o600), createHash('sha256')); // SERVER-267
  }

  /** Keeps a filled file; resolves once its bytes and its name are on the disk. */
  async keep(file: NewFile): Promise<Kept> {
    const digest = await file.finish();
    this.#hold(digest, 1);
    const release = () => this.#hold(digest, -1);
    try {
      await rename(file.path, join(this.#directory, digest)); // SERVER-267: in place of the same bytes, if they are there.
      await syncDirectory(this.#directory); // SERVER-267
      return { digest, release };
    } catch (error) {
      release();
      throw error;
    }
  }

  /** How many bytes are stored under a digest; null if there are none. */
  async size(digest: string): Promise<number | null> {
    const found = await stat(join(this.#directory, digest)).catch(nullIfMissing);
    return found && found.size;
  }

  /** The bytes from the first to the last, piece by piece. No file stays open while a piece is on its way to a slow reader. */
  async *read(digest: string, first: number, last: number): AsyncGenerator<Buffer> {
    for (let position = first; position <= last; position += READ_BYTES) {
      yield await this.#piece(digest, position, Math.min(READ_BYTES, last + 1 - position));
    }
  }

  async #piece(digest: string, position: number, length: number): Promise<Buffer> {
    const file = await open(join(this.#directory, digest), 'r');
    try {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, position);
      if (bytesRead < length) throw new Error('a file is shorter than it was');
      return buffer;
    } finally {
      await file.close();
    }
  }

  /** Deletes the bytes that no file had for an hour; `named` tells which of some digests files have. */
  async sweep(named: (digests: readonly string[]) => Promise<readonly string[]>): Promise<void> {
    const directory = await opendir(this.#directory).catch(nullIfMissing);
    if (directory === null) return;
    let digests: string[] = [];
    const compare = async () => {
      const kept = new Set(await named(digests));
      for (const digest of digests) this.#judge(digest, kept.has(digest));
      digests = [];
    };
    for await (const { name } of directory) {
      if (STORED.test(name)) digests.push(name);
      if (digests.length === COMPARED) await compare();
    }
    await compare();
  }

  #judge(digest: string, isNamed: boolean): void {
    const now = this.#clock.monotonic();
    const since = this.#unnamed.get(digest);
    if (isNamed || this.#held.has(digest)) this.#unnamed.delete(digest);
    else if (since === undefined) this.#unnamed.set(digest, now);
    else if (now - since >= UNNAMED_MS) {
      rmSync(join(this.#directory, digest), { force: true }); // SERVER-279: nothing can begin to hold it between these lines.
      this.#unnamed.delete(digest);
    }
  }

  #hold(digest: string, more: 1 | -1): void {
    const count = (this.#held.get(digest) ?? 0) + more;
    if (count === 0) this.#held.delete(digest);
    else this.#held.set(digest, count);
    this.#unnamed.delete(digest);
  }
}
