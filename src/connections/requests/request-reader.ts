import type { Decoded, Decoder, Encoding } from '../protocol-adapter.ts';

/** Bytes that came and were not decoded yet, and what is being decoded: no more messages are made than can be taken. */
export class RequestReader<In> {
  readonly #decoder: Decoder<In>;
  #chunks: Uint8Array[] = [];
  #decoding: Iterator<Decoded<In>> | null = null;

  constructor(decoder: Decoder<In>) {
    this.#decoder = decoder;
  }

  /** In which form the peer speaks. */
  get encoding(): Encoding {
    return this.#decoder.encoding;
  }

  /** True while more messages may come out of what came in. */
  get hasMore(): boolean {
    return this.#decoding !== null || this.#chunks.length > 0;
  }

  push(bytes: Uint8Array): void {
    this.#chunks.push(bytes);
  }

  /** The next message, or what is wrong with it; null until more bytes come. */
  next(): Decoded<In> | null {
    for (;;) {
      const next = this.#decoding?.next();
      if (next !== undefined && next.done !== true) return next.value;
      const bytes = this.#chunks.shift();
      this.#decoding = bytes === undefined ? null : this.#decoder.push(bytes)[Symbol.iterator]();
      if (this.#decoding === null) return null;
    }
  }

  /** Nothing of what came is wanted any more. */
  discard(): void {
    this.#chunks = [];
    this.#decoding = null;
  }
}
