import type { ConnectionFailure } from '../../../lib/reconnecting/reconnecting-client.ts';
import type { ErrorAnswer } from '../schema.ts';

const MOST_MS = 3_600_000;

/** Why a request failed. `unknown-outcome`: it was sent, and its outcome is unknown. `full`: the outbox takes no more. */
export type Failure = 'refused' | 'unreadable' | 'full' | ConnectionFailure;

/** A failed request: `code` is for programs, `message` is the server's text if there is one. */
export class DocumentsError extends Error {
  readonly code: Failure;
  /** The status of the answer, such as 404, if the server refused. */
  readonly status: number | null;
  /** The server's own code, such as 4040420, if it refused. */
  readonly serverCode: number | null;
  /** After how many milliseconds the client may try again, if the server said so. */
  readonly retryAfterMs: number | null;

  constructor(code: Failure, message: string, answer?: ErrorAnswer) {
    super(message);
    this.name = 'DocumentsError';
    this.code = code;
    this.status = answer?.status ?? null;
    this.serverCode = answer?.data.code ?? null;
    this.retryAfterMs = answer === undefined ? null : retryAfterOf(answer);
  }
}

/** An answer is of another kind than what was asked for. */
export function unfit(): DocumentsError {
  return new DocumentsError('unreadable', 'an answer does not fit');
}

/** How long the server wants to be left alone, in milliseconds; at most an hour, whatever it says (T45). */
export function retryAfterOf({ data }: ErrorAnswer): number | null {
  return data.retry_after === undefined ? null : Math.min(data.retry_after * 1000, MOST_MS); // DOC-189
}

/** Whether the same may succeed later: the server is busy, or cannot store or read at the moment. */
export function isPassing({ status }: DocumentsError): boolean {
  return status !== null && status >= 500;
}

/** Whether logging in again with the same name and password is useless. A taken name may become free. */
export function isFinal({ status, serverCode }: DocumentsError): boolean {
  if (status === 403) return (serverCode ?? 0) % 100 === FORBIDDEN; // DOC-182
  return status === 400 || status === 401; // DOC-182
}

/** The last part of the code of what the person may not do, such as logging in while banned. */
const FORBIDDEN = 40;
