import type { Clock } from '../core/ports.ts';

const CHUNK = 200;
/** A longer text is put together at most this often: a megabyte for each change would be more than is collected in time. */
const LONG_BYTES = 65_536;
const LONG_MS = 100;
const COMMA = Buffer.from(',');

type Chunk = { readonly rows: Map<number, string>; bytes: Buffer | null };

/**
 * The rows of a JSON array, each under an id, as bytes. They are kept in chunks: a change encodes the rows of one chunk anew, not
 * all ten thousand.
 */
export class Rows {
  readonly #head: Buffer;
  readonly #tail: Buffer;
  readonly #chunks = new Set<Chunk>();
  readonly #chunkOf = new Map<number, Chunk>();
  #last: Chunk | null = null;
  readonly #clock: Pick<Clock, 'monotonic'>;
  #all: Buffer<ArrayBuffer> | null = null;
  #madeAt = 0;
  #isChanged = true;

  /** `head` and `tail` stand before and after the rows. */
  constructor(head: string, tail: string, clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock;
    this.#head = Buffer.from(head);
    this.#tail = Buffer.from(tail);
  }

  /** Puts a row in its place, or a new one at the end; undefined removes it. */
  set(id: number, row: string | undefined): void {
    const chunk = this.#chunkOf.get(id) ?? (row === undefined ? null : this.#roomyChunk());
    if (chunk === null || chunk.rows.get(id) === row) return;
    if (row === undefined) this.#remove(id, chunk);
    else {
      chunk.rows.set(id, row);
      this.#chunkOf.set(id, chunk);
    }
    chunk.bytes = null;
    this.#isChanged = true;
  }

  /** The whole text; the same bytes are returned until a row changes. A text of more than 64 KiB may be 100 ms old. */
  bytes(): Buffer<ArrayBuffer> {
    const now = this.#clock.monotonic();
    const isFresh = this.#all !== null && this.#all.length > LONG_BYTES && now - this.#madeAt < LONG_MS; // LIST-03
    if (this.#all !== null && (isFresh || !this.#isChanged)) return this.#all;
    this.#madeAt = now;
    this.#isChanged = false;
    this.#all = this.#made();
    return this.#all;
  }

  #made(): Buffer<ArrayBuffer> {
    const chunks = Array.from(this.#chunks, bytesOf);
    return Buffer.concat([
      this.#head,
      ...chunks.flatMap((bytes, index) => (index === 0 ? [bytes] : [COMMA, bytes])),
      this.#tail,
    ]);
  }

  #roomyChunk(): Chunk {
    if (this.#last === null || this.#last.rows.size >= CHUNK) {
      this.#last = { rows: new Map(), bytes: null };
      this.#chunks.add(this.#last);
    }
    return this.#last;
  }

  #remove(id: number, chunk: Chunk): void {
    chunk.rows.delete(id);
    this.#chunkOf.delete(id);
    if (chunk.rows.size > 0) return;
    this.#chunks.delete(chunk);
    if (this.#last === chunk) this.#last = null;
  }
}

function bytesOf(chunk: Chunk): Buffer {
  chunk.bytes ??= Buffer.from([...chunk.rows.values()].join());
  return chunk.bytes;
}
