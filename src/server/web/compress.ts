import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Asset, Encoding } from './page.ts';
import { isCompressible, typeOf } from './types.ts';

const brotli = promisify(brotliCompress);
const zip = promisify(gzip);

/** Compresses a file as far as it goes, off the event loop. An encoding that makes it no smaller is left out. */
export async function compressed(name: string, bytes: Uint8Array): Promise<Asset> {
  const type = typeOf(name);
  const best = { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } };
  const tried: readonly [Encoding, Uint8Array][] = isCompressible(type)
    ? [
        ['br', await brotli(bytes, best)],
        ['gzip', await zip(bytes, { level: constants.Z_BEST_COMPRESSION })],
      ]
    : [];
  const smaller = tried.filter(([, body]) => body.length < bytes.length);
  return { name, type, bodies: new Map([...smaller, ['identity', bytes]]) };
}
