import assert from 'node:assert/strict';
import test from 'node:test';
import { typeOf } from './type.ts';

const latin1 = (text: string) => Buffer.from(text, 'latin1');
const ogg = (codec: string) => latin1(`OggS${'\0'.repeat(24)}${codec}`);

test('SERVER-270 sound and video that browsers play are told by their first bytes', () => {
  for (const [bytes, type] of [
    [latin1('ID3\x03\0'), 'audio/mpeg'],
    [latin1('\xff\xfb\x90'), 'audio/mpeg'],
    [ogg('OpusHead'), 'audio/ogg'],
    [ogg('\x01vorbis'), 'audio/ogg'],
    [latin1('RIFF\x01\x02\x03\nWAVEfmt '), 'audio/wav'],
    [latin1('fLaC'), 'audio/flac'],
    [latin1('\0\0\0\x1cftypM4A '), 'audio/mp4'],
    [latin1('\0\0\0\x20ftypisom'), 'video/mp4'],
    [latin1('\0\0\0\x20ftypmp42'), 'video/mp4'],
    [
      latin1('\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\xf7\x81\x01\x42\xf2\x81\x04\x42\xf3\x81\x08\x42\x82\x84webm'),
      'video/webm',
    ],
    [latin1('RIFF\x01\x02\x03\x04WEBPVP8 '), 'image/webp'],
    [latin1('\x89PNG\r\n\x1a\n'), 'image/png'],
  ] as const)
    assert.equal(typeOf(bytes), type);
});

test('SERVER-270 all else is unknown, also what begins nearly so', () => {
  for (const text of [
    '',
    'ID3',
    'OggS',
    `OggS${'\0'.repeat(24)}\x80theora`,
    'RIFF1234AVI ',
    '\0\0\0\x20ftypheic',
    '\0\0\0\x20ftypqt  ',
    '\x1a\x45\xdf\xa3\x93\x42\x82\x88matroska',
    ' \x89PNG\r\n\x1a\n',
    '<svg xmlns="http://www.w3.org/2000/svg"/>',
    '\ufeff<html>',
    '%PDF-1.7',
  ])
    assert.equal(typeOf(latin1(text)), 'application/octet-stream', JSON.stringify(text));
});
