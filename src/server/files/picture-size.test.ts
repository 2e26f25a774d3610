import assert from 'node:assert/strict';
import test from 'node:test';
import { bomb, samplePicture } from '../../../testing/media.ts';
import { seededRandom } from '../../../testing/random.ts';
import { pictureSize } from './picture-size.ts';
import { typeOf } from './type.ts';

const sizeOf = (bytes: Buffer) =>
  pictureSize(typeOf(bytes), async (position, length) => bytes.subarray(position, position + length));
const picture = () => samplePicture(37, 21);

test('SERVER-270 the size of each kind of picture is read from its head', async () => {
  const pictures = await Promise.all([
    picture().png().toBuffer(),
    picture().jpeg().toBuffer(),
    picture().jpeg({ progressive: true }).withMetadata().toBuffer(),
    picture().gif().toBuffer(),
    picture().webp().toBuffer(),
    picture().webp({ lossless: true }).toBuffer(),
    picture().ensureAlpha(0.5).webp().toBuffer(),
  ]);
  for (const bytes of pictures) assert.deepEqual(await sizeOf(bytes), { width: 37, height: 21 });
});

test('SERVER-270 of a photo that lies on its side the size is that which is shown', async () => {
  for (let orientation = 1; orientation <= 8; orientation++) {
    const bytes = await picture().withMetadata({ orientation }).jpeg().toBuffer();
    const [width, height] = orientation >= 5 ? [21, 37] : [37, 21];
    assert.deepEqual(await sizeOf(bytes), { width, height }, `orientation ${orientation}`);
  }
});

test('SERVER-270 T8 a picture of any size is not decoded, and one without a sensible size has none', async () => {
  const png = await picture().png().toBuffer();
  assert.deepEqual(await sizeOf(bomb(60_000, 60_000, png)), { width: 60_000, height: 60_000 });
  assert.equal(await sizeOf(bomb(0, 5, png)), null);
  assert.equal(await sizeOf(bomb(4_000_000_000, 5, png)), null);
  assert.equal(await sizeOf(Buffer.from('words')), null);
});

test('SERVER-270 T8 whatever a file holds, its size is found or not found with few reads', async () => {
  const random = seededRandom(270);
  const pictures = await Promise.all([
    picture().png().toBuffer(),
    picture().withMetadata({ orientation: 6 }).jpeg().toBuffer(),
    picture().gif().toBuffer(),
    picture().webp().toBuffer(),
  ]);
  const endless = Buffer.concat([Buffer.from('ffd8ff', 'hex'), Buffer.alloc(100_000, 0xff)]);
  for (let round = 0; round < 2_000; round++) {
    const bytes = Buffer.from(round === 0 ? endless : random.pick(pictures));
    for (let change = random.below(20); change > 0; change--)
      bytes[3 + random.below(bytes.length - 3)] = random.below(256);
    const cut = bytes.subarray(0, round === 0 ? bytes.length : random.below(bytes.length + 1));
    let reads = 0;
    await pictureSize(typeOf(cut), async (position, length) => {
      reads++;
      return cut.subarray(position, position + length);
    });
    assert.ok(reads <= 200, `${reads} reads`);
  }
});
