// A program for one picture: reads it from standard input and writes it encoded anew to standard output. A process of its own,
// because decoders are large programs in C++: one that is led astray by a picture must not be inside the server.
import { constants, setPriority } from 'node:os';
import { buffer } from 'node:stream/consumers';
import sharp from 'sharp';
import { EXIT_DAMAGED, EXIT_TOO_MANY_PIXELS } from './exit-codes.ts';

const MAX_PIXELS = 16 * 2 ** 20;
const MAX_SIDE = 512;

setPriority(constants.priority.PRIORITY_LOW); // The chat comes first.
sharp.cache(false);
sharp.concurrency(1);
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({ operation: ['Png', 'Jpeg', 'Webp', 'Nsgif'].map((name) => `VipsForeignLoad${name}Buffer`) }); // SERVER-174

try {
  process.stdout.write(await encodedAnew(await buffer(process.stdin)));
} catch {
  process.exitCode = EXIT_DAMAGED; // SERVER-175
}

/** The picture without anything but its pixels: upright, at most 512 x 512, the first frame of several (SERVER-176). */
async function encodedAnew(bytes: Buffer): Promise<Buffer> {
  // The header alone: nothing is decoded before its size is known.
  const { width, height } = await sharp(bytes, { limitInputPixels: false }).metadata();
  if (width * height > MAX_PIXELS) process.exit(EXIT_TOO_MANY_PIXELS); // SERVER-177
  const picture = sharp(bytes, { failOn: 'error', limitInputPixels: MAX_PIXELS })
    .autoOrient()
    .resize(MAX_SIDE, MAX_SIDE, { fit: 'inside', withoutEnlargement: true });
  const { data, info } = await picture.toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
  const { width: columns, height: rows, channels } = info;
  const pixels = sharp(data, { raw: { width: columns, height: rows, channels } });
  const { isOpaque } = await pixels.stats();
  return isOpaque ? pixels.removeAlpha().jpeg({ quality: 85 }).toBuffer() : pixels.png().toBuffer();
}
