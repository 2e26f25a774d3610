import assert from 'node:assert/strict';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import sharp, { type Metadata } from 'sharp';
import { bomb, samplePicture } from '../../../testing/media.ts';
import { temporaryDirectory } from '../../../testing/temporary.ts';
import { silentLog } from '../../../testing/world.ts';
import { PictureEncoder } from './encoder.ts';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const BLUE = [0, 0, 255];
const RED = [255, 0, 0];

async function encoded(bytes: Buffer): Promise<{ readonly bytes: Buffer; readonly about: Metadata }> {
  const encoding = await new PictureEncoder({ log: silentLog }).encode(bytes);
  assert.ok(encoding.type === 'encoded', encoding.type);
  return { bytes: encoding.bytes, about: await sharp(encoding.bytes).metadata() };
}

/** Asserts that a pixel has this colour, as nearly as a JPEG keeps it. */
async function assertPixel(picture: Buffer, left: number, top: number, colour: readonly number[]) {
  const pixel = await sharp(picture).extract({ left, top, width: 1, height: 1 }).removeAlpha().raw().toBuffer();
  for (const [at, value] of colour.entries()) assert.ok(Math.abs((pixel[at] ?? -99) - value) < 30, `${[...pixel]}`);
}

/** An encoder whose program is this text; returns it with what it logs. */
function encoderRunning(t: TestContext, program: string, timeoutMs?: number) {
  const path = join(temporaryDirectory(t), 'program.mjs');
  writeFileSync(path, program);
  return loggingEncoder(path, timeoutMs);
}

function loggingEncoder(program: string, timeoutMs = 20_000) {
  const logged: { readonly event: string; readonly [field: string]: unknown }[] = [];
  const write = (event: string, fields = {}) => logged.push({ ...fields, event });
  const encoder = new PictureEncoder({ log: { info: write, warn: write, error: write }, program, timeoutMs });
  return { encoder, logged };
}

test('SERVER-176 every kind of picture becomes a JPEG, or a PNG if anything shines through', async () => {
  for (const format of ['png', 'jpeg', 'gif', 'webp'] as const) {
    const { bytes, about } = await encoded(await samplePicture().toFormat(format).toBuffer());
    assert.deepEqual([about.format, about.width, about.height, about.channels], ['jpeg', 40, 20, 3], format);
    await assertPixel(bytes, 5, 10, BLUE);
    await assertPixel(bytes, 35, 10, RED);
  }
  for (const format of ['png', 'gif', 'webp'] as const) {
    const clear = sharp({ create: { width: 40, height: 20, channels: 4, background: '#ff000000' } });
    const { about } = await encoded(await clear.toFormat(format).toBuffer());
    assert.deepEqual([about.format, about.hasAlpha, about.channels], ['png', true, 4], format);
  }
  assert.equal((await encoded(await samplePicture().ensureAlpha(1).png().toBuffer())).about.format, 'jpeg');
});

test('SERVER-176 other colours than RGB of 8 bits are understood', async () => {
  for (const picture of [samplePicture().toColourspace('rgb16').png(), samplePicture().png({ palette: true })]) {
    const { bytes, about } = await encoded(await picture.toBuffer());
    assert.deepEqual([about.space, about.depth], ['srgb', 'uchar']);
    await assertPixel(bytes, 5, 10, BLUE);
  }
  for (const picture of [samplePicture().toColourspace('cmyk').jpeg(), samplePicture().toColourspace('b-w').png()])
    assert.equal((await encoded(await picture.toBuffer())).about.space, 'srgb');
});

test('SERVER-176 larger pictures are scaled down, smaller ones stay', async () => {
  for (const [width, height, ...expected] of [
    [2_000, 1_000, 512, 256],
    [600, 1_200, 256, 512],
    [512, 512, 512, 512],
    [513, 513, 512, 512],
    [1, 1, 1, 1],
    [3, 4_000, 1, 512],
  ] as const) {
    const { about } = await encoded(await samplePicture(width, height).png().toBuffer());
    assert.deepEqual([about.width, about.height], expected);
  }
});

test('SERVER-176 metadata is gone, and a picture that was turned by it is upright', async () => {
  const place = { IFD0: { Copyright: 'canary' }, IFD3: { GPSLatitude: '51/1 30/1 3230/100', GPSLatitudeRef: 'N' } };
  const turned = samplePicture().withExif(place).withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/">canary</x:xmpmeta>');
  const bytes = await turned.withMetadata({ orientation: 6, icc: 'p3' }).jpeg().toBuffer();
  assert.ok(bytes.includes('canary'));
  const upright = await encoded(bytes);
  const { exif, xmp, icc, iptc, orientation, width, height } = upright.about;
  assert.deepEqual([exif, xmp, icc, iptc, orientation], [undefined, undefined, undefined, undefined, undefined]);
  assert.ok(!upright.bytes.includes('canary'));
  assert.deepEqual([width, height], [20, 40]);
  await assertPixel(upright.bytes, 10, 5, BLUE);
  await assertPixel(upright.bytes, 10, 35, RED);
});

