import assert from 'node:assert/strict';
import test from 'node:test';
import { samplePicture } from '../../../testing/media.ts';
import { formatOf } from './format.ts';

test('SERVER-174 a picture is told by its first bytes', async () => {
  for (const format of ['png', 'jpeg', 'gif', 'webp'] as const)
    assert.equal(formatOf(await samplePicture().toFormat(format).toBuffer()), format);
  for (const format of ['tiff', 'avif'] as const)
    assert.equal(formatOf(await samplePicture().toFormat(format).toBuffer()), null, format);
  for (const text of ['', 'GIF', 'GIF88a', 'RIFF', 'RIFF0000WAVE', ' GIF89a', '<svg xmlns=', '\x89PNG\n\x1a\n'])
    assert.equal(formatOf(Buffer.from(text, 'latin1')), null, text);
});
