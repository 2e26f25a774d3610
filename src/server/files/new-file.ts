import type { Hash } from 'node:crypto';
import { type FileHandle, rm } from 'node:fs/promises';

/** A file that is being uploaded. It must be kept by its store, or discarded. */
export class NewFile {
  readonly path: string;
  readonly #handle: FileHandle;
  readonly #hash: Hash;
  size = 0;

  constructor(path: string, handle: FileHandle, hash: Hash) {
    this.path = path;
    this.#handle = handle;
    this.#hash = hash;
  }

  async write(piece: Uint8Array): Promise<void> {
    this.#hash.update(piece);
    this.size += piece.length;
    await this.#handle.appendFile(piece);
  }

  /** At most so many bytes of what was written, from this position. */
  async readAt(position: number, length: number): Promise<Buffer> {
    const { bytesRead, buffer } = await this.#handle.read(Buffer.alloc(length), 0, length, position);
    return buffer.subarray(0, bytesRead);
  }

  /** Waits until the bytes are on the disk; resolves with their digest. */
  async finish(): Promise<string> {
    await this.#handle.sync(); // SERVER-267
    await this.#handle.close();
    return this.#hash.digest('hex');
  }

  /** Removes the file, unless it was kept. */
  async discard(): Promise<void> {
    await this.#handle.close().catch(() => {});
    await rm(this.path, { force: true }); // SERVER-266
  }
}
