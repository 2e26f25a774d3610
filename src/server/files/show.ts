import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { FileInfo } from '../../core/model/file.ts';
import type { Log, Storage } from '../../core/ports.ts';
import { hasTag } from '../http/etag.ts';
import { type Answer, SAFE_HEADERS, sentence } from '../media/answer.ts';
import type { Blobs } from '../../storage/blobs.ts';
import { fileIdOf } from './paths.ts';
import { type ByteRange, rangeOf } from './range.ts';
import { UNKNOWN_TYPE } from './type.ts';

/** What files are shown from. */
export type ShownFiles = {
  readonly storage: Pick<Storage, 'file'>;
  readonly blobs: Pick<Blobs, 'read' | 'size'>;
  readonly log: Log;
};

const MISSING = sentence(404, 'There is no such file here.'); // SERVER-271
const CACHED = 'private, max-age=31536000, immutable';
/** A browser shows a picture, sound or video in a page of its own making, which loads the file. Nothing else is loaded or run. */
const POLICY = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox";

/** Sends a file, or a part of it, in answer to GET and HEAD; returns the answer where there is nothing to send. */
export async function showFile(
  { storage, blobs, log }: ShownFiles,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
): Promise<Answer | null> {
  const id = fileIdOf(path);
  const file = id === null ? null : await storage.file(id); // SERVER-271
  if (file === null) return MISSING;
  if ((await blobs.size(file.digest)) !== file.size) {
    log.warn('file-missing', { digest: file.digest.slice(0, 16) }); // SERVER-282
    return MISSING;
  }
  const { headers } = request;
  const tag = `"${file.digest.slice(0, 32)}"`;
  const kept = { ...headersOf(file), ETag: tag };
  if (hasTag(request, tag)) return { status: 304, headers: kept }; // SERVER-275
  const isSame = headers['if-range'] === undefined || headers['if-range'] === tag;
  const range = rangeOf(isSame ? headers.range : undefined, file.size);
  if (range === 'unsatisfiable')
    return { ...sentence(416, 'This file is shorter.'), headers: { 'Content-Range': `bytes */${file.size}` } }; // SERVER-274
  const { first, last } = range ?? { first: 0, last: file.size - 1 };
  response.writeHead(range === null ? 200 : 206, { ...kept, ...lengthOf(range, file.size) });
  if (request.method === 'HEAD') response.end();
  // A client that goes away ends this.
  else
    await pipeline(Readable.from(blobs.read(file.digest, first, last), { highWaterMark: 1 }), response).catch(() => {});
  return null;
}

function headersOf({ type, name }: FileInfo): { readonly [name: string]: string } {
  const isShown = type !== UNKNOWN_TYPE;
  return {
    ...SAFE_HEADERS,
    'Content-Security-Policy': POLICY, // SERVER-273
    'Content-Type': type, // SERVER-272
    'Content-Disposition': `${isShown ? 'inline' : 'attachment'}; filename*=UTF-8''${encodeName(name)}`, // SERVER-272
    'Cache-Control': CACHED, // SERVER-275
    'Accept-Ranges': 'bytes', // SERVER-274
  };
}

/** As RFC 8187, 3.2.1 wants it. */
function encodeName(name: string): string {
  return encodeURIComponent(name).replace(/['()*]/g, (character) => `%${character.charCodeAt(0).toString(16)}`);
}

function lengthOf(range: ByteRange | null, size: number): { readonly [name: string]: string | number } {
  if (range === null) return { 'Content-Length': size };
  const { first, last } = range;
  return { 'Content-Length': last - first + 1, 'Content-Range': `bytes ${first}-${last}/${size}` }; // SERVER-274
}
