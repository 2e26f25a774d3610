import { createHash } from 'node:crypto';
import type { BlobKind, NewBlob } from '../../blobs.ts';
import { type Asker, ask, isTaken, removeBlob } from './asker.ts';

/** Bytes are stored in pieces of this size; the last one may be smaller. */
export const PIECE_BYTES = 256 * 1024;
/** Bytes that could not be kept because they are there may be deleted before they are held: so often that is tried again. */
const ATTEMPTS = 10;

/** Bytes that are being stored in the database, under a key of their own until they are complete. */
export class PostgresNewBlob implements NewBlob {
  readonly #asker: Asker;
  readonly #kind: BlobKind;
  readonly #key: number;
  readonly #hash = createHash('sha256');
  #pieces = 0;
  /** What is not yet in the database, less than a piece. */
  #rest = Buffer.alloc(0);

  constructor(asker: Asker, kind: BlobKind, key: number) {
    this.#asker = asker;
    this.#kind = kind;
    this.#key = key;
  }

  get size(): number {
    return this.#pieces * PIECE_BYTES + this.#rest.length;
  }

  async write(piece: Uint8Array): Promise<void> {
    this.#hash.update(piece);
    this.#rest = Buffer.concat([this.#rest, piece]);
    while (this.#rest.length >= PIECE_BYTES) {
      await this.#writePiece(this.#rest.subarray(0, PIECE_BYTES)); // STORE-240
      this.#pieces++;
      this.#rest = Buffer.from(this.#rest.subarray(PIECE_BYTES));
    }
  }

  async readAt(position: number, length: number): Promise<Buffer> {
    const found: Buffer[] = [];
    const end = Math.min(position + length, this.size);
    for (let at = position; at < end; ) {
      const [number, start] = [Math.floor(at / PIECE_BYTES), at % PIECE_BYTES];
      const count = Math.min(PIECE_BYTES - start, end - at);
      found.push(
        number < this.#pieces
          ? await this.#readPiece(number, start, count)
          : Buffer.from(this.#rest.subarray(start, start + count)),
      );
      at += count;
    }
    return Buffer.concat(found);
  }

  async keep(): Promise<string> {
    const size = this.size;
    if (this.#rest.length > 0) await this.#writePiece(this.#rest);
    const digest = this.#hash.digest('hex');
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (await this.#take(digest, size)) return digest;
      const held = await ask(this.#asker, 'hold', this.#kind, digest); // STORE-241
      if (held.length > 0) return digest;
    }
    throw new Error('the same bytes are deleted again and again');
  }

  async discard(): Promise<void> {
    await removeBlob(this.#asker, this.#key, 'close').catch(() => {}); // STORE-243
  }

  /** Makes the bytes visible under their digest; false if the same bytes are already there. */
  async #take(digest: string, size: number): Promise<boolean> {
    try {
      this.#insist(await ask(this.#asker, 'keep', this.#key, digest, size)); // STORE-240
      return true;
    } catch (error) {
      if (isTaken(error)) return false;
      throw error;
    }
  }

  async #writePiece(bytes: Buffer): Promise<void> {
    this.#insist(await ask(this.#asker, 'write', this.#key, this.#pieces, bytes));
  }

  async #readPiece(number: number, start: number, count: number): Promise<Buffer> {
    const [row] = await ask<{ bytes: Buffer }>(this.#asker, 'readOwn', this.#key, number, start + 1, count);
    if (row === undefined) throw new Error(DELETED);
    return row.bytes;
  }

  /** Throws unless the statement has found what it was to change. */
  #insist(rows: readonly object[]): void {
    if (rows.length === 0) throw new Error(DELETED); // STORE-243
  }
}

const DELETED = 'the upload has taken too long: it was deleted';
