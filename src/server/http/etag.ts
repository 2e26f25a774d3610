import type { IncomingMessage } from 'node:http';

/** Whether the client of this request has what this tag stands for. */
export function hasTag({ headers }: IncomingMessage, tag: string): boolean {
  const known = headers['if-none-match']?.split(',').map((each) => each.trim().replace(/^W\//, '')) ?? [];
  return known.includes(tag) || known.includes('*');
}
