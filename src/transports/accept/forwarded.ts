import type { IncomingHttpHeaders } from 'node:http';

/** Whether a proxy forwarded this request, by its own account. */
export function isForwarded(headers: IncomingHttpHeaders): boolean {
  return Object.keys(headers).some((name) => name === 'forwarded' || name === 'via' || name.startsWith('x-forwarded-'));
}