test('SERVER-176 of several frames the first one stays', async () => {
  const frames = await Promise.all(
    ['#ff0000', '#0000ff'].map((background) =>
      sharp({ create: { width: 20, height: 20, channels: 3, background } })
        .png()
        .toBuffer(),
    ),
  );
  for (const format of ['gif', 'webp'] as const) {
    const animated = await sharp(frames, { join: { animated: true } })
      .toFormat(format, { delay: [100, 100] })
      .toBuffer();
    assert.equal((await sharp(animated).metadata()).pages, 2);
    const { bytes, about } = await encoded(animated);
    assert.deepEqual([about.format, about.width, about.height, about.pages], ['jpeg', 20, 20, undefined]);
    await assertPixel(bytes, 10, 10, RED);
  }
});

test('SERVER-176 nothing of what stands beside the pixels is kept', async () => {
  const html = Buffer.from('<script>alert(1)</script>');
  const gif = await samplePicture().gif().toBuffer();
  const comment = Buffer.concat([Buffer.from([0x21, 0xfe, html.length]), html, Buffer.from([0])]);
  const at = gif.indexOf(0x2c, 13 + 3 * 2 ** ((gif.readUInt8(10) & 7) + 1));
  const inside = Buffer.concat([gif.subarray(0, at), comment, gif.subarray(at)]);
  for (const polyglot of [Buffer.concat([gif, html]), inside]) {
    const { bytes, about } = await encoded(polyglot);
    assert.equal(about.format, 'jpeg');
    assert.ok(!bytes.includes('script'));
  }
});

test('SERVER-175 a picture that is cut off or damaged is refused', async () => {
  const encoder = new PictureEncoder({ log: silentLog });
  const noisy = { type: 'gaussian', mean: 128, sigma: 60 } as const;
  for (const format of ['png', 'jpeg', 'gif', 'webp'] as const) {
    const whole = await sharp({ create: { width: 100, height: 100, channels: 3, background: '#fff', noise: noisy } })
      .toFormat(format)
      .toBuffer();
    assert.deepEqual(await encoder.encode(whole.subarray(0, whole.length / 2)), { type: 'damaged' }, format);
  }
  for (const text of ['GIF89a<script>alert(1)</script>', '\xff\xd8\xff'])
    assert.deepEqual(await encoder.encode(Buffer.from(text, 'latin1')), { type: 'damaged' }, text);
});

test('SERVER-174 nothing but the four kinds is decoded', async () => {
  const encoder = new PictureEncoder({ log: silentLog });
  const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>');
  for (const bytes of [svg, await samplePicture().tiff().toBuffer(), await samplePicture().avif().toBuffer()])
    assert.deepEqual(await encoder.encode(bytes), { type: 'damaged' });
});

test('SERVER-177 T8 a picture of too many pixels is refused by its head', async () => {
  const encoder = new PictureEncoder({ log: silentLog });
  const small = await samplePicture().png().toBuffer();
  for (const [width, height] of [
    [60_000, 60_000],
    [2 ** 12 + 1, 2 ** 12],
    [1_000_000, 17],
  ] as const)
    assert.deepEqual(await encoder.encode(bomb(width, height, small)), { type: 'too-many-pixels' }, `${width}`);
  const largest = await samplePicture(2 ** 12, 2 ** 12)
    .png()
    .toBuffer();
  assert.equal((await encoder.encode(largest)).type, 'encoded');
});

test('SERVER-179 T38 a process that is killed, or takes too long, ends its picture only', async (t) => {
  const crashing = encoderRunning(t, "process.kill(process.pid, 'SIGSEGV'); setInterval(() => {}, 1_000);");
  assert.deepEqual(await crashing.encoder.encode(Buffer.from('x')), { type: 'damaged' });
  assert.deepEqual(crashing.logged, [{ event: 'picture-decoder-killed', signal: 'SIGSEGV' }]);
  const endless = encoderRunning(t, 'for (;;);', 200);
  assert.deepEqual(await endless.encoder.encode(Buffer.alloc(2 ** 20)), { type: 'damaged' });
  assert.deepEqual(endless.logged, [{ event: 'picture-decoder-killed', signal: 'SIGKILL' }]);
});

test('SERVER-180 where the decoders are missing, pictures are unavailable, and the log says why', async (t) => {
  const directory = temporaryDirectory(t);
  for (const name of ['encode.ts', 'exit-codes.ts']) cpSync(join(HERE, name), join(directory, name));
  writeFileSync(join(directory, 'package.json'), '{"type":"module"}');
  const { encoder, logged } = loggingEncoder(join(directory, 'encode.ts'));
  const picture = await samplePicture().png().toBuffer();
  assert.deepEqual(await encoder.encode(picture), { type: 'unavailable' });
  assert.deepEqual(
    logged.map(({ event }) => event),
    ['picture-encoder-failed'],
  );
  assert.match(String(logged[0]?.reason), /Cannot find package 'sharp'/);
});

test('SERVER-178 two are encoded at once, eight wait, and more are refused at once', async (t) => {
  const { encoder } = encoderRunning(t, 'process.stdin.resume().pipe(process.stdout);');
  const results = await Promise.all(Array.from({ length: 12 }, () => encoder.encode(Buffer.from('x'))));
  const types = results.map(({ type }) => type);
  assert.deepEqual(types, [...Array(10).fill('encoded'), 'busy', 'busy']);
});
