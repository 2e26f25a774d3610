import { createHash } from 'node:crypto';
import { type FileHandle, rm } from 'node:fs/promises';
import type { NewBlob } from '../../storage/blobs.ts';

/** A file that is being written. */
export class NewFile implements NewBlob {
  readonly #path: string;
  readonly #handle: FileHandle;
  readonly #place: (digest: string) => Promise<void>;
  readonly #hash = createHash('sha256');
  size = 0;

  /** `place` gives the finished file its digest as its name. */
  constructor(path: string, handle: FileHandle, place: (digest: string) => Promise<void>) {
    this.#path = path;
    this.#handle = handle;
    this.#place = place;
  }

  async write(piece: Uint8Array): Promise<void> {
    this.#hash.update(piece);
    this.size += piece.length;
    await this.#handle.appendFile(piece);
  }

  async readAt(position: number, length: number): Promise<Buffer> {
    const { bytesRead, buffer } = await this.#handle.read(Buffer.alloc(length), 0, length, position);
    return buffer.subarray(0, bytesRead);
  }

  async keep(): Promise<string> {
    await this.#handle.sync(); // SERVER-183 SERVER-267
    await this.#handle.close();
    const digest = this.#hash.digest('hex');
    await this.#place(digest);
    return digest;
  }

  async discard(): Promise<void> {
    await this.#handle.close().catch(() => {}); // It is closed once it is finished.
    await rm(this.#path, { force: true }).catch(() => {}); // SERVER-266
  }
}
