import { ByteAccumulator } from '../../lib/byte-accumulator.ts';
import type { Progress } from '../liveness-monitor.ts';
import type { TransportLimits } from '../limits.ts';

const MORE = 0x01;
const LONG = 0x02;
const COMMAND = 0x04;
const RESERVED = 0xf8;
const SHORT_MAX = 0xff;
const LONG_BYTES = 8;
const NOTHING = new Uint8Array(0);

/** A whole message, the body of a command, or the error after which nothing more is read. */
export type Received =
  | { readonly type: 'message' | 'command'; readonly bytes: Uint8Array }
  | { readonly type: 'error'; readonly kind: 'broken' | 'too-big'; readonly reason: string };

type FrameLimits = Pick<TransportLimits, 'messageBytes' | 'fragments' | 'commandBytes'>;

/**
 * Reads ZMTP frames (RFC 23, "Framing") from a stream that is cut anywhere, and joins the frames of a message. Reserves no
 * memory for announced bytes. Do not use it after an error.
 */
export class ZmtpFrameReader implements Progress {
  completions = 0;
  readonly #limits: FrameLimits;
  readonly #message: ByteAccumulator;
  readonly #command: ByteAccumulator;
  /** Frames of an incomplete message, and the bytes of their headers. */
  #frames = 0;
  #headers = 0;
  #expects: 'flags' | 'length' | 'body' = 'flags';
  #flags = 0;
  /** Bytes received of this frame's header. */
  #header = 0;
  #length = 0;
  /** How many bytes of the length, or of the body, are missing. */
  #missing = 0;
  /** The pushed bytes, and how many of them are read. */
  #bytes: Uint8Array = NOTHING;
  #at = 0;

  constructor(limits: FrameLimits) {
    this.#limits = limits;
    this.#message = new ByteAccumulator(limits.messageBytes);
    this.#command = new ByteAccumulator(limits.commandBytes);
  }

  get held(): number {
    return this.#message.length + this.#command.length + this.#headers + this.#header;
  }

  /** Takes the next bytes, after `next` has returned null. Returned messages may share their memory. */
  push(bytes: Uint8Array): void {
    this.#bytes = bytes;
    this.#at = 0;
  }

  /** The next message, command or error; null if it needs more bytes. */
  next(): Received | null {
    while (this.#expects === 'body' || this.#at < this.#bytes.length) {
      if (this.#expects === 'body') {
        if (this.#bytes.length - this.#at < this.#missing) break;
        const received = this.#finish();
        if (received) return received;
      } else {
        const error = this.#readHeader(this.#bytes[this.#at++] ?? 0);
        if (error) return error;
      }
    }
    const rest = this.takeRest();
    if (rest.length > 0) this.#hold(rest);
    return null;
  }

  /** Removes and returns the pushed bytes that are not read. */
  takeRest(): Uint8Array {
    const rest = this.#bytes.subarray(this.#at);
    this.push(NOTHING);
    return rest;
  }

  #readHeader(byte: number): Received | null {
    this.#header++;
    if (this.#expects === 'flags') return this.#readFlags(byte);
    this.#length = this.#length * 256 + byte;
    return --this.#missing === 0 ? this.#expectBody() : null;
  }

  #readFlags(flags: number): Received | null {
    const isCommand = (flags & COMMAND) !== 0;
    const isLast = (flags & MORE) === 0;
    if ((flags & RESERVED) !== 0) return error('broken', 'a frame has flags that do not exist'); // ZMTP-13
    if (isCommand && !isLast) return error('broken', 'a command has more than one frame'); // ZMTP-13
    if (!isCommand && this.#frames === this.#limits.fragments) return error('too-big', 'too many frames in a message'); // ZMTP-15
    this.#flags = flags;
    this.#length = 0;
    this.#missing = (flags & LONG) !== 0 ? LONG_BYTES : 1; // ZMTP-14
    this.#expects = 'length';
    return null;
  }

  #expectBody(): Received | null {
    const { messageBytes, commandBytes } = this.#limits;
    const limit = this.#isCommand ? commandBytes : messageBytes - this.#message.length;
    if (this.#length > limit) return error('too-big', `a ${this.#isCommand ? 'command' : 'message'} is too long`); // ZMTP-15
    this.#missing = this.#length;
    this.#expects = 'body';
    return null;
  }

  #finish(): Received | null {
    const body = this.#bytes.subarray(this.#at, this.#at + this.#missing);
    const isLast = (this.#flags & MORE) === 0;
    this.#at += this.#missing;
    this.#expects = 'flags';
    const received = this.#isCommand ? this.#finishCommand(body) : isLast ? this.#finishMessage(body) : null; // ZMTP-16
    if (received === null) {
      this.#hold(body);
      this.#frames++;
      this.#headers += this.#header;
    }
    this.#header = 0;
    if (this.held === 0) this.completions++;
    return received;
  }

  #finishCommand(body: Uint8Array): Received {
    return { type: 'command', bytes: this.#command.finish(body) };
  }

  #finishMessage(body: Uint8Array): Received {
    this.#frames = 0;
    this.#headers = 0;
    return { type: 'message', bytes: this.#message.finish(body) };
  }

  #hold(part: Uint8Array): void {
    if (this.#isCommand) this.#command.append(part);
    else this.#message.append(part);
    this.#missing -= part.length;
  }

  get #isCommand(): boolean {
    return (this.#flags & COMMAND) !== 0;
  }
}

/** One message as one frame (RFC 23). */
export function messageFrame(payload: Uint8Array): Uint8Array {
  return frame(0, payload);
}

/** The frame of a command. */
export function commandFrame(body: Uint8Array): Uint8Array {
  return frame(COMMAND, body);
}

function frame(flags: number, body: Uint8Array): Uint8Array {
  const isLong = body.length > SHORT_MAX; // ZMTP-17
  const header = isLong ? 1 + LONG_BYTES : 2;
  const bytes = Buffer.allocUnsafe(header + body.length);
  bytes[0] = isLong ? flags | LONG : flags;
  if (isLong) bytes.writeBigUInt64BE(BigInt(body.length), 1);
  else bytes[1] = body.length;
  bytes.set(body, header);
  return bytes;
}

function error(kind: 'broken' | 'too-big', reason: string): Received {
  return { type: 'error', kind, reason };
}
