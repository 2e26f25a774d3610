import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Log } from '../../core/ports.ts';
import { BoundedQueue } from '../bounded-queue.ts';
import { EXIT_DAMAGED, EXIT_TOO_MANY_PIXELS } from './exit-codes.ts';

/** A picture that was encoded anew, or why there is none; `unavailable` if no picture can be encoded on this machine. */
export type Encoding =
  | { readonly type: 'encoded'; readonly bytes: Buffer }
  | { readonly type: 'damaged' | 'too-many-pixels' | 'busy' | 'unavailable' };

export type EncoderOptions = {
  readonly log: Log;
  /** Default: the program beside this file. */
  readonly program?: string;
  /** How long one picture may take. Default: 20 s. */
  readonly timeoutMs?: number;
};

const PROGRAM = fileURLToPath(new URL('./encode.ts', import.meta.url));
const AT_ONCE = 2;
const WAITING = 8;
const TIMEOUT_MS = 20_000;
const MAX_OUTPUT_BYTES = 4 * 2 ** 20;

/** Encodes pictures anew, each in a process of its own that ends with it. */
export class PictureEncoder {
  readonly #queue = new BoundedQueue(AT_ONCE, WAITING); // SERVER-178
  readonly #options: EncoderOptions;

  constructor(options: EncoderOptions) {
    this.#options = options;
  }

  /** Never rejects. */
  async encode(bytes: Buffer): Promise<Encoding> {
    return (await this.#queue.run(() => this.#run(bytes))) ?? { type: 'busy' };
  }

  #run(bytes: Buffer): Promise<Encoding> {
    const { log, program = PROGRAM, timeoutMs = TIMEOUT_MS } = this.#options;
    const limits = { timeout: timeoutMs, killSignal: 'SIGKILL', maxBuffer: MAX_OUTPUT_BYTES } as const;
    return new Promise((resolve) => {
      const child = execFile(
        process.execPath,
        [program],
        { ...limits, encoding: 'buffer' },
        (error, output, errors) => {
          if (error === null) return resolve({ type: 'encoded', bytes: output });
          if (error.code === EXIT_DAMAGED) return resolve({ type: 'damaged' }); // SERVER-175
          if (error.code === EXIT_TOO_MANY_PIXELS) return resolve({ type: 'too-many-pixels' }); // SERVER-177
          if (error.signal != null) {
            log.warn('picture-decoder-killed', { signal: error.signal });
            return resolve({ type: 'damaged' }); // SERVER-179
          }
          log.error('picture-encoder-failed', { reason: errors.toString('utf8').trim() || error.message });
          resolve({ type: 'unavailable' }); // SERVER-180
        },
      );
      child.stdin?.on('error', () => {}).end(bytes); // It may end before it has read everything.
    });
  }
}
