import type { Decoded } from '../decoded.ts';
import type { Decoder, Encoding } from '../protocol-adapter.ts';

/** Decodes the bytes of one connection lazily, so that no more messages exist than can be taken. */
export class RequestReader<In> {
  readonly #decoder: Decoder<In>;
  #chunks: Uint8Array[] = [];
  #decoding: Iterator<Decoded<In>> | null = null;

  constructor(decoder: Decoder<In>) {
    this.#decoder = decoder;
  }

  get encoding(): Encoding {
    return this.#decoder.encoding;
  }

  /** True while there are bytes that were not decoded. */
  get hasMore(): boolean {
    return this.#decoding !== null || this.#chunks.length > 0;
  }

  push(bytes: Uint8Array): void {
    this.#chunks.push(bytes);
  }

  /** The next message, or why it is none; null until more bytes come. */
  next(): Decoded<In> | null {
    for (;;) {
      const next = this.#decoding?.next();
      if (next !== undefined && next.done !== true) return next.value;
      const bytes = this.#chunks.shift();
      this.#decoding = bytes === undefined ? null : this.#decoder.push(bytes)[Symbol.iterator]();
      if (this.#decoding === null) return null;
    }
  }

  discard(): void {
    this.#chunks = [];
    this.#decoding = null;
  }
}
