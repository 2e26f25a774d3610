import type { Decoded } from '../connections/decoded.ts';
import { LineSplitter } from '../lib/lines.ts';

/** What one side of a protocol of text lines may send, and how a line is read. */
export type LineSide<M> = {
  readonly maxBytes: number;
  /** Why a longer message is refused. */
  readonly tooLong: string;
  read(line: string): Decoded<M>;
  /** Reads a request to leave in a line that is not UTF-8; null for all else. */
  readonly readLeave: (line: string) => M | null;
  /** Whether one line end at the end of a frame is dropped. */
  readonly dropsLineEnd: boolean;
};

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const lenient = new TextDecoder('utf-8', { ignoreBOM: true });
const NEWLINE = 0x0a;
const RETURN = 0x0d;

/** Decodes frames of one message each, or a stream of one message a line, however the stream is cut. */
export class LineFrames<M> {
  readonly encoding = 'plain';
  readonly #side: LineSide<M>;
  readonly #lines: LineSplitter | null;

  constructor(side: LineSide<M>, framing: 'stream' | 'message') {
    this.#side = side;
    this.#lines = framing === 'stream' ? new LineSplitter(side.maxBytes) : null; // C2-07 TEMPLATE-05
  }

  /** True while part of a line is held. */
  get pending(): boolean {
    return this.#lines !== null && this.#lines.held > 0;
  }

  /** Yields the messages that these bytes complete. Take all of them before the next `push`. */
  *push(bytes: Uint8Array): Generator<Decoded<M>> {
    const { tooLong: reason } = this.#side;
    const frames = this.#lines?.push(bytes) ?? [this.#frame(bytes)];
    for (const frame of frames) yield frame === 'too-long' ? { ok: false, reason, fatal: true } : this.#read(frame); // C2-09 TEMPLATE-07
  }

  #frame(bytes: Uint8Array): Uint8Array | 'too-long' {
    const { maxBytes, dropsLineEnd } = this.#side;
    const frame = dropsLineEnd ? withoutLineEnd(bytes) : bytes; // C2-85 TEMPLATE-05
    return frame.length > maxBytes ? 'too-long' : frame; // C2-09 TEMPLATE-07
  }

  #read(frame: Uint8Array): Decoded<M> {
    try {
      return this.#side.read(decoder.decode(frame));
    } catch {
      const leave = this.#side.readLeave(lenient.decode(frame)); // C2-86 TEMPLATE-04
      if (leave !== null) return { ok: true, message: leave };
      return { ok: false, reason: 'not UTF-8', fatal: false }; // C2-10 TEMPLATE-08
    }
  }
}

/** The bytes without one `\n` or `\r\n` at their end. */
function withoutLineEnd(bytes: Uint8Array): Uint8Array {
  if (bytes.at(-1) !== NEWLINE) return bytes;
  return bytes.subarray(0, bytes.at(-2) === RETURN ? -2 : -1);
}

/** Encodes one message; in a stream it becomes one line. */
export function encodeLine(message: string, framing: 'stream' | 'message'): Uint8Array {
  const text = framing === 'stream' ? `${message.replace(/\r\n|\r|\n/g, ' ')}\n` : message; // C2-07 C2-08 TEMPLATE-05 TEMPLATE-06
  return encoder.encode(text);
}
