import type { Decoded } from '../../connections/protocol-adapter.ts';
import { LineSplitter } from '../../lib/lines.ts';
import type { Down, Up } from './schema.ts';

/** What every message begins with. */
export const MARK = 'template ';

/** The most bytes that one message may have, without what ends its line. */
export const MAX_BYTES = 65_536;

type Read = Decoded<Up>;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Reads one message from a client. */
function readUp(line: string): Read {
  if (!line.startsWith(MARK)) return fault('a message begins with template and a blank'); // TEMPLATE-01
  const [verb, content] = cut(line.slice(MARK.length));
  if (verb === 'WHO' || verb === 'QUIT')
    return content === null ? good({ type: verb }) : fault('something is too much'); // TEMPLATE-04
  if (verb === 'SAY') return content ? good({ type: 'SAY', text: content }) : missing; // TEMPLATE-04
  const [name, rest] = cut(content ?? '');
  if (verb === 'JOIN') return name === '' || rest === '' ? missing : good({ type: 'JOIN', name, password: rest }); // TEMPLATE-04
  if (verb === 'TELL') return name !== '' && rest ? good({ type: 'TELL', name, text: rest }) : missing; // TEMPLATE-04
  return fault('there is no such verb'); // TEMPLATE-02
}

/** Writes a message to a client. */
export function writeDown(message: Down): string {
  switch (message.type) {
    case 'DONE':
      return `${MARK}DONE`;
    case 'FAILED':
      return `${MARK}FAILED ${message.reason}`;
    case 'HERE':
      return [`${MARK}HERE`, ...message.names].join(' '); // TEMPLATE-27
    case 'SAID':
    case 'TOLD':
      return `${MARK}${message.type} ${message.name} ${message.text}`;
    case 'JOINED':
    case 'LEFT':
      return `${MARK}${message.type} ${message.name}`;
  }
}

/** The bytes of one written message; in a stream it is one line. */
export function encode(message: string, framing: 'stream' | 'message'): Uint8Array {
  const text = framing === 'stream' ? `${message.replace(/\r\n|\r|\n/g, ' ')}\n` : message; // TEMPLATE-05 TEMPLATE-06
  return encoder.encode(text);
}

/** Makes messages of bytes: of each frame by itself, or of a stream in any cut. */
export class FrameDecoder {
  readonly encoding = 'plain';
  readonly #lines: LineSplitter | null;

  constructor(framing: 'stream' | 'message') {
    this.#lines = framing === 'stream' ? new LineSplitter(MAX_BYTES) : null; // TEMPLATE-05
  }

  /** True while part of a line is held. */
  get pending(): boolean {
    return this.#lines !== null && this.#lines.held > 0;
  }

  /** What these bytes complete. Take all of it before the next `push` is read. */
  *push(bytes: Uint8Array): Generator<Read> {
    if (this.#lines === null) {
      yield bytes.length > MAX_BYTES ? tooLong : readBytes(bytes); // TEMPLATE-07
      return;
    }
    for (const line of this.#lines.push(bytes)) yield line === 'too-long' ? tooLong : readBytes(line); // TEMPLATE-07
  }
}

const tooLong = { ok: false, reason: 'a message has at most 65536 bytes', fatal: true } as const;
const missing = fault('something is missing');

function readBytes(bytes: Uint8Array): Read {
  try {
    return readUp(decoder.decode(bytes));
  } catch {
    return fault('not UTF-8'); // TEMPLATE-08
  }
}

/** What comes before the first blank, and all that comes after it; null where there is none. */
function cut(text: string): [first: string, rest: string | null] {
  const end = text.indexOf(' ');
  return end === -1 ? [text, null] : [text.slice(0, end), text.slice(end + 1)]; // TEMPLATE-03
}

function good(message: Up): Read {
  return { ok: true, message };
}

function fault(reason: string): Read {
  return { ok: false, reason, fatal: false }; // TEMPLATE-09
}
