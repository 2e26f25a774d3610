/** What bytes belong to. Equal bytes are stored once for each kind. */
export type BlobKind = 'files' | 'pictures';

/** Bytes that are being stored, piece by piece. They must be kept or discarded. */
export interface NewBlob {
  /** How many bytes were written. */
  readonly size: number;
  write(piece: Uint8Array): Promise<void>;
  /** At most so many bytes of what was written, from this position. */
  readAt(position: number, length: number): Promise<Buffer>;
  /**
   * Resolves with the SHA-256 of the bytes, as 64 hex digits, when they are on disk under that. No node deletes them for an hour from
   * now, so that something can name them.
   */
  keep(): Promise<string>;
  /** Removes the bytes, unless they were kept. Never rejects: what cannot be removed now is removed by a sweep. */
  discard(): Promise<void>;
}

/**
 * Bytes of one kind under their SHA-256, the same on all nodes. What rejects with the code ENOSPC or EDQUOT has found the disk full.
 * Nobody holds a file or a connection between two pieces.
 */
export interface Blobs {
  begin(): Promise<NewBlob>;
  /** How many bytes are stored under a digest; null if there are none. */
  size(digest: string): Promise<number | null>;
  /** The bytes from the first to the last, piece by piece. Throws where bytes are missing. */
  read(digest: string, first: number, last: number): AsyncIterable<Buffer>;
  /** The stored digest that begins with these hex digits, kept for an hour from now like a new one; null if there is none. */
  hold(start: string): Promise<string | null>;
  /**
   * Deletes what nothing has named for an hour, and what nobody goes on writing; `named` tells which of some digests are named. Any
   * number of nodes may do that at once.
   */
  sweep(named: (digests: readonly string[]) => Promise<readonly string[]>): Promise<void>;
  /** How many bytes can still be stored; Infinity if that cannot be known. */
  freeBytes(): Promise<number>;
}

/** Bytes that nothing names stay for this long: they may be about to be named, and a backup that was begun may still copy them. */
export const UNNAMED_MS = 60 * 60 * 1_000;
/** So many digests are compared with what names them at once. */
export const COMPARED = 500;

/** All bytes under a digest; null if there are none. */
export async function readWhole(blobs: Pick<Blobs, 'size' | 'read'>, digest: string): Promise<Buffer | null> {
  const size = await blobs.size(digest);
  if (size === null) return null;
  const pieces: Buffer[] = [];
  for await (const piece of blobs.read(digest, 0, size - 1)) pieces.push(piece);
  return Buffer.concat(pieces);
}
