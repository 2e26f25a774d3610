import { decodeMulti, encode } from '@msgpack/msgpack';
import { concat } from '../../src/lib/bytes.ts';
import type { Barrier } from './transcript.ts';

/** A logout under an empty name: has an answer and no effect, logged in or not. */
export const msgpackBarrier: Barrier = {
  ask: () => '["logout",""]',
  isAnswer: (_, line) => line.replace(/^\[(\[.*\])\]$/, '$1') === notLoggedIn,
};

const notLoggedIn = '["response",false,"you are not logged in under this name here"]';

/** The bytes of a line: the values of a JSON array one after the other, or bytes in hex after `0x`. */
export function bytesOfLine(line: string): Uint8Array {
  if (line.startsWith('0x')) return Buffer.from(line.slice(2), 'hex');
  return concat(valuesOfLine(line).map((value) => encode(value)));
}

/** The values of a line that is a JSON array. */
export function valuesOfLine(line: string): readonly unknown[] {
  const values: unknown = JSON.parse(line);
  if (!Array.isArray(values)) throw new Error(`no array of values: ${line}`);
  return values;
}

/** The line of a frame from the server. */
export function lineOfFrame(frame: Uint8Array): string {
  return JSON.stringify([...decodeMulti(frame)]);
}

/** Reads the stream of a server. The number of values in a response depends on the request, as for any client. */
export class MsgpackReader {
  /** For each pending request whether it is a login, the oldest first. */
  readonly #logins: boolean[] = [];
  /** Bytes with an incomplete last value, and how many complete ones before it. */
  #bytes: Uint8Array = new Uint8Array(0);
  #seen = 0;
  #values: unknown[] = [];

  /** Call it when these bytes of a request are sent. */
  sent(request: Uint8Array): void {
    this.#logins.push(Buffer.from(request.subarray(0, 'login'.length + 3)).includes('login'));
  }

  /** Returns the lines of the messages that these bytes complete. */
  push(bytes: Uint8Array): string[] {
    this.#take(concat([this.#bytes, bytes]));
    const lines: string[] = [];
    for (let size = this.#size(); size !== null && size <= this.#values.length; size = this.#size()) {
      const message = this.#values.splice(0, size);
      if ([message[0]].flat()[0] === 'response') this.#logins.shift();
      lines.push(JSON.stringify(message));
    }
    return lines;
  }

  #take(bytes: Uint8Array): void {
    const values: unknown[] = [];
    let isWhole = true;
    try {
      for (const value of decodeMulti(bytes)) values.push(value);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      isWhole = false;
    }
    this.#values.push(...values.slice(this.#seen));
    this.#bytes = isWhole ? new Uint8Array(0) : bytes;
    this.#seen = isWhole ? 0 : values.length;
  }

  /** How many values the next message has; null if more bytes are needed to tell. */
  #size(): number | null {
    const [first, second] = this.#values;
    if (first === undefined) return null;
    if (Array.isArray(first)) return 1;
    if (second === undefined) return null;
    if (first === 'update') return second === 'whisper' ? 4 : 5;
    if (second === false) return 3;
    return this.#logins[0] === true ? 4 : 2;
  }
}
