import { rmSync } from 'node:fs';
import { open, opendir, readdir, rename, rm, stat, statfs, utimes } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { dirname, join } from 'node:path';
import type { Clock } from '../../core/ports.ts';
import { type Blobs, COMPARED, UNNAMED_MS } from '../../storage/blobs.ts';
import { makeSyncedDirectory, namesIn, nullIfMissing, syncDirectory } from '../synced-file.ts';
import { NewFile } from './new-file.ts';

const STORED = /^[0-9a-f]{64}$/;
/** What the names of files begin with that are being written. */
const UNFINISHED = 'new-';
/** A file that is about to be deleted has its digest after this, and then something that no other one has. */
const ASIDE = /^old-([0-9a-f]{64})-/;
const READ_BYTES = 64 * 1024;

/** What a file was when nothing was seen to need it, and since when, by the monotonic clock. */
type Unneeded = { readonly version: string; readonly since: number };

/**
 * Bytes in a directory, each in a file that is named by its SHA-256. Several nodes may share the directory. Their clocks need not
 * agree: each counts for itself how long it has seen a file unchanged and unnamed, and a file that is kept or held again is another
 * version of it.
 */
export class DirectoryBlobs implements Blobs {
  readonly #directory: string;
  readonly #clock: Pick<Clock, 'now' | 'monotonic'>;
  #unneeded = new Map<string, Unneeded>();

  /** The directory is made when it is needed; that which it is in never is. */
  constructor(directory: string, clock: Pick<Clock, 'now' | 'monotonic'>) {
    this.#directory = directory;
    this.#clock = clock;
  }

  /** Removes what a killed server left unfinished. Only for a directory that no other node has. Throws if it cannot be read. */
  removeUnfinished(): void {
    for (const name of namesIn(this.#directory))
      if (name.startsWith(UNFINISHED)) rmSync(join(this.#directory, name), { force: true }); // SERVER-184 SERVER-266
  }

  async begin(): Promise<NewFile> {
    await makeSyncedDirectory(this.#directory);
    const path = this.#path(`${UNFINISHED}${randomUUID()}`);
    return new NewFile(path, await open(path, 'wx+', 0o600), async (digest) => {
      await rename(path, this.#path(digest)); // SERVER-183 SERVER-267: in place of the same bytes, if they are there.
      await syncDirectory(this.#directory); // SERVER-183 SERVER-267
    });
  }

  async size(digest: string): Promise<number | null> {
    const found = await stat(this.#path(digest)).catch(nullIfMissing);
    return found && found.size;
  }

  async *read(digest: string, first: number, last: number): AsyncGenerator<Buffer> {
    for (let position = first; position <= last; position += READ_BYTES) {
      yield await this.#piece(digest, position, Math.min(READ_BYTES, last + 1 - position));
    }
  }

  async #piece(digest: string, position: number, length: number): Promise<Buffer> {
    const file = await open(this.#path(digest), 'r');
    try {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, position);
      if (bytesRead < length) throw new Error('a file is shorter than it was');
      return buffer;
    } finally {
      await file.close();
    }
  }

  async hold(start: string): Promise<string | null> {
    const names = (await readdir(this.#directory).catch(nullIfMissing)) ?? [];
    const digest = names.find((name) => STORED.test(name) && name.startsWith(start));
    if (digest === undefined) return null;
    const held = this.#touch(this.#path(digest)).then(() => digest); // SERVER-186
    return held.catch(nullIfMissing);
  }

  async sweep(named: (digests: readonly string[]) => Promise<readonly string[]>): Promise<void> {
    const directory = await opendir(this.#directory).catch(nullIfMissing);
    if (directory === null) return;
    const before = this.#unneeded;
    this.#unneeded = new Map();
    let digests: string[] = [];
    const compare = async () => {
      const needed = new Set(await named(digests));
      for (const digest of digests) if (!needed.has(digest)) await this.#judge(digest, before.get(digest)); // SERVER-279
      digests = [];
    };
    for await (const { name } of directory) {
      const [, aside] = ASIDE.exec(name) ?? [];
      if (STORED.test(name)) digests.push(name);
      else if (aside !== undefined) await this.#putBack(this.#path(name), aside);
      else if (name.startsWith(UNFINISHED) && (await this.#isOver(name, before.get(name)))) {
        await rm(this.#path(name), { force: true }); // SERVER-321
      }
      if (digests.length === COMPARED) await compare();
    }
    if (digests.length > 0) await compare();
  }

  async freeBytes(): Promise<number> {
    const { bavail, bsize } = await statfs(dirname(this.#directory));
    return bavail * bsize;
  }

  /** Deletes a file that nothing needs, if that has been so for an hour. */
  async #judge(digest: string, before: Unneeded | undefined): Promise<void> {
    if (!(await this.#isOver(digest, before))) return;
    // Another node may keep the same bytes at this moment. Nobody can keep what was moved: so it is looked at once more.
    const aside = this.#path(`old-${digest}-${randomUUID()}`);
    const moved = await rename(this.#path(digest), aside).then(() => true, nullIfMissing);
    if (moved === null) return;
    if ((await versionOf(aside)) === before?.version)
      await rm(aside, { force: true }); // SERVER-279
    else await this.#putBack(aside, digest); // SERVER-320
  }

  /** Whether a file that nothing needs has been so, unchanged, for an hour. */
  async #isOver(name: string, before: Unneeded | undefined): Promise<boolean> {
    const version = await versionOf(this.#path(name));
    if (version === null) return false;
    const now = this.#clock.monotonic();
    const since = before?.version === version ? before.since : now;
    if (now - since >= UNNAMED_MS) return true; // SERVER-185 SERVER-279
    this.#unneeded.set(name, { version, since });
    return false;
  }

  /** Undoes a deletion that was begun: by this node, or by one that was killed. */
  async #putBack(aside: string, digest: string): Promise<void> {
    await this.#touch(aside).catch(nullIfMissing); // Of two nodes that do this at once, one finds nothing.
    await rename(aside, this.#path(digest)).catch(nullIfMissing); // SERVER-320: in place of the same bytes, if they are there.
  }

  /** Makes another version of a file: for every node an hour begins. */
  async #touch(path: string): Promise<void> {
    const now = this.#clock.now() / 1_000;
    await utimes(path, now, now);
  }

  #path(name: string): string {
    return join(this.#directory, name);
  }
}

/** Tells a file from any that had its name before, and from itself before it was touched; null if there is none. */
async function versionOf(path: string): Promise<string | null> {
  const found = await stat(path, { bigint: true }).catch(nullIfMissing);
  return found && `${found.ino} ${found.mtimeNs}`;
}
