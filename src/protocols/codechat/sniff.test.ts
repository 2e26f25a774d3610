import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sniff } from './sniff.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

test('CODE-08 an object is codechat as soon as a cmd is seen, whatever else it has', () => {
  for (const text of [
    '{"cmd":"connect","username":"alice"}',
    '{"cmd":',
    ' \r\n\t{ "username":"alice", "cmd"',
    '{"message":"hello","cmd":"message"}',
    '{"type":"request","cls":"login","cmd":"connect"}',
    '{"c\\u006dd":"connect"}',
    '{"cmd":}',
    '{"cmd":"exit"}{"message":"login"}',
  ])
    assert.equal(sniff(bytes(text)), 'yes', text);
  for (const text of ['', ' ', '\n{', '{"', '{"cm', '{"cmd', '{"username":"alice"', '{"message":"hello"'])
    assert.equal(sniff(bytes(text)), 'more', text);
  for (const text of [
    '{}',
    '{"message":"login"}',
    '{"message":"login"}{"cmd":"exit"}',
    '{"type":"request","cls":"login","data":{"cmd":"exit"}}',
    '{"a":"cmd"}',
    '{"CMD":"exit"}',
    '[{"cmd":"exit"}]',
    '"cmd"',
    'cmd',
    'c2/CONNECT alice',
    '\ufeff{"cmd":"exit"}',
  ])
    assert.equal(sniff(bytes(text)), 'no', text);
});

test('CODE-08 the first 4 KiB of a long object decide', () => {
  const long = (length: number) => bytes(`{"username":"`.padEnd(length, 'x'));
  assert.equal(sniff(long(4_095)), 'more');
  assert.equal(sniff(long(4_096)), 'no');
});
