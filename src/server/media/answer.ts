import type { IncomingMessage, ServerResponse } from 'node:http';

/** An answer to a request for pictures or files. Without a body it has no type either. */
export type Answer = {
  readonly status: number;
  readonly type?: string;
  readonly body?: string | Uint8Array;
  readonly headers?: { readonly [name: string]: string };
};

/** A sentence as an answer, for people; it says nothing that people wrote. */
export function sentence(status: number, text: string, headers: Answer['headers'] = {}): Answer {
  return { status, type: 'text/plain; charset=utf-8', body: `${text}\n`, headers };
}

/** The answer to a method that an address does not have. */
export function notAllowed(methods: string): Answer {
  return sentence(405, 'This cannot be done here.', { Allow: methods }); // SERVER-190 SERVER-277
}

/** The answer to one upload too many, and when to try again. */
export function busy(text: string, status: 429 | 503, seconds: number): Answer {
  return sentence(status, text, { 'Retry-After': String(seconds) });
}

/** What every answer forbids: to take it for another type, to run anything in it, and (without another word) to keep it. */
export const SAFE_HEADERS = {
  'X-Content-Type-Options': 'nosniff',
  'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
  'Cross-Origin-Resource-Policy': 'cross-origin',
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-store',
};

/**
 * Sends an answer; to HEAD without the body. What comes after an answer that was given early is thrown away before the answer
 * ends: a connection that is closed while its client still sends may lose the answer.
 */
export function send(request: IncomingMessage, response: ServerResponse, answer: Answer): void {
  const { status, type, headers } = answer;
  const body = request.method === 'HEAD' ? '' : (answer.body ?? '');
  response.writeHead(status, {
    ...SAFE_HEADERS, // SERVER-194 SERVER-273
    ...(type !== undefined && { 'Content-Type': type }),
    ...(answer.body !== undefined && { 'Content-Length': Buffer.byteLength(answer.body) }),
    ...headers,
  });
  if (request.complete) return void response.end(body);
  response.write(body);
  request.once('close', () => response.end()).resume(); // SERVER-173
}
