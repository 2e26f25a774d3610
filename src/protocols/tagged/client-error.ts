import type { ConnectionFailure } from '../../lib/reconnecting/reconnecting-client.ts';
import type { Reply, ResultCode } from './schema.ts';

/** Why a request failed. `unknown-outcome`: it was sent, and its outcome is unknown. */
export type Failure = 'refused' | 'unreadable' | ConnectionFailure;

/** A failed request: `code` is for programs, `message` is the server's text if there is one. */
export class TaggedError extends Error {
  readonly code: Failure;
  /** The result of the reply, if the server refused. */
  readonly result: ResultCode | null;
  /** After how many milliseconds the client may try again, if the server said so. */
  readonly retryAfterMs: number | null;

  constructor(code: Failure, message: string, reply?: Reply) {
    super(message);
    this.name = 'TaggedError';
    this.code = code;
    this.result = reply?.result ?? null;
    this.retryAfterMs = reply?.retry_after === undefined ? null : reply.retry_after * 1000;
  }
}

/** The error for an unwelcome reply. */
export function failure(reply: Reply): TaggedError {
  const code = reply.result >= 400 ? 'refused' : 'unreadable';
  return new TaggedError(code, reply.result_message, reply);
}

/** The error for a lost connection. A server that closes it with a ban has refused. */
export function connectionError(why: ConnectionFailure, message: string): TaggedError {
  return new TaggedError(isBan(message) ? 'refused' : why, message); // TAG-85
}

/** Whether trying again is useless: after wrong credentials and bans. A taken name may become free. */
export function isFinal({ result, message }: TaggedError): boolean {
  return result === 401 || isBan(message); // TAG-85
}

function isBan(text: string): boolean {
  return text.startsWith('banned: ');
}
