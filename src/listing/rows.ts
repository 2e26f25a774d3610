const CHUNK = 200;
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
  #all: Buffer<ArrayBuffer> | null = null;

  /** `head` and `tail` stand before and after the rows. */
  constructor(head: string, tail: string) {
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
    this.#all = null;
  }

  /** The whole text. The same bytes are returned until a row changes. */
  bytes(): Buffer<ArrayBuffer> {
    this.#all ??= Buffer.concat([
      this.#head,
      ...Array.from(this.#chunks, (chunk, index) => [...(index === 0 ? [] : [COMMA]), bytesOf(chunk)]).flat(),
      this.#tail,
    ]);
    return this.#all;
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
