import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sniff } from './sniff.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

test('TAG-08 a complete object with a message is tagged, unless it is of another protocol', () => {
  for (const text of [
    '{"message":"login"}',
    ' \n{"tag":"1","message":"login","username":"cmd"}',
    '{"message":"login",}',
    '{"message":1}{"cmd":"connect"}',
    '{"user":{"cmd":1},"message":"x"}',
  ])
    assert.equal(sniff(bytes(text)), 'yes', text);
  for (const text of ['', ' ', '{', '{"mess', '{"message":"login"', '{"tag":"1"'])
    assert.equal(sniff(bytes(text)), 'more', text);
  for (const text of [
    '{}',
    '{"tag":"1"}',
    '{"cmd":"message","message":"hello"}',
    '{"message":"hello","cmd":"message"}',
    '{"cmd":',
    '{"type":"request","cls":"login","message":1}',
    '{"a":{"message":1}}',
    '{"a":"message"}',
    '[{"message":"login"}]',
    '"message"',
    'c2/CONNECT alice',
    '\ufeff{"message":"login"}',
  ])
    assert.equal(sniff(bytes(text)), 'no', text);
});

test('TAG-08 the first 4 KiB of a long object decide', () => {
  const long = (key: string, length: number) => bytes(`{"${key}":"detail.users","usernames":["`.padEnd(length, 'x'));
  assert.equal(sniff(long('message', 4_095)), 'more');
  assert.equal(sniff(long('message', 4_096)), 'yes');
  assert.equal(sniff(long('masseuse', 4_096)), 'no');
});
