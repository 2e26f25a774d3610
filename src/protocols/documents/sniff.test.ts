import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sniff } from './sniff.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

test('DOC-08 a complete object with a type and a cls is of documents, unless it is of codechat', () => {
  for (const text of [
    '{"type":"request","cls":"login"}',
    ' \n{"id":"1","cls":"login","data":{"cmd":1},"type":"request"}',
    '{"type":1,"cls":1,"message":"hello"}',
    '{"type":"request","cls":"login",}',
    '{"type":"request","cls":"login"}{"cmd":"connect"}',
  ])
    assert.equal(sniff(bytes(text)), 'yes', text);
  for (const text of ['', ' ', '{', '{"typ', '{"type":"request","cls":"login"', '{"id":"1"'])
    assert.equal(sniff(bytes(text)), 'more', text);
  for (const text of [
    '{}',
    '{"type":"request"}',
    '{"cls":"login"}',
    '{"type":"request","cls":"login","cmd":"connect"}',
    '{"cmd":',
    '{"message":"login"}',
    '{"a":{"type":"request","cls":"login"}}',
    '{"type":"cls"}',
    '[{"type":"request","cls":"login"}]',
    'c2/CONNECT alice',
    '\ufeff{"type":"request","cls":"login"}',
  ])
    assert.equal(sniff(bytes(text)), 'no', text);
});

test('DOC-08 the first 4 KiB of a long object decide', () => {
  const long = (cls: string, length: number) =>
    bytes(`{"type":"request","${cls}":"login","data":"`.padEnd(length, 'x'));
  assert.equal(sniff(long('cls', 4_095)), 'more');
  assert.equal(sniff(long('cls', 4_096)), 'yes');
  assert.equal(sniff(long('class', 4_096)), 'no');
});
