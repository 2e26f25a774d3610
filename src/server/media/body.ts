import type { IncomingMessage } from 'node:http';

/** Reads the body of a request: `too-large` if it has more than `limit` bytes, of which no more are read; `gone` if the client left. */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer | 'too-large' | 'gone'> {
  if (Number(request.headers['content-length']) > limit) return 'too-large'; // SERVER-173
  const pieces: Buffer[] = [];
  let size = 0;
  try {
    for await (const piece of request.iterator({ destroyOnReturn: false })) {
      size += (piece as Buffer).length;
      if (size > limit) return 'too-large'; // SERVER-173
      pieces.push(piece as Buffer);
    }
  } catch {
    return 'gone';
  }
  return Buffer.concat(pieces);
}
