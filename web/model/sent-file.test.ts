import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SentFile } from '../../src/protocols/documents/client.ts';
import { lookOf, smallSize, summaryOf, textBesideFile } from './sent-file.ts';

const file: SentFile = {
  address: '/files/abc/cat.png',
  name: 'cat.png',
  size: 10,
  type: 'image/png',
  width: 4_000,
  height: 2_000,
};

test('WEB-73 the line that tells other clients where the file is is not shown, and any other text is', () => {
  const line = 'cat.png: https://chat.example/files/abc/cat.png';
  assert.equal(textBesideFile(line, file), '');
  assert.equal(textBesideFile(`look\nat this\n${line}`, file), 'look\nat this');
  assert.equal(textBesideFile(`${line}\nthere`, file), `${line}\nthere`);
  assert.equal(textBesideFile(line, undefined), line);
  assert.equal(summaryOf({ text: line, file }), 'cat.png');
  assert.equal(summaryOf({ text: `look\n${line}`, file }), 'look');
});

test('WEB-74 only pictures, sound and video that are known are shown, and pictures only with their size', () => {
  assert.equal(lookOf(file), 'picture');
  assert.equal(lookOf({ address: '/files/a/b', name: 'b', size: 1, type: 'image/png' }), 'other');
  assert.equal(lookOf({ ...file, type: 'image/svg+xml' }), 'other');
  assert.equal(lookOf({ ...file, type: 'text/html' }), 'other');
  assert.equal(lookOf({ ...file, type: 'video/webm' }), 'video');
  assert.deepEqual(smallSize(file), { width: 360, height: 180 });
  assert.deepEqual(smallSize({ ...file, width: 20, height: 10 }), { width: 20, height: 10 });
  assert.deepEqual(smallSize({ ...file, width: 1, height: 60_000 }), { width: 1, height: 240 });
});
