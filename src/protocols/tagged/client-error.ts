import type { ConnectionFailure } from '../../lib/reconnecting-client.ts';
import type { Reply, ResultCode } from './schema.ts';

/** Why something failed. `unknown-outcome`: it was sent, and nobody knows whether it was done. */
export type Failure = 'refused' | 'unreadable' | ConnectionFailure;

/** Why something failed: in `code` for programs, in `message` in words, the server's where it said some. */
export class TaggedError extends Error {
  readonly code: Failure;
  /** What the server answered, where it refused. */
  readonly result: ResultCode | null;
  /** After so many milliseconds the same may be tried again, where the server said so. */
  readonly retryAfterMs: number | null;

  constructor(code: Failure, message: string, reply?: Reply) {
    super(message);
    this.name = 'TaggedError';
    this.code = code;
    this.result = reply?.result ?? null;
    this.retryAfterMs = reply?.retry_after === undefined ? null : reply.retry_after * 1000;
  }
}

/** What a reply means that is not the one that was wished for. */
export function failure(reply: Reply): TaggedError {
  const code = reply.result >= 400 ? 'refused' : 'unreadable';
  return new TaggedError(code, reply.result_message, reply);
}

/** What was not done because of the connection; a server that ends one with a ban has refused. */
export function connectionError(why: ConnectionFailure, message: string): TaggedError {
  return new TaggedError(isBan(message) ? 'refused' : why, message); // TAG-85
}

/** Wrong credentials and bans do not pass by trying again; a name that is taken may become free. */
export function isFinal({ result, message }: TaggedError): boolean {
  return result === 401 || isBan(message); // TAG-85
}

function isBan(words: string): boolean {
  return words.startsWith('banned: ');
}
