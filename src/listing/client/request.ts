import { ByteAccumulator } from '../../lib/byte-accumulator.ts';
import { reasonOf } from '../../lib/reason.ts';
import { ListingError } from './error.ts';

const TIMEOUT_MS = 15_000;
/** A list of 10,000 servers has about 1.5 MB. */
const MAX_ANSWER_BYTES = 4 * 2 ** 20;
const MAX_REASON = 256;
const SECOND_MS = 1_000;

/** A request to the listing; it is given up when `signal` is aborted. */
export type ListingRequest = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly key?: string | null;
  readonly properties?: object;
  readonly signal?: AbortSignal | undefined;
};

/** What a request needs from its platform. */
export type Transport = {
  readonly fetch: typeof fetch;
  readonly after: (ms: number, run: () => void) => () => void;
};

/** Resolves with the body of a good answer; rejects with a ListingError. */
export async function ask({ fetch, after }: Transport, request: ListingRequest): Promise<Uint8Array> {
  const end = new AbortController();
  let isLate = false;
  const cancel = after(TIMEOUT_MS, () => {
    isLate = true;
    end.abort(); // LIST-102
  });
  try {
    const response = await fetch(request.url, initOf(request, end.signal));
    if (!response.ok) throw refusal(response); // LIST-101
    return await readBody(response);
  } catch (error) {
    if (error instanceof ListingError) throw error;
    throw new ListingError(0, isLate ? `no answer in ${TIMEOUT_MS / SECOND_MS} s` : reasonFor(error)); // LIST-102
  } finally {
    cancel();
    end.abort(); // An answer that nobody reads to its end would keep its connection.
  }
}

function initOf({ method, key = null, properties, signal }: ListingRequest, end: AbortSignal): RequestInit {
  return {
    method,
    headers: {
      ...(key !== null && { authorization: `C2Listing ${key}` }),
      ...(properties && { 'content-type': 'application/json' }),
    },
    ...(properties && { body: JSON.stringify(properties) }),
    redirect: 'error', // LIST-103
    credentials: 'omit',
    signal: signal === undefined ? end : AbortSignal.any([end, signal]), // LIST-105
  };
}

function refusal({ status, headers }: Response): ListingError {
  const reason = headers.get('listing-error') || `the listing answered ${status}`;
  const seconds = headers.get('retry-after') ?? '';
  const retryAfterMs = /^\d{1,9}$/.test(seconds) ? Number(seconds) * SECOND_MS : null;
  return new ListingError(status, reason.slice(0, MAX_REASON), retryAfterMs); // LIST-101
}

async function readBody({ body }: Response): Promise<Uint8Array> {
  const collected = new ByteAccumulator(MAX_ANSWER_BYTES);
  const reader = body?.getReader();
  for (;;) {
    const { value } = (await reader?.read()) ?? {};
    if (value === undefined) return collected.finish(new Uint8Array(0));
    if (collected.length + value.length > MAX_ANSWER_BYTES)
      throw new ListingError(0, 'the listing sent an answer that is too long'); // LIST-103
    collected.append(value);
  }
}

/** What went wrong; Node tells it in the cause, where some errors have only a code. */
function reasonFor(error: unknown): string {
  const { cause = null } = error instanceof Error ? error : {};
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : null;
  return (cause === null ? '' : reasonOf(cause)) || (code === null ? '' : String(code)) || reasonOf(error);
}
