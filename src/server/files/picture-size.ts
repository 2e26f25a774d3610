/** Reads at most so many bytes of a file from this position; fewer at its end. */
export type ReadAt = (position: number, length: number) => Promise<Buffer>;

/** In pixels, as the picture is shown. */
export type PictureSize = { readonly width: number; readonly height: number };

/** What comes before the pixels of a JPEG has at most so many segments. */
const MAX_SEGMENTS = 100;
const EXIF_BYTES = 4_096;
const MAX_SIDE = 100_000;

/** The size that the head of a picture says, null if that cannot be read. Nothing is decoded. */
export async function pictureSize(type: string, read: ReadAt): Promise<PictureSize | null> {
  const size = await sizeOf(type, read);
  const isSize = size !== null && [size.width, size.height].every((side) => side > 0 && side <= MAX_SIDE);
  return isSize ? size : null; // SERVER-270
}

async function sizeOf(type: string, read: ReadAt): Promise<PictureSize | null> {
  if (type === 'image/jpeg') return jpegSize(read);
  const head = await read(0, 32);
  if (head.length < 30) return type === 'image/gif' && head.length >= 10 ? gifSize(head) : null;
  if (type === 'image/gif') return gifSize(head);
  if (type === 'image/png') return { width: head.readUInt32BE(16), height: head.readUInt32BE(20) };
  return type === 'image/webp' ? webpSize(head) : null;
}

function gifSize(head: Buffer): PictureSize {
  return { width: head.readUInt16LE(6), height: head.readUInt16LE(8) };
}

function webpSize(head: Buffer): PictureSize | null {
  switch (head.toString('latin1', 12, 16)) {
    case 'VP8 ':
      return { width: head.readUInt16LE(26) & 0x3fff, height: head.readUInt16LE(28) & 0x3fff };
    case 'VP8L': {
      const bits = head.readUInt32LE(21);
      return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
    }
    case 'VP8X':
      return { width: head.readUIntLE(24, 3) + 1, height: head.readUIntLE(27, 3) + 1 };
    default:
      return null;
  }
}

/** Goes from segment to segment up to the one with the size; a segment before it may say that the picture lies on its side. */
async function jpegSize(read: ReadAt): Promise<PictureSize | null> {
  let position = 2;
  let isTurned = false;
  for (let count = 0; count < MAX_SEGMENTS; count++) {
    const head = await read(position, 10);
    if (head.length < 10 || head[0] !== 0xff) return null;
    const marker = head.readUInt8(1);
    if (marker === 0xff) {
      position += 1; // A byte that fills up.
      continue;
    }
    if (isFrame(marker)) {
      const [height, width] = [head.readUInt16BE(5), head.readUInt16BE(7)];
      return isTurned ? { width: height, height: width } : { width, height };
    }
    if (marker === 0xe1) isTurned ||= isOnItsSide(await read(position + 4, EXIF_BYTES));
    position += 2 + head.readUInt16BE(2);
  }
  return null;
}

function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}

/** Whether the orientation in EXIF data is one of those that exchange width and height. */
function isOnItsSide(data: Buffer): boolean {
  if (data.toString('latin1', 0, 6) !== 'Exif\0\0' || data.length < 14) return false;
  const tiff = data.subarray(6);
  const isLittle = tiff.toString('latin1', 0, 2) === 'II';
  const short = (at: number) => (at + 2 > tiff.length ? 0 : isLittle ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const first = isLittle ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4);
  const count = Math.min(short(first), EXIF_BYTES / 12);
  for (let entry = 0; entry < count; entry++) {
    const at = first + 2 + 12 * entry;
    if (short(at) === 0x0112) return short(at + 8) >= 5 && short(at + 8) <= 8;
  }
  return false;
}
