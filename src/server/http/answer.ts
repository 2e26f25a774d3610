import type { IncomingMessage, ServerResponse } from 'node:http';

/** A page of text as an answer. */
export type Page = { readonly status: number; readonly type: string; readonly text: string };

export const TEXT = 'text/plain; charset=utf-8';
export const NO_SUCH_PAGE: Page = { status: 404, type: TEXT, text: 'There is no such page here.\n' };
export const ONLY_READ: Page = { status: 405, type: TEXT, text: 'This page can only be read.\n' };
export const CANNOT_BE_SHOWN: Page = { status: 500, type: TEXT, text: 'This page cannot be shown now.\n' };

/** What no answer allows: to take it for another type, and to tell other sites where a visitor came from. */
export const COMMON_HEADERS = { 'X-Content-Type-Options': 'nosniff', 'Referrer-Policy': 'no-referrer' };

const HEADERS = {
  'Content-Security-Policy': "default-src 'none'; connect-src 'self'; frame-ancestors 'none'",
  ...COMMON_HEADERS,
  'Cache-Control': 'no-store',
};

/** Whether the request only reads. */
export function isReading({ method }: IncomingMessage): boolean {
  return method === 'GET' || method === 'HEAD';
}

/** Sends a page; to HEAD without the body. */
export function sendPage(request: IncomingMessage, response: ServerResponse, { status, type, text }: Page): void {
  response.writeHead(status, {
    ...HEADERS, // SERVER-44
    'Content-Type': type,
    'Content-Length': Buffer.byteLength(text),
    ...(status === 405 ? { Allow: 'GET, HEAD' } : {}), // SERVER-45
  });
  response.end(request.method === 'HEAD' ? '' : text);
}
